using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Engagements;

/// <summary>Reads the list of engagements: one row for each deal that was handed off.</summary>
public sealed class EngagementQueries(ReaderStores stores)
{
    public const int PageSize = 50;

    /// <summary>The workflow whose runs are engagements.</summary>
    public const string HandOff = OpportunityToProject.WorkflowName;

    /// <summary>A page of rows, and whether more follow.</summary>
    public async Task<(IReadOnlyList<EngagementLine> Rows, bool More)> ListAsync(EngagementFilter filter, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var rows = await ProjectAsync(store, PageOf(store, filter), cancellationToken);
        return (rows.Take(PageSize).ToList(), rows.Count > PageSize);
    }

    /// <summary>A page of runs, and where the next one begins.</summary>
    public async Task<(IReadOnlyList<Run> Runs, EngagementPosition? Next)> FindAsync(EngagementFilter filter, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var runs = await PageOf(store, filter).ToListAsync(cancellationToken);
        return ([.. runs.Take(PageSize)], runs.Count > PageSize ? new EngagementPosition(runs[PageSize - 1].UpdatedAt, runs[PageSize - 1].Id) : null);
    }

    /// <summary>The rows of these runs as they are now, for those that still match.</summary>
    public async Task<IReadOnlyList<EngagementLine>> ReadAsync(EngagementFilter filter, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await ProjectAsync(store, Matching(store, filter).Where(run => ids.Contains(run.Id)), cancellationToken);
    }

    /// <summary>How many live ones stand where. Ended ones are not counted: they only grow, and nobody acts on their number.</summary>
    public async Task<IReadOnlyDictionary<RunStatus, int>> CountLiveAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.Runs
            .Where(run => run.Workflow == HandOff)
            .Where(run => run.Status == RunStatus.Running || run.Status == RunStatus.Waiting || run.Status == RunStatus.Parked || run.Status == RunStatus.WaitingApproval || run.Status == RunStatus.Compensating)
            .GroupBy(run => run.Status)
            .ToDictionaryAsync(group => group.Key, group => group.Count(), cancellationToken);
    }

    // One more than a page, which tells whether another follows.
    private static IQueryable<Run> PageOf(EngineDbContext store, EngagementFilter filter)
    {
        var runs = Matching(store, filter);
        if (filter.After is { } after)
        {
            runs = runs.Where(run => run.UpdatedAt < after.UpdatedAt || (run.UpdatedAt == after.UpdatedAt && run.Id.CompareTo(after.Id) < 0));
        }

        return runs.OrderByDescending(run => run.UpdatedAt).ThenByDescending(run => run.Id).Take(PageSize + 1);
    }

    private static IQueryable<Run> Matching(EngineDbContext store, EngagementFilter filter)
    {
        // A deal that was looked at and needed nothing is no engagement.
        var runs = store.Runs.AsNoTracking().Where(run => run.Workflow == HandOff && run.Status != RunStatus.Ended);
        if (filter.State is { } state)
        {
            var statuses = EngagementFilter.States[state];
            runs = runs.Where(run => statuses.Contains(run.Status));
        }

        if (filter.Search is { } search)
        {
            var part = SearchPattern.Containing(search);
            runs = runs.Where(run =>
                EF.Functions.ILike(run.Title, part, SearchPattern.Escape) || EF.Functions.ILike(run.ClientName!, part, SearchPattern.Escape) || EF.Functions.ILike(run.ProjectNumber!, part, SearchPattern.Escape));
        }

        return runs;
    }

    internal static async Task<IReadOnlyList<EngagementLine>> ProjectAsync(EngineDbContext store, IQueryable<Run> runs, CancellationToken cancellationToken)
    {
        var found = await runs
            .Select(run => new
            {
                run.Id,
                run.ProjectNumber,
                run.Title,
                run.ClientName,
                run.Amount,
                run.Currency,
                run.Status,
                run.UpdatedAt,
                Step = store.RunSteps.Where(step => step.RunId == run.Id && step.Key == run.StepKey).Select(step => step.Title).FirstOrDefault(),
                Done = store.RunSteps.Count(step => step.RunId == run.Id && (step.Status == StepStatus.Done || step.Status == StepStatus.Skipped)),
                All = store.RunSteps.Count(step => step.RunId == run.Id),
            })
            .ToListAsync(cancellationToken);
        return [.. found.Select(run =>
        {
            var (state, tone) = Standings.Of(run.Status);
            return new EngagementLine
            {
                Id = run.Id,
                Number = run.ProjectNumber,
                Name = run.Title,
                Client = run.ClientName,
                Value = run is { Amount: { } amount, Currency: { } currency } ? new Money(amount, currency) : null,
                State = state,
                Tone = tone,
                Step = run.Status is RunStatus.Completed or RunStatus.Compensated ? null : run.Step,
                StepsDone = run.Done,
                Steps = run.All,
                ChangedAt = run.UpdatedAt,
            };
        })];
    }
}
