using Microsoft.EntityFrameworkCore.Migrations;

namespace PsaConsole.Engine.Store;

/// <summary>
/// The triggers of the audit trail, part of its migration: rows are never changed or removed, whoever asks, and no entry escapes the linker.
/// </summary>
internal static class AuditGuards
{
    public static void Install(MigrationBuilder migration) => migration.Sql(
        """
        create function audit_refuse_change() returns trigger language plpgsql as $$
        begin
            raise exception 'The audit trail is append-only: % on % is refused.', tg_op, tg_table_name using errcode = 'insufficient_privilege';
        end $$;
        create trigger audit_entry_is_append_only before update or delete or truncate on audit_entry for each statement execute function audit_refuse_change();
        create trigger audit_link_is_append_only before update or delete or truncate on audit_link for each statement execute function audit_refuse_change();

        create function audit_await_link() returns trigger language plpgsql as $$
        begin
            insert into audit_pending (entry_id) select id from fresh;
            return null;
        end $$;
        create trigger audit_entry_awaits_link after insert on audit_entry referencing new table as fresh for each statement execute function audit_await_link();
        insert into audit_pending (entry_id) select id from audit_entry;
        """);

    public static void Remove(MigrationBuilder migration) => migration.Sql(
        """
        drop trigger audit_entry_awaits_link on audit_entry;
        drop trigger audit_link_is_append_only on audit_link;
        drop trigger audit_entry_is_append_only on audit_entry;
        drop function audit_await_link();
        drop function audit_refuse_change();
        """);
}
