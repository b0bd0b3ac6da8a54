using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>A reason why something may not go on, or deserves a look.</summary>
/// <param name="Policy">The rule that found it, such as PL03.</param>
/// <param name="Code">The exception code it is raised under, such as HND-002.</param>
/// <param name="Subject">What it is about, in the words of people.</param>
/// <param name="Message">A plain sentence: what, which object, what to do.</param>
public sealed record Finding(string Policy, string Code, string Subject, string Message)
{
    public string? Field { get; init; }
    public string? Expected { get; init; }
    public string? Actual { get; init; }

    /// <summary>Money that waits for it.</summary>
    public Money? Exposure { get; init; }

    /// <summary>The value without a rule, where a rule for it would settle this.</summary>
    public UnmappedValue? Unmapped { get; init; }
}

/// <summary>A value of a system for which a mapping set has no rule.</summary>
/// <param name="Set">The mapping set, such as person.role.</param>
/// <param name="Field">The field of it that would get a value.</param>
/// <param name="Value">The value as the system has it.</param>
public sealed record UnmappedValue(string Set, string Field, string Value);
