using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Store;

namespace PsaConsole.Tests.Workflows;

/// <summary>What stands in the engine's tables when something did not come in time: where it was read to, what waits, what is held, who waits for whom.</summary>
internal static class EngineState
{
    public static async Task<string> DescribeAsync(EngineDbContext store, string sourceId)
    {
        var now = TimeProvider.System.GetUtcNow();
        var cursors = await store.SourceCursors.AsNoTracking().Select(item => $"{item.SystemName} read at {item.ReadAt:HH:mm:ss} {item.LastError}").ToListAsync();
        var items = await store.InboxItems.AsNoTracking().Where(item => item.SourceId == sourceId).Select(item => $"{item.SourceType} {item.Status} {item.Outcome}").ToListAsync();
        var lanes = await store.Lanes.AsNoTracking().Where(item => item.Key.EndsWith(sourceId)).Select(item => $"{item.Key} ready {item.ReadyAt:u} held until {item.LeaseUntil:HH:mm:ss}").ToListAsync();
        var held = await store.Lanes.CountAsync(item => item.LeaseOwner != null && item.LeaseUntil > now);
        var waiting = await store.InboxItems.CountAsync(item => item.Status == InboxStatus.Waiting);
        var sessions = await store.Database.SqlQuery<string>($"""
            select concat_ws(' ', state, wait_event_type, wait_event, (now() - state_change)::text, left(query, 120)) as "Value"
            from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
            """).ToListAsync();
        return $"It is {now:HH:mm:ss}. Cursors: {string.Join("; ", cursors)}\nInbox of it: {string.Join("; ", items)}\nLanes of it: {string.Join("; ", lanes)}\n"
            + $"{waiting} changes wait, {held} lanes are held. Sessions:\n  {string.Join("\n  ", sessions)}";
    }
}
