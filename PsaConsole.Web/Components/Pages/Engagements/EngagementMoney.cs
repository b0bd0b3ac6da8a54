using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Engine.Workflows.Billing;

namespace PsaConsole.Web.Components.Pages.Engagements;

/// <summary>What one project has come to in the books, read back and net of what was taken back; one amount a currency.</summary>
/// <param name="Earned">Time and expenses that the client is charged and that are on no invoice.</param>
/// <param name="Delivered">Milestones that are delivered and on no invoice.</param>
/// <param name="Invoiced">Milestones on posted invoices.</param>
public sealed record EngagementMoney(string Number, IReadOnlyList<Money> Cost, IReadOnlyList<Money> Earned, IReadOnlyList<Money> Delivered, IReadOnlyList<Money> Invoiced)
{
    /// <summary>The money of some projects, by number; those that nothing was booked or delivered for are left out.</summary>
    public static async Task<IReadOnlyList<EngagementMoney>> OfAsync(EngineDbContext store, IReadOnlyCollection<EngagementRow> engagements, CancellationToken cancellationToken)
    {
        var (ids, numbers) = (engagements.Select(item => item.Id).ToList(), engagements.Select(item => item.Number).ToList());
        var lines = await store.Postings
            .Where(line => ids.Contains(line.EngagementId) && line.VerifiedAt != null && (line.Kind == PostingKind.Cost || (line.Chargeable && line.InvoicedAt == null)))
            .GroupBy(line => new { line.EngagementNumber, line.Kind, line.Currency })
            .Select(group => new Sum { Number = group.Key.EngagementNumber, What = group.Key.Kind == PostingKind.Cost ? "cost" : "earned", Currency = group.Key.Currency, Amount = group.Sum(line => line.Amount) })
            .ToListAsync(cancellationToken);
        var milestones = await store.Runs
            .Where(run => numbers.Contains(run.ProjectNumber!) && run.Workflow == MilestoneToInvoice.WorkflowName && run.Status != RunStatus.Ended && run.Status != RunStatus.Compensated && run.Currency != null)
            .GroupBy(run => new { run.ProjectNumber, Invoiced = run.Status == RunStatus.Completed, run.Currency })
            .Select(group => new Sum { Number = group.Key.ProjectNumber!, What = group.Key.Invoiced ? "invoiced" : "delivered", Currency = group.Key.Currency!, Amount = group.Sum(run => run.Amount ?? 0m) })
            .ToListAsync(cancellationToken);
        List<Sum> sums = [.. lines, .. milestones];
        return [.. numbers
            .Where(number => sums.Exists(sum => sum.Number == number))
            .Select(number => new EngagementMoney(number, Of(sums, number, "cost"), Of(sums, number, "earned"), Of(sums, number, "delivered"), Of(sums, number, "invoiced")))];
    }

    private static IReadOnlyList<Money> Of(List<Sum> sums, string number, string what) =>
        [.. sums.Where(sum => sum.Number == number && sum.What == what && sum.Amount != 0m).OrderByDescending(sum => sum.Amount).Select(sum => new Money(sum.Amount, sum.Currency))];

    private sealed class Sum
    {
        public required string Number { get; init; }
        public required string What { get; init; }
        public required string Currency { get; init; }
        public required decimal Amount { get; init; }
    }
}
