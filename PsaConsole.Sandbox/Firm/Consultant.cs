namespace PsaConsole.Sandbox.Firm;

/// <summary>Someone whom the firm employs; most of them work for clients.</summary>
public sealed record Consultant
{
    /// <summary>The employee number: E0001 …</summary>
    public required string Number { get; init; }

    public required string FirstName { get; init; }

    public required string LastName { get; init; }

    public string Name => $"{FirstName} {LastName}";

    /// <summary>The same in every system; what people are matched by.</summary>
    public required string Email { get; init; }

    public required string LegalEntity { get; init; }

    /// <summary>The cost centre's code.</summary>
    public required string CostCenter { get; init; }

    public required string ServiceLine { get; init; }

    /// <summary>Consultant, Senior Consultant, Architect, Project Manager or Analyst.</summary>
    public required string Role { get; init; }

    /// <summary>L1 to L5.</summary>
    public required string Level { get; init; }

    public required string Country { get; init; }

    /// <summary>1 is full time.</summary>
    public required decimal Fte { get; init; }

    /// <summary>Contracted hours of a week.</summary>
    public required decimal WeeklyHours { get; init; }

    public required DateOnly HireDate { get; init; }

    public DateOnly? TerminationDate { get; init; }

    /// <summary>The manager's employee number; null for the head of a legal entity.</summary>
    public string? Manager { get; init; }

    public required IReadOnlyList<Skill> Skills { get; init; }

    public bool RemoteAllowed { get; init; }

    public bool Billable { get; init; } = true;

    /// <summary>Until when the permit to work lasts; null where none is needed.</summary>
    public DateOnly? WorkPermitUntil { get; init; }
}

/// <param name="Name">E.g. SQL.</param>
/// <param name="Level">1 (basic) to 5 (leading).</param>
public sealed record Skill(string Name, int Level);
