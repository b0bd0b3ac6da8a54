using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Exceptions.Remap;

/// <summary>What a value may become: what the set gives already, and where a system keeps the list, that.</summary>
/// <param name="Values">Empty where any text may be written.</param>
/// <param name="Problem">Why the list may be short; null when it is not.</param>
public sealed record Choices(IReadOnlyList<string> Values, string? Problem);

/// <summary>Finds the values that a person picks from.</summary>
public sealed class RemapChoices(IErp erp)
{
    private const string CostCenters = "person.cost-center";

    /// <summary>Null when the value belongs to no mapping set, or to none with a rule that reads it.</summary>
    public async Task<Choices?> OfAsync(EngineDbContext store, UnmappedValue value, CancellationToken cancellationToken)
    {
        var rules = await store.MappingSets.Where(set => set.Name == value.Set).OrderByDescending(set => set.Version).Select(set => set.Rules).FirstOrDefaultAsync(cancellationToken);
        if (rules is null || !ValueRules.Has(rules, value.Field))
        {
            return null;
        }

        var known = ValueRules.Known(rules, value.Field);
        if (value.Set != CostCenters)
        {
            return new Choices(known, null);
        }

        try
        {
            var centers = await erp.ReadCostCentersAsync(cancellationToken);
            return new Choices([.. centers.Where(center => center.Active).Select(center => center.Code).Order(StringComparer.Ordinal)], null);
        }
        catch (ConnectorException away)
        {
            return new Choices(known, $"{away.SystemName} does not tell its cost centres now: {away.Message}");
        }
    }
}
