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

    private BehindCase(ExceptionCase about, Run? run, IReadOnlyList<InboxItem> changes, List<string> lanes)
    {
        About = about;
        Run = run;
        Changes = changes;
        this.lanes = lanes;
        kind = TypeFlood.KindOf(about);
    }

    /// <summary>The case.</summary>
    public ExceptionCase About { get; }

    /// <summary>Nobody works on it: a run with an open case is parked.</summary>
    public Run? Run { get; }

    /// <summary>The changes that were set aside, oldest first.</summary>
    public IReadOnlyList<InboxItem> Changes { get; }

    /// <summary>What each of the cases holds up, in their order.</summary>
    public static async Task<IReadOnlyList<BehindCase>> LockAsync(EngineDbContext store, IReadOnlyList<ExceptionCase> cases, CancellationToken cancellationToken)
    {
        var ids = cases.Select(about => about.RunId).OfType<Guid>().ToList();
        var laneOfRun = ids.Count == 0 ? [] : await store.Runs.Where(run => ids.Contains(run.Id)).ToDictionaryAsync(run => run.Id, run => run.LaneKey, cancellationToken);
        var changes = await PoisonedChanges.OfAsync(store, cases, cancellationToken);
        var lanes = cases.Select(about =>
            about.RunId is { } id ? [laneOfRun[id]]
            : LaneFaults.LaneOf(about) is { } lane ? [lane]
            : changes[about].Select(item => item.LaneKey).Distinct().ToList()).ToList();
        var all = lanes.SelectMany(keys => keys).Distinct().ToList();
        await store.Database.ExecuteSqlAsync($"select 1 from lane where key = any ({all}) order by key for update", cancellationToken);
        var runs = ids.Count == 0 ? [] : await store.Runs.Include(run => run.Steps).Where(run => ids.Contains(run.Id)).ToDictionaryAsync(run => run.Id, cancellationToken);
        return [.. cases.Select((about, index) => new BehindCase(about, about.RunId is { } id ? runs[id] : null, changes[about], lanes[index]))];
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
    public async Task CloseOthersAsync(EngineDbContext store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Run is not { Status: RunStatus.Ended })
        {
            return;
        }

        var others = await store.ExceptionCases.Where(item => item.RunId == Run.Id && item.Id != About.Id && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying)).ToListAsync(cancellationToken);
        // Of those that are decided together some may be closed already, and not be saved yet.
        foreach (var other in others.Where(item => item.IsOpen))
        {
            (other.Status, other.ClosedAt) = (CaseStatus.Resolved, now);
            other.Version++;
            other.History.Add(CaseBook.Entry(now, CaseBook.Engine, "superseded", "The run was ended: what it was for was rejected."));
        }
    }

    /// <summary>Has the lanes looked at, but for those whose run is parked.</summary>
    public static async Task WakeAsync(EngineDbContext store, IReadOnlyList<BehindCase> cases, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var paused in cases.Where(behind => behind.isSettled).Select(behind => behind.kind).OfType<(string, string)>().Distinct())
        {
            await TypeFlood.LiftAsync(store, paused, now, cancellationToken);
        }

        var lanes = cases
            .Where(behind => behind.kind is null && behind.Run is null or { Status: RunStatus.Running or RunStatus.Waiting or RunStatus.Compensating })
            .SelectMany(behind => behind.lanes).Distinct().ToList();
        if (lanes.Count > 0)
        {
            await Lanes.WakeAsync(store, lanes, now, cancellationToken);
        }
    }
}
