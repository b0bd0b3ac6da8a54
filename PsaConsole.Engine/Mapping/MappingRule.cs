using System.Text.Json.Nodes;

namespace PsaConsole.Engine.Mapping;

/// <summary>How the text of a source value becomes the value of the target field.</summary>
public enum Conversion
{
    /// <summary>As it is: text stays text, numbers stay numbers.</summary>
    None,
    Text,
    Integer,
    Decimal,
    Boolean,

    /// <summary>A calendar date; a source that carries a time keeps its written date, no zone is applied.</summary>
    Date,

    /// <summary>An instant, any ISO form the vendors use (also an offset without a colon).</summary>
    Instant,

    /// <summary>Whole minutes to hours, rounded to 0.01.</summary>
    MinutesToHours,

    /// <summary>Hours to whole minutes.</summary>
    HoursToMinutes,

    /// <summary>Integer minor units to an amount, by the currency found at <see cref="MappingRule.Currency"/>.</summary>
    MinorUnitsToAmount,

    /// <summary>An amount to integer minor units, by the currency found at <see cref="MappingRule.Currency"/>.</summary>
    AmountToMinorUnits,

    /// <summary>A list of skills written as text, "SQL:3!;Azure:2", to a list of {skill, level, mandatory}.</summary>
    SkillList,

    /// <summary>Lower case with every run of other characters than letters and digits as one hyphen.</summary>
    Slug,
}

/// <summary>What happens when the source has no value, or one that <see cref="MappingRule.Values"/> does not know: never a silent guess (R45).</summary>
public enum WhenMissing
{
    /// <summary>The target field stays absent.</summary>
    Leave,

    /// <summary>A finding is raised (GOV-952) and names the rule.</summary>
    Raise,

    /// <summary>The value of <see cref="MappingRule.Default"/> is taken.</summary>
    UseDefault,
}

/// <summary>
/// One field of a mapping set: where the value comes from, how it is converted, which values become which, and what happens when there is none.
/// Paths are property names with dots; a list is mapped element by element with another set (<see cref="Each"/>).
/// </summary>
public sealed record MappingRule
{
    /// <summary>Path of the field that is written.</summary>
    public required string Target { get; init; }

    /// <summary>Path of the field that is read; absent for a <see cref="Constant"/> or a <see cref="Template"/>.</summary>
    public string? Source { get; init; }

    public JsonNode? Constant { get; init; }

    /// <summary>Text with {path} in it, such as "{name} ({legalEntity})".</summary>
    public string? Template { get; init; }

    public Conversion Convert { get; init; }

    /// <summary>Path of the currency code, for the conversions of money.</summary>
    public string? Currency { get; init; }

    /// <summary>Source text → target value.</summary>
    public IReadOnlyDictionary<string, string>? Values { get; init; }

    /// <summary>Name of the mapping set that maps each element of the list at <see cref="Source"/>.</summary>
    public string? Each { get; init; }

    /// <summary>The rule holds only where each of these paths has the given text; the first rule of a target whose conditions hold is taken.</summary>
    public IReadOnlyDictionary<string, string>? When { get; init; }

    public WhenMissing Missing { get; init; }

    public JsonNode? Default { get; init; }
}
