namespace PsaConsole.Engine.Model;

/// <summary>A person who can be staffed, as HR knows them: nothing beyond what staffing needs (9-access 9.5).</summary>
public sealed record Consultant
{
    public required string EmployeeId { get; init; }
    public required string Name { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Email { get; init; }
    public EmploymentType EmploymentType { get; init; }
    public string? JobProfile { get; init; }
    public string? Level { get; init; }
    public string? LegalEntity { get; init; }
    public string? CostCenter { get; init; }

    /// <summary>ISO-3166 alpha-2 code of the work location.</summary>
    public string? Country { get; init; }

    /// <summary>Share of full time: 0.8 is four days a week.</summary>
    public decimal FullTimeEquivalent { get; init; }

    /// <summary>Scheduled hours of a full week at this person's full-time equivalent.</summary>
    public decimal WeeklyHours { get; init; }

    public DateOnly? HiredOn { get; init; }

    /// <summary>Last day employed, inclusive.</summary>
    public DateOnly? LastWorkingDay { get; init; }

    public bool RemoteAllowed { get; init; }
    public bool Billable { get; init; }
    public IReadOnlyList<SkillLevel> Skills { get; init; } = [];
}

/// <summary>How a person is tied to the firm.</summary>
public enum EmploymentType
{
    Employee,

    /// <summary>Works under a contract of somebody else: paid as a vendor.</summary>
    Contingent,
}

/// <summary>Something that HR entered about a person.</summary>
/// <param name="EffectiveOn">From when it holds; may lie ahead or behind.</param>
public sealed record WorkerEvent(DateOnly EffectiveOn, DateTimeOffset EnteredAt);

/// <summary>Hours of one person that are already taken on a range of dates: a hard booking or an approved absence, never its reason.</summary>
public sealed record Commitment(string Email, DateRange Dates, decimal Hours);
