using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Inbox;

/// <summary>
/// Works on one lane while it holds its lease: first the runs that are under way, then the changes that wait, in order. A change that comes while a
/// run is parked or waits is still looked at, since it may be what the run needs (or what calls it off). Whether a run begins beside a live one is its handler's to say.
/// </summary>
public sealed class LaneWorker(
    IDbContextFactory<EngineDbContext> stores, Committer committer, Runner runner, ChangeHandlers handlers, PoisonedChanges poisoned, LaneFaults faults, TimeProvider time, ILogger<LaneWorker> logger)
{
    public async Task WorkAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        try
        {
            var readyAt = await DrainAsync(lease, cancellationToken);
            await committer.ReleaseAsync(lease, readyAt, cancellationToken);
            await faults.SettleAsync(lease, cancellationToken);
        }
        catch (LeaseLostException lost)
        {
            logger.LogWarning("{Reason}", lost.Message);
        }
    }

    /// <returns>When the lane is ready again; null when only a person or an arrival can change that.</returns>
    private async Task<DateTimeOffset?> DrainAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        // A decision wakes the lane: once a look is often enough.
        var asked = new HashSet<Guid>();
        while (true)
        {
            // An engagement's lane has a run for each of its time entries: one that waits or is parked holds up no other.
            DateTimeOffset? resumeAt = null;
            foreach (var waiting in await LiveRunsAsync(lease.Key, cancellationToken))
            {
                var rests = waiting.ResumeAt > time.GetUtcNow() && !(waiting.Status == RunStatus.WaitingApproval && asked.Add(waiting.Id));
                var run = rests ? waiting : await runner.AdvanceAsync(waiting.Id, lease, cancellationToken);
                resumeAt = run is { Status: RunStatus.Waiting or RunStatus.WaitingApproval, ResumeAt: { } at } ? Earlier(at, resumeAt) : resumeAt;
            }

            var taken = await TakeNextAsync(lease, cancellationToken);
            if (taken is { ResumeAt: { } itemResumeAt })
            {
                return Earlier(itemResumeAt, resumeAt);
            }

            if (taken is null)
            {
                return resumeAt;
            }
        }
    }

    /// <summary>Runs of the lane that need nobody, oldest first.</summary>
    private async Task<List<Run>> LiveRunsAsync(string laneKey, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await HotQueries.LiveRuns(store, laneKey).ToListAsync(cancellationToken);
    }

    /// <summary>Looks at the oldest waiting change of the lane; answers it, or null when none waits.</summary>
    private async Task<InboxItem?> TakeNextAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var item = await HotQueries.NextChange(store, lease.Key, cancellationToken);
        var now = time.GetUtcNow();
        if (item is null || item.ResumeAt > now)
        {
            return item;
        }

        if (await TypeFlood.IsPausedAsync(store, item, cancellationToken))
        {
            // The lane sleeps until the pause is lifted, which wakes it.
            return null;
        }

        item.ResumeAt = null;
        item.Attempts++;
        try
        {
            CallUrgency.Is(item.IsAsked || LanePriority.YieldOf(item.SourceType, bulk: false) == LanePriority.Posting);
            var outcome = await handlers.For(item).HandleAsync(store, item, cancellationToken);
            item.Status = outcome.RunId is null ? InboxStatus.Ended : InboxStatus.Taken;
            item.RunId = outcome.RunId;
            item.Outcome = outcome.Text;
            item.Note(null, now);
            item.EndedAt = now;
            await poisoned.SettleAsync(store, item, cancellationToken);
        }
        catch (ConnectorException problem) when (problem.Class is ErrorClass.Transient or ErrorClass.CircuitOpen or ErrorClass.QuotaSpent or ErrorClass.Auth or ErrorClass.Ambiguous or ErrorClass.CursorLost)
        {
            // It is looked at again from the beginning: what was noted of it on the way, such as the state it was read in, would make it look known.
            foreach (var noted in store.ChangeTracker.Entries().Where(entry => entry.Entity != item).ToList())
            {
                noted.State = EntityState.Detached;
            }

            item.Outcome = problem.Message;
            item.Note(problem, now);
            item.ResumeAt = now + RetrySchedule.Delay(Math.Min(item.Attempts, 8), 1, problem.RetryAfter);
        }
        catch (Exception problem) when (PoisonedChanges.IsCausedBy(problem))
        {
            return await IsolateAsync(item, lease, problem, cancellationToken);
        }

        await committer.SaveAsync(store, lease, [new FeedItem("inbox", item.SystemName)], cancellationToken);
        return item;
    }

    /// <summary>A change that can't be read must not hold the lane for ever.</summary>
    private async Task<InboxItem?> IsolateAsync(InboxItem item, LaneLease lease, Exception problem, CancellationToken cancellationToken)
    {
        logger.LogWarning(problem, "{System} {SourceType} {SourceId} can't be read.", item.SystemName, item.SourceType, item.SourceId);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var isolated = await poisoned.IsolateAsync(store, item.Id, problem, cancellationToken);
        await committer.SaveAsync(store, lease, [new FeedItem("inbox", item.SystemName), new FeedItem("case", item.SystemName)], cancellationToken);
        return isolated.Status == InboxStatus.Waiting ? null : isolated;
    }

    private static DateTimeOffset Earlier(DateTimeOffset first, DateTimeOffset? second) => second < first ? second.Value : first;
}
