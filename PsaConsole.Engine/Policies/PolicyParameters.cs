using System.Globalization;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>How widely a setting holds, from the widest to the narrowest (2-canonical-model 2.6).</summary>
public enum PolicyScope
{
    Global,
    Region,
    LegalEntity,
    Client,
    Engagement,
}

/// <summary>One value of a parameter, where it holds and when.</summary>
/// <param name="Parameter">Such as PL07.marginFloorPercent.</param>
/// <param name="Of">Code or id of the region, legal entity, client or engagement; null for the global scope.</param>
/// <param name="Dates">Business dates on which it holds, both inclusive.</param>
public sealed record PolicySetting(string Parameter, PolicyScope Scope, string? Of, decimal Value, DateRange Dates);

/// <summary>What an item belongs to; an absent scope has no settings for it.</summary>
public sealed record PolicyPlace
{
    public string? Region { get; init; }
    public string? LegalEntity { get; init; }
    public string? Client { get; init; }
    public string? Engagement { get; init; }

    internal bool IsIn(PolicySetting setting) => setting.Scope switch
    {
        PolicyScope.Global => true,
        PolicyScope.Region => Is(Region, setting.Of),
        PolicyScope.LegalEntity => Is(LegalEntity, setting.Of),
        PolicyScope.Client => Is(Client, setting.Of),
        PolicyScope.Engagement => Is(Engagement, setting.Of),
        _ => false,
    };

    private static bool Is(string? place, string? wanted) => place is not null && string.Equals(place, wanted, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// The policies' parameters. The narrowest setting that is valid on the item's business date wins, never the one that is valid today; without any, the
/// shipped default holds.
/// </summary>
public static class PolicyParameters
{
    public const string ValueTolerancePercent = "PL04.tolerancePercent";
    public const string MarginFloorPercent = "PL07.marginFloorPercent";
    public const string ApprovalThreshold = "PL12.approvalThreshold";
    public const string MaximumWeeklyHours = "PL30.maximumWeeklyHours";

    /// <summary>The shipped value of each parameter (3-workflows 3.0.4, 5-staffing 5.9, 8-localisation 8.6); the threshold is in the legal entity's currency.</summary>
    public static IReadOnlyDictionary<string, decimal> Defaults { get; } = new Dictionary<string, decimal>(StringComparer.Ordinal)
    {
        [ValueTolerancePercent] = 0m,
        [MarginFloorPercent] = 25m,
        [ApprovalThreshold] = 250_000m,
        [MaximumWeeklyHours] = 48m,
    };

    /// <returns>The value, or the finding (GOV-952) that two settings of one scope claim the same date.</returns>
    /// <exception cref="ArgumentException">There is no such parameter.</exception>
    public static (decimal? Value, Finding? Finding) Resolve(IEnumerable<PolicySetting> settings, string parameter, PolicyPlace place, DateOnly businessDate)
    {
        if (!Defaults.TryGetValue(parameter, out var shipped))
        {
            throw new ArgumentException($"There is no policy parameter {parameter}.", nameof(parameter));
        }

        var narrowest = settings
            .Where(setting => setting.Parameter == parameter && setting.Dates.Contains(businessDate) && place.IsIn(setting))
            .GroupBy(setting => setting.Scope)
            .MaxBy(group => group.Key)?
            .ToList();
        return narrowest switch
        {
            null => (shipped, null),
            [var only] => (only.Value, null),
            var several => (null, Ambiguous(several, businessDate)),
        };
    }

    private static Finding Ambiguous(List<PolicySetting> several, DateOnly businessDate)
    {
        var first = several[0];
        var values = string.Join(", ", several.Select(setting => setting.Value.ToString(CultureInfo.InvariantCulture)));
        var where = first.Of is null ? "everywhere" : $"for {first.Of}";
        var date = businessDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new Finding("PolicySetting", "GOV-952", first.Parameter, $"{first.Parameter} has {several.Count} values {where} on {date}: {values}. End all but one of them.")
        {
            Field = first.Parameter,
            Expected = "one value",
            Actual = values,
        };
    }
}
