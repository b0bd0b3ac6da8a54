namespace PsaConsole.Engine.Model;

/// <summary>Where the ERP keeps a person.</summary>
public enum Ledger
{
    Employee,
    Vendor,
}

/// <summary>
/// A person's time with one legal entity, in one ledger. A transfer ends one and starts another; a rehire starts another of the same person (3-workflows 3c).
/// </summary>
public sealed record Employment(string LegalEntity, Ledger Ledger, DateOnly From, DateOnly? To)
{
    /// <summary>Code of the ERP's dimension that it is charged to; an ended one keeps its last.</summary>
    public string? CostCenter { get; init; }

    /// <summary>True when another legal entity or ledger took over.</summary>
    public bool Transferred { get; init; }
}

/// <summary>Where a person stands with the firm.</summary>
public enum PersonStanding
{
    Ahead,
    Active,
    Leaving,
    Left,
}
