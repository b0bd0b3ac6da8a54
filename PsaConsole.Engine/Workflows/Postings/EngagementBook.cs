using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies.Changes;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows.Changes;

namespace PsaConsole.Engine.Workflows.Postings;

/// <summary>An engagement as postings need it.</summary>
/// <param name="ErpProjectId">Null until the project was verified in the ERP.</param>
public sealed record PostingEngagement(Guid Id, string Number, string LegalEntity, string OpportunityId, string? ErpProjectId)
{
    public string? Practice { get; init; }

    /// <summary>As the ERP's project says; known once its terms were read.</summary>
    public string? CostCenter { get; init; }
}

/// <summary>What is agreed for an engagement: as the ERP's project says, with the rates that were agreed, and for what was not sold those of the deal's card.</summary>
public sealed record EngagementTerms(Engagement Project, IReadOnlyList<PostingRate> BillRates, IReadOnlyList<PostingRate> CostRates, string ClientName)
{
    public bool BilledByTime => Project.BillingType is BillingType.TimeAndMaterials or BillingType.CappedTimeAndMaterials;
}

/// <summary>Finds the engagement behind a PSA project, and its terms as the systems have them now.</summary>
public sealed class EngagementBook(IDbContextFactory<EngineDbContext> stores, IPsa psa, IErp erp, ICrm crm, PropagationBook propagated)
{
    private const int MostKept = 10_000;
    private readonly ConcurrentDictionary<string, string> numbers = new(StringComparer.Ordinal);

    /// <summary>The engagement of a PSA project; null when the console did not set it up.</summary>
    public async Task<PostingEngagement?> FindAsync(string psaProjectId, CancellationToken cancellationToken)
    {
        if (await NumberAsync(psaProjectId, cancellationToken) is not { } number)
        {
            return null;
        }

        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var found = await store.Engagements.AsNoTracking()
            .Where(item => item.Number == number)
            .Join(store.Runs.AsNoTracking(), item => item.RunId, run => run.Id, (item, run) => new { item.Id, item.Number, item.LegalEntity, item.OpportunityId, item.Practice, item.RunId, run.State })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return null;
        }

        var part = JsonSerializer.Deserialize<HandOff>(found.State, MappingSets.Json)!.Parts.SingleOrDefault(item => item.EngagementId == found.Id);
        var key = $"open-verify:{found.Number}";
        var isOpen = await store.RunSteps.AnyAsync(step => step.RunId == found.RunId && step.Key == key && (step.Status == StepStatus.Done || step.Status == StepStatus.Skipped), cancellationToken);
        return new PostingEngagement(found.Id, found.Number, found.LegalEntity, found.OpportunityId, isOpen ? part?.ErpProjectId : null) { Practice = found.Practice };
    }

    /// <summary>The terms now; null when the ERP's project or the deal is gone.</summary>
    public async Task<EngagementTerms?> ReadTermsAsync(PostingEngagement engagement, CancellationToken cancellationToken)
    {
        var project = engagement.ErpProjectId is null ? null : await erp.Projects.ReadAsync(engagement.ErpProjectId, cancellationToken);
        var deal = await crm.ReadOpportunityAsync(engagement.OpportunityId, null, cancellationToken);
        if (project is null || deal is null)
        {
            return null;
        }

        var discounted = deal.DiscountPercent is null or 0m ? "" : System.FormattableString.Invariant($", less {deal.DiscountPercent:0.##} % discount of the deal");
        return new EngagementTerms(
            project,
            [
                .. AgreedRates.Prices(await propagated.AgreedRatesAsync(engagement.Id, cancellationToken), project.RateCard ?? deal.RateCard),
                .. deal.Rates.Select(rate => Rate(deal, rate, AgreedRates.Discounted(rate.Bill, deal.DiscountPercent), discounted)),
            ],
            [.. deal.Rates.Where(rate => rate.Cost is not null).Select(rate => Rate(deal, rate, rate.Cost!.Value, ""))],
            deal.Name);
    }

    private async Task<string?> NumberAsync(string psaProjectId, CancellationToken cancellationToken)
    {
        if (numbers.TryGetValue(psaProjectId, out var known))
        {
            return known;
        }

        if ((await psa.Projects.ReadAsync(psaProjectId, cancellationToken))?.Number is not { Length: > 0 } number)
        {
            return null;
        }

        if (numbers.Count >= MostKept)
        {
            numbers.Clear();
        }

        // A project keeps its number for good.
        return numbers[psaProjectId] = number;
    }

    private static PostingRate Rate(Opportunity deal, Rate rate, decimal amount, string words) => new()
    {
        Scope = RateScope.Client,
        Source = $"rate card {deal.RateCard ?? "of the deal"}{words}",
        Role = rate.Role,
        Level = rate.Level,
        Location = rate.Location,
        Amount = amount,
        Currency = rate.Currency,
        From = rate.From,
        To = rate.To,
    };
}
