using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Engine.Workflows.Postings;
using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Postings;

/// <summary>Reads what was approved in the PSA, and where it stands in the books: one row for each revision of a record.</summary>
public sealed class PostingQueries(ReaderStores stores, SystemCatalog systems, TimeProvider time)
{
    public const int PageSize = 50;

    private static readonly string[] Workflows = [TimeToErp.WorkflowName, ExpenseToErp.WorkflowName];
    private static readonly TimeSpan Lately = TimeSpan.FromDays(30);

    /// <summary>A page of rows, the last changed first, and whether more follow.</summary>
    public async Task<(IReadOnlyList<PostedRow> Rows, bool More)> ListAsync(EngagementFilter filter, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);

        // A page of each workflow, each in the order of its index, is less to read than all of them sorted.
        var pages = Workflows.Select(workflow => Page(Matching(store, filter).Where(run => run.Workflow == workflow), filter.After)).Aggregate((left, right) => left.Concat(right));
        var ids = await pages.OrderByDescending(place => place.UpdatedAt).ThenByDescending(place => place.Id).Take(PageSize + 1).Select(place => place.Id).ToListAsync(cancellationToken);
        var rows = await RowsAsync(store, store.Runs.AsNoTracking().Where(run => ids.Contains(run.Id)), await stores.SightAsync(), cancellationToken);
        return ([.. rows.OrderBy(row => ids.IndexOf(row.Id)).Take(PageSize)], ids.Count > PageSize);
    }

    /// <summary>These rows as they are now, those that still match.</summary>
    public async Task<IReadOnlyList<PostedRow>> ReadAsync(EngagementFilter filter, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await RowsAsync(store, Matching(store, filter).Where(run => ids.Contains(run.Id)), await stores.SightAsync(), cancellationToken);
    }

    public async Task<PostingTotals> TotalsAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var live = await store.Runs
            .Where(run => Workflows.Contains(run.Workflow))
            .Where(run => run.Status == RunStatus.Running || run.Status == RunStatus.Waiting || run.Status == RunStatus.WaitingApproval || run.Status == RunStatus.Parked || run.Status == RunStatus.Compensating)
            .GroupBy(run => new { Stopped = run.Status == RunStatus.Parked || run.Status == RunStatus.WaitingApproval, run.Currency })
            .Select(group => new { group.Key.Stopped, group.Key.Currency, Count = group.Count(), Amount = group.Sum(run => run.Amount ?? 0m) })
            .ToListAsync(cancellationToken);
        var since = time.GetUtcNow() - Lately;
        var posted = await store.Postings
            .Where(row => row.CreatedAt > since && row.VerifiedAt != null && row.Kind == PostingKind.Unbilled && row.Chargeable)
            .GroupBy(row => row.Currency)
            .Select(group => new { Currency = group.Key, Amount = group.Sum(row => row.Amount) })
            .ToListAsync(cancellationToken);
        return new PostingTotals(
            live.Where(group => group.Stopped).Sum(group => group.Count),
            Totals(live.Where(group => group.Stopped && group.Currency is not null).Select(group => new Money(group.Amount, group.Currency!))),
            live.Where(group => !group.Stopped).Sum(group => group.Count),
            Totals(posted.Select(group => new Money(group.Amount, group.Currency))));
    }

    /// <summary>Everything about one piece of work; null when it is none of this page's.</summary>
    public async Task<PostingView?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var sight = await stores.SightAsync();
        var run = await store.Runs.AsNoTracking().Include(item => item.Steps).SingleOrDefaultAsync(item => item.Id == id && Workflows.Contains(item.Workflow), cancellationToken);
        if (run is null)
        {
            return null;
        }

        var lines = await store.Postings.AsNoTracking()
            .Where(line => line.RunId == id)
            .OrderBy(line => line.CreatedAt).ThenBy(line => line.OperationKey)
            .Select(line => new { Line = line, Reversed = store.Postings.Any(other => other.ReversalOf == line.Id) })
            .ToListAsync(cancellationToken);
        return new PostingView
        {
            Row = (await RowsAsync(store, store.Runs.AsNoTracking().Where(item => item.Id == id), sight, cancellationToken))[0],
            Lines = [.. lines.OrderBy(item => item.Line.ReversalOf is not null).ThenByDescending(item => item.Line.Kind).Select(item => new PostedLine(item.Line, What(item.Line), JsonSerializer.Deserialize<PostingReason>(item.Line.Why, MappingSets.Json)!, item.Reversed, ShowsMoney(item.Line, sight)))],
            Steps = [.. RunTimeline.Of(run.Steps, run.ResumeAt, systems, sight, time.GetUtcNow()).Select(step => lines.TrueForAll(item => ShowsMoney(item.Line, sight)) ? step : step with { Fields = [] })],
            Cases = await JourneyQueries.CasesAsync(store, id, cancellationToken),
        };
    }

    private static IQueryable<Place> Page(IQueryable<Run> runs, EngagementPosition? after)
    {
        if (after is { UpdatedAt: var at, Id: var id })
        {
            runs = runs.Where(run => run.UpdatedAt < at || (run.UpdatedAt == at && run.Id.CompareTo(id) < 0));
        }

        return runs.OrderByDescending(run => run.UpdatedAt).ThenByDescending(run => run.Id).Take(PageSize + 1).Select(run => new Place { Id = run.Id, UpdatedAt = run.UpdatedAt });
    }

    private static IQueryable<Run> Matching(EngineDbContext store, EngagementFilter filter)
    {
        // What was looked at and needed no line is no posting.
        var runs = store.Runs.AsNoTracking().Where(run => Workflows.Contains(run.Workflow) && run.Status != RunStatus.Ended);
        if (filter.State is { } state)
        {
            var statuses = EngagementFilter.States[state];
            runs = runs.Where(run => statuses.Contains(run.Status));
        }

        if (filter.Search is { } search)
        {
            var part = SearchPattern.Containing(search);
            runs = runs.Where(run =>
                EF.Functions.ILike(run.Title, part, SearchPattern.Escape) || EF.Functions.ILike(run.ProjectNumber!, part, SearchPattern.Escape)
                || store.Postings.Any(line => line.RunId == run.Id && EF.Functions.ILike(line.Voucher!, part, SearchPattern.Escape)));
        }

        return runs;
    }

    private static async Task<IReadOnlyList<PostedRow>> RowsAsync(EngineDbContext store, IQueryable<Run> runs, Sight sight, CancellationToken cancellationToken)
    {
        var found = await runs
            .Select(run => new
            {
                Run = new { run.Id, run.Workflow, run.Title, run.ProjectNumber, run.LegalEntity, run.Amount, run.Currency, run.Status, run.UpdatedAt },
                Stop = store.RunSteps.Where(step => step.RunId == run.Id && step.Key == run.StepKey).Select(step => step.Title).FirstOrDefault(),
                Vouchers = store.Postings.Where(line => line.RunId == run.Id && line.Voucher != null).OrderBy(line => line.CreatedAt).Select(line => line.Voucher!).ToList(),
            })
            .ToListAsync(cancellationToken);
        return [.. found.Select(item =>
        {
            var (run, (state, tone)) = (item.Run, Standings.Of(item.Run.Status));
            return new PostedRow(
                run.Id, run.Title, run.ProjectNumber, run.LegalEntity, run is { Amount: { } amount, Currency: { } currency } && (sight.BillRates || run.Workflow != TimeToErp.WorkflowName) ? new Money(amount, currency) : null,
                run.Status == RunStatus.Completed ? "In the books" : state, tone, run.Status == RunStatus.Completed ? null : item.Stop, item.Vouchers, run.UpdatedAt);
        })];
    }

    private static IReadOnlyList<Money> Totals(IEnumerable<Money> amounts) =>
        [.. amounts.Where(amount => amount.Amount != 0m).OrderByDescending(amount => Math.Abs(amount.Amount))];

    /// <summary>Hours and their amount are as good as the rate.</summary>
    private static bool ShowsMoney(PostingRow line, Sight sight) => line.Hours == 0m || (line.Kind == PostingKind.Cost ? sight.CostRates : sight.BillRates);

    private static string What(PostingRow line) => (line.Kind, line.Chargeable) switch
    {
        (PostingKind.Cost, _) => "Cost of the project",
        (PostingKind.Unbilled, true) => "Earned, not invoiced",
        _ => "Not charged to the client",
    };

    private sealed class Place
    {
        public Guid Id { get; init; }
        public DateTimeOffset UpdatedAt { get; init; }
    }
}
