using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Exceptions;

/// <summary>What a case holds up: a run, changes that were set aside, or a lane; with the lane locked, so that nobody begins to work on it while we change it.</summary>
internal sealed class BehindCase
{
    private readonly List<string> lanes;
    private readonly (string SystemName, string SourceType)? kind;
    private bool isSettled;

    private BehindCase(Run? run, IReadOnlyList<InboxItem> changes, List<string> lanes, (string SystemName, string SourceType)? kind)
    {
        Run = run;
        Changes = changes;
        this.lanes = lanes;
        this.kind = kind;
    }

    /// <summary>Nobody works on it: a run with an open case is parked.</summary>
    public Run? Run { get; }

    /// <summary>The changes that were set aside, oldest first.</summary>
    public IReadOnlyList<InboxItem> Changes { get; }

    public static async Task<BehindCase> LockAsync(EngineDbContext store, ExceptionCase about, CancellationToken cancellationToken)
    {
        var changes = await PoisonedChanges.OfAsync(store, about, cancellationToken);
        var lanes = await LanesAsync(store, about, changes, cancellationToken);
        await store.Database.ExecuteSqlAsync($"select 1 from lane where key = any ({lanes}) order by key for update", cancellationToken);
        var run = about.RunId is { } id ? await store.Runs.Include(item => item.Steps).SingleAsync(item => item.Id == id, cancellationToken) : null;
        return new BehindCase(run, changes, lanes, TypeFlood.KindOf(about));
    }

    /// <summary>Lets the changes that were set aside be looked at again, oldest first.</summary>
    public void Replay()
    {
        isSettled = true;
        foreach (var item in Changes)
        {
            item.Status = InboxStatus.Waiting;
            item.Attempts = 0;
            item.EndedAt = null;
        }
    }

    /// <summary>Leaves the changes that were set aside out for good.</summary>
    public void LeaveOut(string reason)
    {
        isSettled = true;
        foreach (var item in Changes)
        {
            item.Status = InboxStatus.Ended;
            item.Outcome = $"Left out: {reason}";
        }
    }

    /// <summary>A run that was ended leaves no case behind: the others that it had are closed with this one.</summary>
    public async Task CloseOthersAsync(EngineDbContext store, ExceptionCase about, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Run is not { Status: RunStatus.Ended })
        {
            return;
        }

        foreach (var other in await store.ExceptionCases.Where(item => item.RunId == Run.Id && item.Id != about.Id && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying)).ToListAsync(cancellationToken))
        {
            (other.Status, other.ClosedAt) = (CaseStatus.Resolved, now);
            other.Version++;
            other.History.Add(CaseBook.Entry(now, CaseBook.Engine, "superseded", "The run was ended: what it was for was rejected."));
        }
    }

    /// <summary>Has the lane looked at, unless its run is parked.</summary>
    public async Task WakeAsync(EngineDbContext store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (kind is { } paused)
        {
            if (isSettled)
            {
                await TypeFlood.LiftAsync(store, paused, now, cancellationToken);
            }

            return;
        }

        foreach (var lane in Run is null or { Status: RunStatus.Running or RunStatus.Waiting or RunStatus.Compensating } ? lanes : [])
        {
            await Lanes.WakeAsync(store, lane, now, cancellationToken);
        }
    }

    private static async Task<List<string>> LanesAsync(EngineDbContext store, ExceptionCase about, IReadOnlyList<InboxItem> changes, CancellationToken cancellationToken) =>
        about.RunId is { } id ? await store.Runs.Where(run => run.Id == id).Select(run => run.LaneKey).ToListAsync(cancellationToken)
        : LaneFaults.LaneOf(about) is { } lane ? [lane]
        : [.. changes.Select(item => item.LaneKey).Distinct()];
}
