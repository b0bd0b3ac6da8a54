namespace PsaConsole.Engine.Model;

/// <summary>
/// A person as one system is to hold them (3-workflows 3c): what we ask a target for, and what a read-back says it holds. One legal entity, one role.
/// </summary>
public sealed record Placement
{
    public required string EmployeeId { get; init; }
    public string FirstName { get; init; } = "";
    public string LastName { get; init; } = "";
    public string? Email { get; init; }

    /// <summary>The billable role; null for somebody who is not staffed.</summary>
    public string? Role { get; init; }

    public string? Level { get; init; }
    public string? LegalEntity { get; init; }

    /// <summary>Code of the ERP's dimension.</summary>
    public string? CostCenter { get; init; }

    public decimal? FullTimeEquivalent { get; init; }

    /// <summary>Hours of a full week at this person's full-time equivalent.</summary>
    public decimal? WeeklyHours { get; init; }

    public DateOnly? HiredOn { get; init; }

    /// <summary>Last day employed here, inclusive.</summary>
    public DateOnly? LastWorkingDay { get; init; }

    /// <summary>True when time may be entered for projects.</summary>
    public bool Billable { get; init; }

    public bool Active { get; init; }
}

/// <summary>A dimension that work is charged to.</summary>
public sealed record CostCenter(string Code, bool Active);

/// <summary>Time that is in the books already.</summary>
public sealed record PostedTime(string Id, DateOnly WorkDate, decimal Hours);

/// <summary>A person's account where people are told.</summary>
public sealed record DirectoryUser(string Id, string Address, bool Enabled);
