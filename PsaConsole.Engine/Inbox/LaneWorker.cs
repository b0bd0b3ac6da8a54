using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Inbox;

/// <summary>
/// Works on one lane while it holds its lease: first the runs that are under way, then the changes that wait, in order. A change that comes while a
/// run is parked or waits is still looked at, since it may be what the run needs (or what calls it off). Whether a run begins beside a live one is its handler's to say.
/// </summary>
public sealed class LaneWorker(
    IDbContextFactory<EngineDbContext> stores, Committer committer, Runner runner, ChangeHandlers handlers, CaseBook cases, TimeProvider time, ILogger<LaneWorker> logger)
{
    public async Task WorkAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        try
        {
            var readyAt = await DrainAsync(lease, cancellationToken);
            await committer.ReleaseAsync(lease, readyAt, cancellationToken);
        }
        catch (LeaseLostException lost)
        {
            logger.LogWarning("{Reason}", lost.Message);
        }
    }

    /// <returns>When the lane is ready again; null when only a person or an arrival can change that.</returns>
    private async Task<DateTimeOffset?> DrainAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        while (true)
        {
            // An engagement's lane has a run for each of its time entries: one that waits or is parked holds up no other.
            DateTimeOffset? resumeAt = null;
            foreach (var waiting in await LiveRunsAsync(lease.Key, cancellationToken))
            {
                var run = waiting.ResumeAt > time.GetUtcNow() ? waiting : await runner.AdvanceAsync(waiting.Id, lease, cancellationToken);
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
        return await store.Runs.AsNoTracking()
            .Where(run => run.LaneKey == laneKey && (run.Status == RunStatus.Running || run.Status == RunStatus.Waiting || run.Status == RunStatus.WaitingApproval || run.Status == RunStatus.Compensating))
            .OrderBy(run => run.StartedAt)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Looks at the oldest waiting change of the lane; answers it, or null when none waits.</summary>
    private async Task<InboxItem?> TakeNextAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var item = await store.InboxItems
            .Where(row => row.LaneKey == lease.Key && row.Status == InboxStatus.Waiting)
            .OrderBy(row => row.Id)
            .FirstOrDefaultAsync(cancellationToken);
        var now = time.GetUtcNow();
        if (item is null || item.ResumeAt > now)
        {
            return item;
        }

        item.ResumeAt = null;
        item.Attempts++;
        try
        {
            var outcome = await handlers.For(item).HandleAsync(store, item, cancellationToken);
            item.Status = outcome.RunId is null ? InboxStatus.Ended : InboxStatus.Taken;
            item.RunId = outcome.RunId;
            item.Outcome = outcome.Text;
            item.EndedAt = now;
        }
        catch (ConnectorException problem) when (problem.Class is ErrorClass.Transient or ErrorClass.CircuitOpen or ErrorClass.Auth or ErrorClass.Ambiguous or ErrorClass.CursorLost)
        {
            item.Outcome = problem.Message;
            item.ResumeAt = now + RetrySchedule.Delay(Math.Min(item.Attempts, 8), 1, problem.RetryAfter);
        }
        catch (Exception problem) when (problem is ConnectorException or MappingException)
        {
            await PoisonAsync(store, item, problem, cancellationToken);
        }

        await committer.SaveAsync(store, lease, [new FeedItem("inbox", item.SystemName)], cancellationToken);
        return item;
    }

    /// <summary>A change that can't be read must not hold the lane for ever: it becomes a case and is kept for a replay.</summary>
    private async Task PoisonAsync(EngineDbContext store, InboxItem item, Exception problem, CancellationToken cancellationToken)
    {
        logger.LogWarning(problem, "{System} {SourceType} {SourceId} can't be read.", item.SystemName, item.SourceType, item.SourceId);
        item.Status = InboxStatus.Poisoned;
        item.Outcome = problem.Message;
        item.EndedAt = time.GetUtcNow();
        var subject = $"{item.SourceType} {item.SourceId}";
        var code = problem is MappingException ? "GOV-952" : "INT-904";
        var about = new CaseSubject($"{item.SystemName}:{item.SourceType}:{item.SourceId}", subject) { SystemName = item.SystemName };
        await cases.RaiseAsync(store, about, [new Finding("3.0.3", code, subject, problem.Message)], cancellationToken);
    }

    private static DateTimeOffset Earlier(DateTimeOffset first, DateTimeOffset? second) => second < first ? second.Value : first;
}
