using Microsoft.EntityFrameworkCore.Migrations;

namespace PsaConsole.Engine.Store;

/// <summary>
/// Gives the rows that there were before scopes their legal entities and practices, part of their migration: runs from what they are for, cases and approvals from
/// their runs, conflicts of staffing from their person, the audit trail from what it tells of (which its chain does not cover, so that it stays whole).
/// </summary>
internal static class ScopeBackfill
{
    public static void Fill(MigrationBuilder migration) => migration.Sql(
        """
        update run set legal_entities = string_to_array(legal_entity, ', ') where legal_entity is not null;
        update run set legal_entities = named.codes
        from (
            select deal.id, array_agg(distinct code) as codes
            from run as deal, lateral (
                select line ->> 'sellingEntity' as code
                from jsonb_array_elements(case jsonb_typeof(deal.state -> 'read' -> 'lines') when 'array' then deal.state -> 'read' -> 'lines' else '[]' end) as line
                union all
                select coalesce(deal.state -> 'corrections' ->> 'sellingEntity', deal.state -> 'read' ->> 'sellingEntity')) as selling
            where deal.workflow = 'opportunity-to-project' and deal.legal_entity is null and code is not null
            group by deal.id) as named
        where run.id = named.id;
        update run set practices = array[coalesce(state -> 'corrections' ->> 'serviceLine', state -> 'read' ->> 'serviceLine')]
        where workflow = 'opportunity-to-project' and coalesce(state -> 'corrections' ->> 'serviceLine', state -> 'read' ->> 'serviceLine') is not null;
        update engagement set practice = run.practices[1] from run where run.id = engagement.run_id and cardinality(run.practices) > 0;
        update run set practices = array[engagement.practice] from engagement
        where engagement.number = run.project_number and engagement.practice is not null and run.workflow in ('time-to-erp', 'expense-to-erp', 'milestone-to-invoice');
        update staffed_person set legal_entity = facts ->> 'legalEntity';
        update approval set practice = run.practices[1] from run where run.id = approval.run_id and cardinality(run.practices) > 0;
        update exception_case set legal_entities = run.legal_entities, practices = run.practices from run where run.id = exception_case.run_id;
        update exception_case set legal_entities = array[person.legal_entity], practices = '{}' from staffed_person as person
        where exception_case.business_key = 'person:' || person.employee_id and exception_case.code like 'STF-%' and person.legal_entity is not null;

        alter table audit_entry disable trigger audit_entry_is_append_only;
        update audit_entry set legal_entities = run.legal_entities, practices = run.practices from run where audit_entry.entity = 'run:' || run.id;
        update audit_entry set legal_entities = about.legal_entities, practices = about.practices from exception_case as about where audit_entry.entity = 'case:' || about.id;
        update audit_entry set legal_entities = array[asked.legal_entity]::text[], practices = case when asked.practice is null then '{}' else array[asked.practice]::text[] end
        from approval as asked where audit_entry.entity = 'approval:' || asked.id;
        alter table audit_entry enable trigger audit_entry_is_append_only;
        """);
}
