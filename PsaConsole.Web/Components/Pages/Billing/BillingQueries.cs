using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Engine.Workflows.Billing;
using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Billing;

/// <summary>Reads what was delivered, and how far it is from being invoiced.</summary>
public sealed class BillingQueries(ReaderStores stores, MilestoneToInvoice workflow, SystemCatalog systems, TimeProvider time)
{
    public const int PageSize = 50;

    private const string LateCode = "BIL-603";
    private static readonly TimeSpan Lately = TimeSpan.FromDays(30);

    /// <summary>A page of rows, the last changed first, and whether more follow.</summary>
    public async Task<(IReadOnlyList<BilledRow> Rows, bool More)> ListAsync(BillingFilter filter, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateForSumsAsync(cancellationToken);
        var runs = Matching(store, filter);
        if (filter.After is { UpdatedAt: var at, Id: var id })
        {
            runs = runs.Where(run => run.UpdatedAt < at || (run.UpdatedAt == at && run.Id.CompareTo(id) < 0));
        }

        var rows = await RowsAsync(store, runs.OrderByDescending(run => run.UpdatedAt).ThenByDescending(run => run.Id).Take(PageSize + 1), cancellationToken);
        return ([.. rows.Take(PageSize)], rows.Count > PageSize);
    }

    /// <summary>These rows as they are now, those that still match.</summary>
    public async Task<IReadOnlyList<BilledRow>> ReadAsync(BillingFilter filter, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateForSumsAsync(cancellationToken);
        return await RowsAsync(store, Matching(store, filter).Where(run => ids.Contains(run.Id)), cancellationToken);
    }

    public async Task<BillingTotals> TotalsAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateForSumsAsync(cancellationToken);
        var since = time.GetUtcNow() - Lately;
        var sums = await store.Runs
            .Where(run => run.Workflow == MilestoneToInvoice.WorkflowName)
            .Where(run => run.Status == RunStatus.Waiting || run.Status == RunStatus.WaitingApproval || run.Status == RunStatus.Parked || (run.Status == RunStatus.Completed && run.EndedAt > since))
            .GroupBy(run => new { run.Status, run.StepKey, run.Currency })
            .Select(group => new { group.Key.Status, group.Key.StepKey, group.Key.Currency, Count = group.Count(), Amount = group.Sum(run => run.Amount ?? 0m) })
            .ToListAsync(cancellationToken);
        var late = await store.ExceptionCases.CountAsync(item => item.Code == LateCode && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying), cancellationToken);
        var (unaccepted, ready) = (sums.Where(sum => sum is { Status: RunStatus.Waiting, StepKey: "acceptance" }).ToList(), sums.Where(sum => sum is { Status: RunStatus.Waiting, StepKey: "invoice" }).ToList());
        return new BillingTotals(
            sums.Where(sum => sum.Status is RunStatus.Parked or RunStatus.WaitingApproval).Sum(sum => sum.Count),
            unaccepted.Sum(sum => sum.Count),
            Totals(unaccepted.Select(sum => (sum.Amount, sum.Currency))),
            ready.Sum(sum => sum.Count),
            Totals(ready.Select(sum => (sum.Amount, sum.Currency))),
            late,
            Totals(sums.Where(sum => sum.Status == RunStatus.Completed).Select(sum => (sum.Amount, sum.Currency))));
    }

    /// <summary>Everything about one milestone; null when the run is about something else.</summary>
    public async Task<BillingView?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var sight = await stores.SightAsync();
        var run = await store.Runs.AsNoTracking().Include(item => item.Steps).SingleOrDefaultAsync(item => item.Id == id && item.Workflow == MilestoneToInvoice.WorkflowName, cancellationToken);
        if (run is null)
        {
            return null;
        }

        var journey = workflow.Read(run.State);
        return new BillingView
        {
            Row = (await RowsAsync(store, store.Runs.AsNoTracking().Where(item => item.Id == id), cancellationToken))[0],
            Journey = journey,
            WaitsForAcceptance = run is { Status: RunStatus.Waiting, StepKey: "acceptance" },
            InvoiceBy = journey.Entry is null ? null : BillingPolicy.InvoiceBy(journey.ReadyOn()),
            Steps = RunTimeline.Of(run.Steps, run.ResumeAt, systems, sight, time.GetUtcNow()),
            Cases = await JourneyQueries.CasesAsync(store, id, cancellationToken),
        };
    }

    private static IQueryable<Run> Matching(EngineDbContext store, BillingFilter filter)
    {
        // What turned out to be billed in another way is no milestone to bill.
        var runs = store.Runs.AsNoTracking().Where(run => run.Workflow == MilestoneToInvoice.WorkflowName && run.Status != RunStatus.Ended);
        if (filter.State is { } state)
        {
            runs = runs.Where(BillingFilter.States[state]);
        }

        if (filter.Search is { } search)
        {
            var part = SearchPattern.Containing(search);
            runs = runs.Where(run =>
                EF.Functions.ILike(run.Title, part, SearchPattern.Escape) || EF.Functions.ILike(run.ProjectNumber!, part, SearchPattern.Escape)
                || store.RunSteps.Any(step => step.RunId == run.Id && step.Key == "ack" && EF.Functions.ILike(step.Message!, part, SearchPattern.Escape)));
        }

        return runs;
    }

    private static async Task<IReadOnlyList<BilledRow>> RowsAsync(EngineDbContext store, IQueryable<Run> runs, CancellationToken cancellationToken)
    {
        var found = await runs
            .Select(run => new
            {
                Run = new { run.Id, run.Title, run.ProjectNumber, run.LegalEntity, run.Amount, run.Currency, run.Status, run.StepKey, run.Message, run.UpdatedAt },
                IsLate = store.ExceptionCases.Any(item => item.RunId == run.Id && item.Code == LateCode && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying)),
                NeedsSomebody = store.ExceptionCases.Any(item => item.RunId == run.Id && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying)),
                Invoice = store.RunSteps.Where(step => step.RunId == run.Id && step.Key == "ack").Select(step => step.Message).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        return [.. found.Select(item =>
        {
            var run = item.Run;
            var (state, tone) = Standing(run.Status, run.StepKey, item.IsLate, item.NeedsSomebody);
            return new BilledRow(
                run.Id, run.Title, run.ProjectNumber, run.LegalEntity, run is { Amount: { } amount, Currency: { } currency } ? new Money(amount, currency) : null,
                state, tone, run.Status == RunStatus.Completed ? null : run.Message, item.Invoice, run.UpdatedAt);
        })];
    }

    private static (string Text, Tone Tone) Standing(RunStatus status, string? step, bool isLate, bool needsSomebody) => (status, step) switch
    {
        (RunStatus.Completed, _) => ("Invoiced", Tone.Good),
        (RunStatus.Waiting, "invoice") when isLate => ("Invoice overdue", Tone.Bad),
        (RunStatus.Waiting, "invoice") => ("Ready, not invoiced", Tone.Waiting),
        (RunStatus.Waiting, "acceptance") => ("Waits for acceptance", Tone.Waiting),
        (RunStatus.Compensated, _) => ("Taken back", Tone.Quiet),
        (RunStatus.Waiting, _) when needsSomebody => ("Needs a person", Tone.Bad),
        _ => Standings.Of(status),
    };

    private static IReadOnlyList<Money> Totals(IEnumerable<(decimal Amount, string? Currency)> amounts) =>
        [.. amounts.Where(sum => sum.Currency is not null).GroupBy(sum => sum.Currency!).Select(group => new Money(group.Sum(sum => sum.Amount), group.Key)).OrderByDescending(sum => sum.Amount)];
}
