using System.Globalization;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Workflows;

/// <summary>What of a hand-off people decide before anything is set up: large projects (PL12) and thin margins (PL07).</summary>
public static class HandOffApprovals
{
    /// <param name="parts">Each part with its value in its entity's currency.</param>
    /// <param name="whole">The deal's value in the currency of its first part's entity.</param>
    /// <param name="margin">The finding of PL07; null when the margin reaches its floor.</param>
    public static IReadOnlyList<ApprovalAsk> For(
        HandOff state, IEnumerable<(HandOffPart Part, Money InBooks)> parts, Money whole, Finding? margin, IReadOnlyList<LegalEntity> entities, EntityPacks packs)
    {
        List<ApprovalAsk> asks = [];
        foreach (var (part, inBooks) in parts)
        {
            var pack = packs.Of(part.LegalEntity);
            var entity = entities.Single(item => item.Code == part.LegalEntity);
            if (EntityPolicy.Approval(state.Deal, entity, new Money(part.Amount, state.Deal.Currency), inBooks, pack.ApprovalThreshold) is { } large)
            {
                asks.Add(Creation(state, part, large, inBooks, pack));
            }
        }

        if (margin is not null)
        {
            asks.Add(Margin(state, margin, whole, packs.Of(state.Parts[0].LegalEntity)));
        }

        return asks;
    }

    private static ApprovalAsk Creation(HandOff state, HandOffPart part, Finding large, Money inBooks, EntityPack pack)
    {
        var deal = state.Deal;
        return new ApprovalAsk
        {
            Kind = ApprovalKind.ProjectCreation,
            Key = $"PL12:{part.LegalEntity}",
            Subject = deal.Name,
            Reason = large.Message,
            LegalEntity = part.LegalEntity,
            Impact = new Money(part.Amount, deal.Currency),
            Changes =
            [
                new("Project", null, $"{part.Number} {part.Name}"),
                new("Contract value", null, large.Actual),
                new("Value without approval", large.Expected, large.Expected),
                new("Billing type", null, deal.BillingType?.ToString()),
                new("Client", null, state.Client?.LegalName),
                new("Dates", null, $"{Day(deal.PlannedStart)} to {Day(deal.PlannedEnd)}"),
            ],
            Records = [$"Client {state.Client?.LegalName} in PSA and ERP", $"Project {part.Number} in PSA and ERP", $"{part.Schedule.Count} billing schedule entries", $"{deal.Roles.Count} requested roles"],
            Chain = ApprovalTier.Chain(ApprovalKind.ProjectCreation, inBooks, pack.ApprovalTiers),
            Requesters = Requesters(deal),
            Fingerprint = ApprovalAsk.FingerprintOf(new { part.LegalEntity, part.Amount, part.NotToExceed, part.Schedule, deal.Currency, deal.BillingType, deal.PlannedStart, deal.PlannedEnd, deal.ClientId }),
        };
    }

    private static ApprovalAsk Margin(HandOff state, Finding margin, Money whole, EntityPack pack)
    {
        var deal = state.Deal;
        var value = new Money(deal.Amount ?? 0m, deal.Currency);
        return new ApprovalAsk
        {
            Kind = ApprovalKind.Margin,
            Key = "PL07",
            Subject = deal.Name,
            Reason = margin.Message,
            LegalEntity = pack.LegalEntity,
            Impact = value,
            Changes =
            [
                new("Margin", margin.Expected, margin.Actual),
                new("Discount", null, deal.DiscountPercent is { } discount ? discount.ToString("0.##", CultureInfo.InvariantCulture) + " %" : "none"),
                new("Rate card", deal.RateCard, deal.RateCard),
            ],
            Records = [.. state.Parts.Select(part => $"Project {part.Number} in PSA and ERP"), $"{deal.Roles.Count} requested roles"],
            Chain = ApprovalTier.Chain(ApprovalKind.Margin, whole, pack.ApprovalTiers),
            Requesters = Requesters(deal),
            Fingerprint = ApprovalAsk.FingerprintOf(new { deal.Amount, deal.Currency, deal.DiscountPercent, deal.RateCard, deal.Roles, deal.Rates }),
        };
    }

    /// <summary>CRM names nobody else who wants the project: whoever is to lead it does not approve it.</summary>
    private static IReadOnlyList<string> Requesters(Opportunity deal) => deal.ProjectManager is { Length: > 0 } manager ? [manager] : [];

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "open";
}
