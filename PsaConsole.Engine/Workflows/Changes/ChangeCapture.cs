using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Policies.Changes;

namespace PsaConsole.Engine.Workflows.Changes;

/// <summary>
/// What has changed of a deal since its projects were propagated last (3-workflows 3h steps 1 and 2): each project as the deal would have it now, compared with
/// what is kept of it, and every difference with its class.
/// </summary>
public sealed class ChangeCapture(IErp erp, ILedger ledger, EntityPacks packs, PropagationBook book)
{
    /// <returns>A part for each project that differs; what is frozen stands with the first.</returns>
    public async Task<IReadOnlyList<ChangedPart>> OfAsync(HandOff handOff, Opportunity read, CancellationToken cancellationToken)
    {
        var was = handOff.Deal;
        var said = StillHolding(handOff.Corrections, handOff.Read!, read).ApplyTo(read);
        var entities = await erp.ReadLegalEntitiesAsync(cancellationToken);
        var split = Split(said, handOff, entities);
        var first = handOff.Parts[0];
        var frozen = ChangePolicy.Frozen(
            first.Number,
            (was.BillingType?.ToString(), was.Currency, Codes(handOff.Parts.Select(part => part.LegalEntity))),
            (said.BillingType?.ToString(), said.Currency, split is null ? "one that is not active" : Codes(split.Select(part => part.LegalEntity))));

        // What is frozen stays as it was in everything else that the change carries over.
        var now = said with { BillingType = was.BillingType, Currency = was.Currency };
        var baselines = await book.BaselinesAsync(handOff, cancellationToken);
        var openSince = await FirstOpenDayAsync(cancellationToken);
        List<ChangedPart> parts = [];
        foreach (var part in handOff.Parts)
        {
            var before = baselines[part.EngagementId];
            var after = After(handOff with { Read = now, Corrections = new() }, part, before, split?.SingleOrDefault(item => item.LegalEntity == part.LegalEntity), frozen.Count > 0);
            var pack = packs.Of(part.LegalEntity);
            // A threshold in another currency is not guessed at: then every change of a limit is finance's matter.
            var facts = new ChangeFacts(pack.FiscalYearStartMonth, openSince, pack.Currency == was.Currency ? pack.ApprovalThreshold : 0m);
            List<FieldChange> changes = [.. ChangePolicy.Classify(before, after, facts), .. part == first ? frozen : []];
            if (changes.Count > 0)
            {
                parts.Add(new ChangedPart
                {
                    EngagementId = part.EngagementId,
                    Number = part.Number,
                    LegalEntity = part.LegalEntity,
                    PsaProjectId = part.PsaProjectId ?? "",
                    ErpProjectId = part.ErpProjectId ?? "",
                    Before = before,
                    Wanted = after,
                    Changes = changes,
                });
            }
        }

        return parts;
    }

    /// <summary>First day of the oldest open period; null where the books have none.</summary>
    public async Task<DateOnly?> FirstOpenDayAsync(CancellationToken cancellationToken) =>
        (await ledger.ReadPeriodsAsync(cancellationToken)).Where(period => period.Status == PeriodStatus.Open).Select(period => (DateOnly?)period.From).Min();

    /// <summary>What of those parts belongs to one group.</summary>
    public static IReadOnlyList<ChangedPart> Of(ChangeGroup group, IReadOnlyList<ChangedPart> parts) =>
    [
        .. from part in parts
           let changes = part.Changes.Where(change => change.Group == @group).ToList()
           where changes.Count > 0
           select part with { Changes = changes, Wanted = EngagementFields.Take(part.Before, part.Wanted, changes.Select(change => change.Field)) },
    ];

    private Engagement After(HandOff state, HandOffPart part, Engagement before, ProjectPart? planned, bool isFrozen)
    {
        var renamed = part with
        {
            Name = state.Parts.Count == 1 ? state.Deal.Name : $"{state.Deal.Name} – {part.LegalEntity}",
            CostCenter = packs.Of(part.LegalEntity).CostCenters.GetValueOrDefault(state.Deal.ServiceLine ?? "") ?? part.CostCenter,
        };
        // Values follow the split, and where that is refused there is none to follow.
        return planned is null || isFrozen
            ? OpportunityToProject.Project(state, renamed, null, open: true) with { ContractValue = before.ContractValue, NotToExceed = before.NotToExceed, Schedule = before.Schedule }
            : OpportunityToProject.Project(state, renamed with { Amount = planned.Amount, NotToExceed = planned.NotToExceed, Schedule = planned.Schedule }, null, open: true);
    }

    /// <summary>The parts that the deal would be split into now; null when an entity that it names is not one.</summary>
    private static IReadOnlyList<ProjectPart>? Split(Opportunity deal, HandOff handOff, IReadOnlyList<LegalEntity> entities)
    {
        var sold = deal.Lines.ToDictionary(line => line.Id, line => EntityPolicy.Selling(deal, line.SellingEntity, handOff.Client!, entities).Entity?.Code);
        var whole = deal.Lines.Count == 0 ? EntityPolicy.Selling(deal, null, handOff.Client!, entities).Entity?.Code : "";
        return whole is null || sold.ContainsValue(null) ? null : ProjectSplit.Split(deal, sold.ToDictionary(line => line.Key, line => line.Value!), whole);
    }

    /// <summary>What a person corrected on the hand-off holds until the CRM says something else than it said then.</summary>
    private static DealCorrections StillHolding(DealCorrections made, Opportunity then, Opportunity now) => new()
    {
        ProjectManager = then.ProjectManager == now.ProjectManager ? made.ProjectManager : null,
        PurchaseOrder = then.PurchaseOrder == now.PurchaseOrder ? made.PurchaseOrder : null,
        ServiceLine = then.ServiceLine == now.ServiceLine ? made.ServiceLine : null,
        SellingEntity = then.SellingEntity == now.SellingEntity ? made.SellingEntity : null,
        InvoiceFrequency = then.InvoiceFrequency == now.InvoiceFrequency ? made.InvoiceFrequency : null,
        PlannedStart = then.PlannedStart == now.PlannedStart ? made.PlannedStart : null,
        PlannedEnd = then.PlannedEnd == now.PlannedEnd ? made.PlannedEnd : null,
    };

    private static string Codes(IEnumerable<string> entities) => string.Join(", ", entities.Distinct().Order(StringComparer.Ordinal));
}
