using PsaConsole.Engine.Finance;

namespace PsaConsole.Engine.Access;

/// <summary>Parts of the firm that are granted together: to a group of the sign-in provider, to a sample user, to a key (9-access 9.1).</summary>
public sealed record ScopeGrant
{
    /// <summary>All of the firm; the lists are not looked at.</summary>
    public bool Everything { get; init; }

    /// <summary>Codes of legal entities.</summary>
    public string[] LegalEntities { get; init; } = [];

    /// <summary>Regions of the finance packs, such as EU, or countries, such as DE: all legal entities that are there.</summary>
    public string[] Regions { get; init; } = [];

    /// <summary>Service lines.</summary>
    public string[] Practices { get; init; } = [];

    /// <summary>What several grants come to together. None of them: nothing.</summary>
    public static DataScope Sum(IReadOnlyCollection<ScopeGrant> grants, EntityPacks packs)
    {
        if (grants.Any(grant => grant.Everything))
        {
            return DataScope.Everything;
        }

        var regions = grants.SelectMany(grant => grant.Regions).Distinct().Order(StringComparer.Ordinal).ToList();
        var entities = grants.SelectMany(grant => grant.LegalEntities).Concat(regions.SelectMany(region => EntitiesOf(region, packs))).Distinct().Order(StringComparer.Ordinal).ToList();
        var practices = grants.SelectMany(grant => grant.Practices).Distinct().Order(StringComparer.Ordinal).ToList();
        return entities.Count == 0 && (regions.Count > 0 || practices.Count == 0)
            ? DataScope.Nothing with { Regions = regions }
            : new DataScope { LegalEntities = entities.Count == 0 ? null : entities, Practices = practices.Count == 0 ? null : practices, Regions = regions };
    }

    /// <summary>What in the grant names nothing that there is; null when all of it does.</summary>
    public string? Problem(EntityPacks packs) =>
        LegalEntities.FirstOrDefault(code => packs.Find(code) is null) is { } entity ? $"There is no legal entity {entity}."
        : Regions.FirstOrDefault(region => !EntitiesOf(region, packs).Any()) is { } empty ? $"There is no legal entity in a region {empty}."
        : Practices.FirstOrDefault(practice => !PracticesOf(packs).Contains(practice)) is { } unknown ? $"There is no practice {unknown}."
        : null;

    /// <summary>The practices of the firm: the service lines that its legal entities have cost centres for.</summary>
    public static IReadOnlyList<string> PracticesOf(EntityPacks packs) => [.. packs.All.SelectMany(pack => pack.CostCenters.Keys).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> EntitiesOf(string region, EntityPacks packs) => packs.All
        .Where(pack => pack.Country == region || (packs.Regions.TryGetValue(region, out var countries) && countries.Contains(pack.Country)))
        .Select(pack => pack.LegalEntity);
}
