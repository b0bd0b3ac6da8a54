using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Policies.Changes;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows.Postings;

namespace PsaConsole.Engine.Workflows.Changes;

/// <summary>What a change would move (3-workflows 3h step 3), and what of the schedules is billed already.</summary>
public sealed class ChangePreview(IDbContextFactory<EngineDbContext> stores, IBilling billing, PostingBook postings, RetroRates retro, TimeProvider time)
{
    public async Task<ChangeImpact> OfAsync(ChangeJourney change, HandOff handOff, CancellationToken cancellationToken)
    {
        var currency = handOff.Deal.Currency;
        var (unbilled, invoiced, billed) = (0m, 0m, new List<string>());
        var repriced = new Dictionary<string, RepricedHours>();
        foreach (var part in change.Parts)
        {
            unbilled += await postings.CommittedAsync(part.EngagementId, cancellationToken);
            invoiced += (await billing.ReadInvoicedLinesAsync(part.ErpProjectId, cancellationToken)).Where(line => line.Posted).Sum(line => line.Amount);
            billed.AddRange((await BilledAsync(part, cancellationToken)).Select(entry => entry.Name));
            if (part.Fields.Contains(EngagementFields.BillRates))
            {
                repriced[part.Number] = RepricedHours.Of(await retro.OfAsync(part, cancellationToken));
            }
        }

        var (before, after) = (change.Parts.Sum(part => part.Before.ContractValue ?? 0m), change.Parts.Sum(part => part.Wanted.ContractValue ?? 0m));
        var (bookings, beyond) = await BookingsAsync(change, cancellationToken);
        return new ChangeImpact(
            new Money(before, currency), new Money(after, currency),
            Margin(handOff.Deal, before), Margin(change.Deal!, after),
            new Money(unbilled, currency), new Money(invoiced, currency), billed, bookings, beyond)
        {
            Repriced = repriced,
        };
    }

    /// <summary>Entries that are invoiced, or may be at any moment; of what is billed by date, those whose day has come.</summary>
    public async Task<IReadOnlyList<ScheduleEntry>> BilledAsync(ChangedPart part, CancellationToken cancellationToken)
    {
        if (part.Before.BillingType != BillingType.FixedMilestone)
        {
            var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
            return [.. part.Before.Schedule.Where(entry => entry.DueOn <= today)];
        }

        var held = await billing.ReadScheduleAsync(part.ErpProjectId, cancellationToken);
        return [.. part.Before.Schedule.Where(entry => held.Any(line => line.Name == entry.Name && line.Amount == entry.Amount && line.Ready))];
    }

    private async Task<(int All, int Beyond)> BookingsAsync(ChangeJourney change, CancellationToken cancellationToken)
    {
        var ends = change.Parts.ToDictionary(part => part.PsaProjectId, part => (part.Wanted.Start, part.Wanted.End));
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var bookings = await store.Assignments.AsNoTracking().Where(row => ends.Keys.Contains(row.EngagementId)).Select(row => new { row.EngagementId, row.From, row.To }).ToListAsync(cancellationToken);
        return (bookings.Count, bookings.Count(row => row.From < ends[row.EngagementId].Start || row.To > ends[row.EngagementId].End));
    }

    /// <summary>Planned margin in percent of the value: what the requested roles cost by their rate card.</summary>
    private static decimal? Margin(Opportunity deal, decimal value)
    {
        var cost = 0m;
        foreach (var role in deal.Roles)
        {
            if (RatePolicy.Resolve(deal.Rates, role, role.From ?? deal.PlannedStart ?? DateOnly.MinValue, deal.Currency).Rate?.Cost is not { } each)
            {
                return null;
            }

            cost += role.Hours * each;
        }

        return cost == 0m || value <= 0m ? null : decimal.Round((value - cost) / value * 100m, 1, MidpointRounding.ToNegativeInfinity);
    }
}
