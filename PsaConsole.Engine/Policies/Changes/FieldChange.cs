using System.Globalization;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies.Changes;

/// <summary>Who has a say in the change of a field (3-workflows 3h, PL70).</summary>
public enum ChangeClass
{
    /// <summary>A: nobody; it is carried over at once.</summary>
    Auto,

    /// <summary>N: nobody; its owner is told.</summary>
    Notify,

    /// <summary>F: finance approves.</summary>
    Finance,

    /// <summary>C: the client has signed an amendment, and finance approves.</summary>
    Contract,
}

/// <summary>Fields that go together since the same decision lets them through. No group waits for another's.</summary>
public enum ChangeGroup
{
    /// <summary>What waits for nobody.</summary>
    Open,

    /// <summary>What finance approves.</summary>
    Finance,

    /// <summary>What changes the contract.</summary>
    Contract,
}

/// <summary>One field of one engagement as it was propagated last, and as it is to be.</summary>
/// <param name="Project">Number of the engagement.</param>
/// <param name="Field">One of <see cref="EngagementFields"/>, or what is frozen: billing type, currency, legal entity.</param>
/// <param name="Why">The rule that made the class, in words.</param>
public sealed record FieldChange(string Project, string Field, ChangeClass Class, string? Before, string? After, string Why)
{
    /// <summary>Nothing can be carried over in place: the case says what to do instead (CHG-703).</summary>
    public bool IsFrozen { get; init; }

    /// <summary>A value of it as people read it: money with its currency. Comparisons go by the value itself.</summary>
    public string? Shown(string? value, string? currency) =>
        Field is EngagementFields.ContractValue or EngagementFields.NotToExceed && currency is not null && decimal.TryParse(value, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount)
            ? new Money(amount, currency).ToString()
            : value;

    public ChangeGroup Group => Class switch
    {
        ChangeClass.Finance => ChangeGroup.Finance,
        ChangeClass.Contract => ChangeGroup.Contract,
        _ => ChangeGroup.Open,
    };
}

/// <summary>What the classes depend on beside the values.</summary>
/// <param name="FiscalYearStart">The month, 1 to 12, with which the legal entity's fiscal year begins.</param>
/// <param name="FirstOpenDay">First day of the oldest open period; null where the books say nothing.</param>
/// <param name="ApprovalThreshold">A change of budget above it is approved whatever its share (PL71); in the currency of the contract.</param>
public sealed record ChangeFacts(int FiscalYearStart, DateOnly? FirstOpenDay, decimal ApprovalThreshold)
{
    /// <summary>The fiscal year that a day is in, named by the calendar year in which it begins.</summary>
    public int FiscalYearOf(DateOnly day) => day.Month >= FiscalYearStart ? day.Year : day.Year - 1;
}
