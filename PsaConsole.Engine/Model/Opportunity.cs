using System.Text.Json.Serialization;

namespace PsaConsole.Engine.Model;

/// <summary>How work is charged (2-canonical-model 2.4, Engagement.billingType).</summary>
public enum BillingType
{
    TimeAndMaterials,
    CappedTimeAndMaterials,
    FixedMilestone,
    FixedInterval,
    ProgressPercent,
    Retainer,
    NonBillable,
}

/// <summary>A deal with everything a hand-off needs: its terms, contract lines, schedule, phases and the roles that it asks for. CRM owns all of it.</summary>
public sealed record Opportunity
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string ClientId { get; init; }
    public required string Stage { get; init; }
    public bool IsClosed { get; init; }
    public bool IsWon { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>
    /// When the deal itself, without what is in it, was last saved, as its system says. It tells an older state from a newer one and is no part of the deal: our
    /// own writes move it.
    /// </summary>
    [JsonIgnore]
    public DateTimeOffset? ModifiedAt { get; init; }

    public decimal? Amount { get; init; }

    /// <summary>ISO-4217 code; every amount of the deal is in it.</summary>
    public required string Currency { get; init; }

    public BillingType? BillingType { get; init; }
    public DateOnly? PlannedStart { get; init; }
    public DateOnly? PlannedEnd { get; init; }
    public string? ServiceLine { get; init; }

    /// <summary>Code of the legal entity that sells, when the deal says so; else rules decide (PL05).</summary>
    public string? SellingEntity { get; init; }

    public string? ProjectManager { get; init; }
    public string? RateCard { get; init; }
    public decimal? NotToExceed { get; init; }
    public string? PurchaseOrder { get; init; }
    public decimal? DiscountPercent { get; init; }
    public string? InvoiceFrequency { get; init; }
    public DealContract? Contract { get; init; }
    public IReadOnlyList<ContractLine> Lines { get; init; } = [];
    public IReadOnlyList<ScheduleEntry> Schedule { get; init; } = [];
    public IReadOnlyList<DeliveryPhase> Phases { get; init; } = [];
    public IReadOnlyList<RequestedRole> Roles { get; init; } = [];
    public IReadOnlyList<Rate> Rates { get; init; } = [];
}

/// <summary>The signed paper behind the deal.</summary>
public sealed record DealContract
{
    public required string Number { get; init; }
    public string? Status { get; init; }
    public DateOnly? Start { get; init; }
    public DateOnly? End { get; init; }
    public DateOnly? SignedOn { get; init; }
}

/// <summary>One line of what was sold; its legal entity is the deal's unless it names one.</summary>
public sealed record ContractLine
{
    public required string Id { get; init; }
    public string? WorkStream { get; init; }
    public string? SellingEntity { get; init; }
    public required decimal Amount { get; init; }
}

/// <summary>An amount that is to be billed on a date or at the end of a phase.</summary>
public sealed record ScheduleEntry
{
    public required string Name { get; init; }
    public required int Sequence { get; init; }
    public DateOnly? DueOn { get; init; }
    public required decimal Amount { get; init; }
    public string? Phase { get; init; }
    public bool AcceptanceRequired { get; init; }
    public string? SellingEntity { get; init; }
}

/// <summary>A phase of delivery; hours are planned work.</summary>
public sealed record DeliveryPhase
{
    public required string Name { get; init; }
    public required int Sequence { get; init; }
    public DateOnly? Start { get; init; }
    public DateOnly? End { get; init; }
    public decimal PlannedHours { get; init; }
}

/// <summary>A role that the deal needs filled; hours in total over its dates.</summary>
public sealed record RequestedRole
{
    public required string Role { get; init; }
    public string? Level { get; init; }

    /// <summary>ISO-3166 alpha-2 code of the country the work is done in.</summary>
    public string? Location { get; init; }

    public required decimal Hours { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? To { get; init; }
    public IReadOnlyList<SkillLevel> Skills { get; init; } = [];
}

/// <summary>A skill on the scale 1–5; a mandatory one below its level blocks (PL23).</summary>
/// <param name="Weight">How much it counts in the score of a candidate (5-staffing 5.4); 1 unless the request says otherwise.</param>
public sealed record SkillLevel(string Skill, int Level, bool Mandatory, decimal Weight = 1m);

/// <summary>An hourly bill rate with its standard cost; an empty dimension matches everything (5-staffing 5.8).</summary>
public sealed record Rate
{
    public string? Role { get; init; }
    public string? Level { get; init; }
    public string? Location { get; init; }
    public required decimal Bill { get; init; }
    public decimal? Cost { get; init; }
    public required string Currency { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? To { get; init; }
}
