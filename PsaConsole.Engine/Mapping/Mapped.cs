using System.Text.Json.Nodes;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Mapping;

/// <summary>Which version of which mapping set made a value.</summary>
public sealed record MappingStamp(string Set, int Version);

/// <summary>A value that a rule could not produce: the set, the target field and the source value without a rule (GOV-952).</summary>
public sealed record MappingGap(string Set, string Field, string? Source, string? Value)
{
    /// <summary>There is a rule, and the value is not of the form that it converts: another rule would not help.</summary>
    public bool IsMalformed { get; init; }

    /// <summary>The value that a rule would settle; null when no rule would.</summary>
    public UnmappedValue? Unmapped => Value is { } value && !IsMalformed ? new UnmappedValue(Set, Field, value) : null;

    public override string ToString() => Value is null
        ? $"{Set}: {Field} has no value ({Source} is empty). Fill it in the source, or give the rule a default."
        : $"{Set}: no rule says what \"{Value}\" of {Source} becomes as {Field}. Add the value to the mapping set.";
}

/// <summary>The outcome of a mapping: the record it made, the versions that made it, and what it could not make.</summary>
public sealed record Mapped(JsonObject Record, IReadOnlyList<MappingStamp> Stamps, IReadOnlyList<MappingGap> Gaps)
{
    /// <summary>The record, when nothing is missing.</summary>
    /// <exception cref="MappingException">At least one rule found no value.</exception>
    public JsonObject Complete() => Gaps.Count == 0 ? Record : throw new MappingException(Gaps);
}
