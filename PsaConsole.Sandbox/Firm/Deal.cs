namespace PsaConsole.Sandbox.Firm;

/// <summary>An opportunity with everything a contract of its billing type needs (unless <see cref="Defect"/> says what is wrong with it).</summary>
public sealed record Deal
{
    /// <summary>D0001 …</summary>
    public required string Key { get; init; }

    public required string Name { get; init; }

    /// <summary>The client's key.</summary>
    public required string Client { get; init; }

    /// <summary>Prospecting, Proposal, Negotiation or Closed Won.</summary>
    public required string Stage { get; init; }

    /// <summary>Time and Materials, Capped Time and Materials, Fixed Price - Milestones, Fixed Price - Installments, Percent Complete, Retainer or Non-Billable.</summary>
    public required string BillingType { get; init; }

    public required string Currency { get; init; }

    /// <summary>In <see cref="Currency"/>; null for work that isn't billed.</summary>
    public decimal? Amount { get; init; }

    /// <summary>The selling legal entity's code; null when the lines name several.</summary>
    public string? SellingEntity { get; init; }

    public required DateOnly CloseDate { get; init; }

    public required DateOnly Start { get; init; }

    public required DateOnly End { get; init; }

    public required string ServiceLine { get; init; }

    /// <summary>The limit that may not be exceeded, in <see cref="Currency"/>.</summary>
    public decimal? NotToExceed { get; init; }

    public string? PurchaseOrder { get; init; }

    public decimal? DiscountPercent { get; init; }

    /// <summary>The project manager's e-mail address.</summary>
    public required string ProjectManager { get; init; }

    /// <summary>Monthly or Biweekly.</summary>
    public string? InvoiceFrequency { get; init; }

    public bool Internal { get; init; }

    /// <summary>The rate card's name; null where no rates were agreed.</summary>
    public string? RateCard { get; init; }

    /// <summary>The day the client signed; null while there is no contract.</summary>
    public DateOnly? SignedOn { get; init; }

    public required IReadOnlyList<DealLine> Lines { get; init; }

    public required IReadOnlyList<ScheduleEntry> Schedule { get; init; }

    public required IReadOnlyList<Phase> Phases { get; init; }

    public required IReadOnlyList<RequestedRole> Roles { get; init; }

    /// <summary>What somebody forgot or got wrong, in plain words; null for a sound deal.</summary>
    public string? Defect { get; init; }
}

/// <summary>A contract line.</summary>
/// <param name="WorkStream">E.g. Implementation.</param>
/// <param name="Role">Whose hours are sold; null for a fixed amount.</param>
/// <param name="Level">L1 to L5, with the role.</param>
/// <param name="Quantity">Hours, or 1.</param>
/// <param name="UnitPrice">Per hour, or the amount.</param>
/// <param name="SellingEntity">Null means the deal's.</param>
public sealed record DealLine(string WorkStream, string? Role, string? Level, decimal Quantity, decimal UnitPrice, string? SellingEntity)
{
    public decimal Total => Quantity * UnitPrice;
}

/// <summary>An amount that becomes due.</summary>
public sealed record ScheduleEntry(string Name, int Sequence, DateOnly Due, decimal Amount, string? Phase, bool AcceptanceRequired, string? SellingEntity);

/// <summary>A stage of the work.</summary>
public sealed record Phase(string Name, int Sequence, DateOnly Start, DateOnly End, decimal PlannedHours);

/// <summary>Somebody whom the work needs. <see cref="Skills"/> as in "SQL:3!;Azure:2" (level, ! = mandatory).</summary>
public sealed record RequestedRole(string Role, string Level, string? Country, decimal Hours, DateOnly Start, DateOnly End, string Skills);
