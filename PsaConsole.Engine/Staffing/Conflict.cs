namespace PsaConsole.Engine.Staffing;

/// <summary>How grave a conflict is, mildest first.</summary>
public enum ConflictSeverity
{
    Info,
    Low,
    Medium,
    High,
    Critical,
}

/// <summary>What is in the way, finer than the code it is raised under: the outcome at confirmation depends on it (5-staffing 5.12).</summary>
public enum ConflictKind
{
    DayOverAllocation,
    WeekOverAllocation,
    Unplaceable,
    LeaveOverlap,
    LongLeaveOverlap,
    LeaveWithoutOverload,
    PossibleLeave,
    MandatorySkill,
    LevelOutOfRange,
    LowSkillScore,
    ExpiringCertificate,
    PermitMissingOnSite,
    PermitMissingRemote,
    PermitUnknownOnSite,
    PermitUnknownRemote,
    PresenceWarning,
    PresenceLimit,
    OutsideEmployment,
    DoubleBooking,
    TentativeOnly,
    LabourLimit,
    LabourWarning,
    NoRateSoon,
    NoRateLater,
    NoIntercompany,
    Bench,
    BookingDiffers,
}

/// <summary>Hours on a date.</summary>
public readonly record struct DayHours(DateOnly Date, decimal Hours);

/// <summary>A conflict with its numbers and its smallest explanation.</summary>
/// <param name="Kind">What is in the way.</param>
/// <param name="Code">The exception code, such as STF-301; empty for information that is never a case.</param>
/// <param name="Policy">The rule, such as PL20.</param>
/// <param name="Severity">How grave it is.</param>
/// <param name="From">First date it concerns.</param>
/// <param name="To">Last date it concerns.</param>
/// <param name="Hours">Hours by which the rule is missed, added up over the dates.</param>
/// <param name="Message">A plain sentence; never why somebody is not available.</param>
public sealed record Conflict(ConflictKind Kind, string Code, string Policy, ConflictSeverity Severity, DateOnly From, DateOnly To, decimal Hours, string Message)
{
    /// <summary>The smallest set of assignments that explains it: without any one of them it would not be there, or be milder.</summary>
    public IReadOnlyList<string> Because { get; init; } = [];

    /// <summary>Every assignment with hours in it; confirming one of them is what the conflict stands against.</summary>
    public IReadOnlyList<string> Involved { get; init; } = [];

    /// <summary>Hours of each day, where the rule is one about days.</summary>
    public IReadOnlyList<DayHours> Days { get; init; } = [];

    /// <summary>What was measured, such as an average of 52 hours a week.</summary>
    public decimal? Measured { get; init; }

    /// <summary>What it is measured against, such as 48.</summary>
    public decimal? Limit { get; init; }

    public bool IsCase => Code.Length > 0;

    /// <summary>What makes two conflicts the same one at two times.</summary>
    public string Key => $"{Kind}:{From:yyyyMMdd}:{string.Join(',', Because)}";
}
