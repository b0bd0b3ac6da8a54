namespace PsaConsole.Engine.Access;

/// <summary>
/// What of the firm's data somebody sees and changes (R110, 9-access 9.1 "own data scope"): legal entities and practices, each null for all of them. A region is
/// granted as the legal entities in it. Values of one kind add up; the kinds narrow each other.
/// </summary>
public sealed record DataScope
{
    public static DataScope Everything { get; } = new();

    /// <summary>Nothing that belongs to any legal entity: what somebody has whom no grant names.</summary>
    public static DataScope Nothing { get; } = new() { LegalEntities = [] };

    /// <summary>Codes of legal entities, in order; null for every one.</summary>
    public IReadOnlyList<string>? LegalEntities { get; init; }

    /// <summary>Practices, as deals name their service line; null for every one. What belongs to no practice, such as a person, is not narrowed by them.</summary>
    public IReadOnlyList<string>? Practices { get; init; }

    /// <summary>Regions by which the legal entities were granted, to be read by people.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    public bool IsEverything => LegalEntities is null && Practices is null;

    /// <summary>In words: "legal entities DE01, GB01; practice Data".</summary>
    public string Words => string.Join("; ", new[] { EntityWords, Named("practice", Practices) }.OfType<string>()) is { Length: > 0 } words ? words : "everything";

    private string? EntityWords => Named("legal entity", LegalEntities) is not { } words ? null
        : Regions.Count == 0 ? words
        : $"{words} ({string.Join(", ", Regions)})";

    /// <summary>
    /// Why somebody of this scope may not change what belongs there; null when they may. To see it one of its legal entities is enough; to change it takes all of
    /// them, since a deal that two entities share is changed for both. What belongs elsewhere is not named.
    /// </summary>
    public string? WhyOutside(DataPlace place)
    {
        if (place.IsOfTheHouse)
        {
            return null;
        }

        if (LegalEntities is { } mine)
        {
            var others = place.LegalEntities.Except(mine).ToList();
            if (place.LegalEntities.Count == 0 || others.Count == place.LegalEntities.Count)
            {
                return $"It is outside of your scope, which is {Words}.";
            }

            if (others.Count > 0)
            {
                return $"It also concerns {string.Join(", ", others)}, outside of your scope, which is {Words}.";
            }
        }

        return Practices is { } practices && place.Practices.Count > 0 && !place.Practices.Intersect(practices).Any() ? $"It is outside of your scope, which is {Words}." : null;
    }

    /// <summary>Whether everything of another scope is in this one: nobody gives what they do not have.</summary>
    public bool Contains(DataScope other) => Holds(LegalEntities, other.LegalEntities) && Holds(Practices, other.Practices);

    private static bool Holds(IReadOnlyList<string>? mine, IReadOnlyList<string>? others) => mine is null || (others is not null && !others.Except(mine).Any());

    private static string? Named(string kind, IReadOnlyList<string>? values) => values switch
    {
        null => null,
        [] => $"no {kind}",
        [var one] => $"{kind} {one}",
        _ => $"{(kind == "practice" ? "practices" : "legal entities")} {string.Join(", ", values)}",
    };
}

/// <summary>What something belongs to, as far as scopes depend on it.</summary>
/// <param name="LegalEntities">Codes; none while it is not known which.</param>
/// <param name="Practices">None where the data carries none.</param>
public sealed record DataPlace(IReadOnlyList<string> LegalEntities, IReadOnlyList<string> Practices)
{
    /// <summary>Belongs to no legal entity by its nature: a system, the trail, a right. Everybody with the right role sees it.</summary>
    public bool IsOfTheHouse { get; init; }

    public static DataPlace House { get; } = new([], []) { IsOfTheHouse = true };

    public static DataPlace Of(string? legalEntity, string? practice) => new(legalEntity is null ? [] : [legalEntity], practice is null ? [] : [practice]);
}
