using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Store;

namespace PsaConsole.Benchmarks.EngineLoad;

/// <summary>What an engine that has worked for long has in its tables: as many changes, lanes, runs, steps and audit entries as are asked for.</summary>
internal static class LoadPast
{
    public static async Task FillAsync(EngineDbContext store, int rows, CancellationToken cancellationToken)
    {
        await store.Database.ExecuteSqlRawAsync("alter table audit_entry disable trigger audit_entry_awaits_link", cancellationToken);
        await store.Database.ExecuteSqlAsync(
            $$"""
            insert into run (id, workflow, business_key, lane_key, title, state, accepted, status, undoing, attempts, occurred_at, started_at, ended_at, updated_at, project_number)
            select md5('past' || n)::uuid, 'load', 'load:past-' || n, 'load:load:past-' || n, 'past-' || n, '{"id":"past","answers":3}', '[]', 'Completed', false, 0, t, t, t, t, 'past-' || n
            from (select n, now() - interval '300 days' + n * (interval '299 days' / {{rows}}) as t from generate_series(1, {{rows}}) as n) as past
            """,
            cancellationToken);
        await store.Database.ExecuteSqlAsync(
            $$"""
            insert into run_step (run_id, key, position, title, kind, system_name, operation_key, status, attempts, started_at, ended_at, external_id, stamps)
            select md5('past' || n)::uuid, 'order', 0, 'The vendor has the order', 'Do', 'load', 'load:past-' || n || ':order', 'Done', 1, now(), now(), 'past-' || n, '[]' from generate_series(1, {{rows}}) as n
            """,
            cancellationToken);
        await store.Database.ExecuteSqlAsync(
            $"""
            insert into inbox_item (system_name, source_type, source_id, revision, lane_key, occurred_at, received_at, status, attempts, place, run_id, outcome, ended_at)
            select 'load', 'load', 'past-' || n, '1', 'load:load:past-' || n, t, t, 'Taken', 1, 0, md5('past' || n)::uuid, 'A run took it up.', t
            from (select n, now() - interval '300 days' + n * (interval '299 days' / {rows}) as t from generate_series(1, {rows}) as n) as past
            """,
            cancellationToken);
        await store.Database.ExecuteSqlAsync(
            $"insert into lane (key, fence, arrivals, yields, faults) select 'load:load:past-' || n, 1, 1, 30, 0 from generate_series(1, {rows}) as n", cancellationToken);
        await store.Database.ExecuteSqlAsync(
            $$"""
            insert into audit_entry (at, actor, action, entity, allowed, after)
            select now() - interval '300 days' + n * (interval '299 days' / {{rows}}), 'engine', 'step.done', 'run:' || md5('past' || n)::uuid, true, '{"step":"order","system":"load"}' from generate_series(1, {{rows}}) as n
            """,
            cancellationToken);
        await store.Database.ExecuteSqlRawAsync("alter table audit_entry enable trigger audit_entry_awaits_link", cancellationToken);
        await store.Database.ExecuteSqlRawAsync("vacuum analyze", cancellationToken);
    }
}
