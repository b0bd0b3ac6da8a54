using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Workflows;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Lanes;

/// <summary>Reads the lanes that have work: what holds them, and what waits behind it.</summary>
public sealed class LaneQueries(ReaderStores stores, TimeProvider time)
{
    public const int PageSize = 50;

    /// <summary>A page of lanes, and where the next one begins.</summary>
    /// <param name="all">Those too that only wait for their turn; what is put in ahead for a later day is not shown.</param>
    public async Task<(IReadOnlyList<LaneLine> Rows, LanePosition? Next)> ListAsync(bool all, LanePosition? after, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var lanes = store.Lanes.AsNoTracking().Where(lane => lane.ReadyAt != null);
        if (after is not null)
        {
            lanes = lanes.Where(lane => lane.ReadyAt > after.ReadyAt || (lane.ReadyAt == after.ReadyAt && lane.Key.CompareTo(after.Key) > 0));
        }

        lanes = all
            ? lanes.Where(lane => lane.ReadyAt <= now || lane.LeaseUntil > now
                || store.InboxItems.Any(item => item.LaneKey == lane.Key && item.Status == InboxStatus.Waiting && item.Attempts > 0)
                || store.Runs.Any(run => run.LaneKey == lane.Key && run.Status == RunStatus.Waiting))
            : lanes.Where(lane => lane.Faults > 0
                || store.InboxItems.Any(item => item.LaneKey == lane.Key && item.Status == InboxStatus.Waiting && item.Attempts > 0)
                || store.Runs.Any(run => run.LaneKey == lane.Key && run.Status == RunStatus.Waiting && run.FailingSince != null));
        var found = await lanes.OrderBy(lane => lane.ReadyAt).ThenBy(lane => lane.Key).Take(PageSize + 1)
            .Select(lane => new
            {
                lane.Key,
                ReadyAt = lane.ReadyAt!.Value,
                lane.Faults,
                IsWorkedOn = lane.LeaseOwner != null && lane.LeaseUntil > now,
                Head = store.InboxItems.Where(item => item.LaneKey == lane.Key && item.Status == InboxStatus.Waiting).OrderBy(item => item.Place).ThenBy(item => item.Id).FirstOrDefault(),
                Waiting = store.InboxItems.Count(item => item.LaneKey == lane.Key && item.Status == InboxStatus.Waiting),
                Run = store.Runs.Where(run => run.LaneKey == lane.Key && (run.Status == RunStatus.Running || run.Status == RunStatus.Waiting || run.Status == RunStatus.Compensating))
                    .OrderBy(run => run.FailingSince == null).ThenBy(run => run.StartedAt)
                    .Select(run => new { run.Id, run.Title, run.Message, run.Attempts }).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        var rows = found.Take(PageSize)
            .Select(lane => new LaneLine(
                lane.Key, lane.Head, lane.Waiting, lane.Run is { } run ? new LaneRun(run.Id, run.Title, run.Message, run.Attempts) : null, lane.ReadyAt, lane.IsWorkedOn, lane.Faults))
            .ToList();
        return (rows, found.Count > PageSize ? new LanePosition(rows[^1].ReadyAt, rows[^1].Key) : null);
    }
}
