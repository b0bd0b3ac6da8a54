using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Store;

/// <summary>What the engine asks for every event, compiled once: translating a query anew costs more than the database takes to answer it.</summary>
internal static class HotQueries
{
    /// <summary>Runs of a lane that need nobody, oldest first; not tracked.</summary>
    public static Func<EngineDbContext, string, IAsyncEnumerable<Run>> LiveRuns { get; } = EF.CompileAsyncQuery((EngineDbContext store, string laneKey) => store.Runs.AsNoTracking()
        .Where(run => run.LaneKey == laneKey && (run.Status == RunStatus.Running || run.Status == RunStatus.Waiting || run.Status == RunStatus.WaitingApproval || run.Status == RunStatus.Compensating))
        .OrderBy(run => run.StartedAt)
        .AsQueryable());

    /// <summary>The oldest waiting change of a lane; null when none waits.</summary>
    public static Func<EngineDbContext, string, CancellationToken, Task<InboxItem?>> NextChange { get; } = EF.CompileAsyncQuery((EngineDbContext store, string laneKey, CancellationToken _) => store.InboxItems
        .Where(item => item.LaneKey == laneKey && item.Status == InboxStatus.Waiting)
        .OrderBy(item => item.Place).ThenBy(item => item.Id)
        .FirstOrDefault());

    /// <summary>A run with its steps.</summary>
    public static Func<EngineDbContext, Guid, CancellationToken, Task<Run>> WithSteps { get; } =
        EF.CompileAsyncQuery((EngineDbContext store, Guid runId, CancellationToken _) => store.Runs.Include(run => run.Steps).Single(run => run.Id == runId));

    /// <summary>How the run's open case stands, one that is being tried again before others; null when none is open.</summary>
    public static Func<EngineDbContext, Guid, CancellationToken, Task<CaseStatus?>> OpenCase { get; } = EF.CompileAsyncQuery((EngineDbContext store, Guid runId, CancellationToken _) => store.ExceptionCases
        .Where(item => item.RunId == runId && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying))
        .OrderByDescending(item => item.Status == CaseStatus.Retrying)
        .Select(item => (CaseStatus?)item.Status)
        .FirstOrDefault());
}
