namespace PsaConsole.Engine.Model;

/// <summary>
/// A project as one legal entity runs it (2-canonical-model 2.4). The same record is what we ask a target to hold and what a
/// read-back of the target says it holds: an absent value means that the target does not have it.
/// </summary>
public sealed record Engagement
{
    public required string Number { get; init; }
    public required string Name { get; init; }

    /// <summary>The client's id in the system that the record is written to or read from.</summary>
    public string? ClientId { get; init; }

    public string? LegalEntity { get; init; }
    public string? Currency { get; init; }
    public BillingType? BillingType { get; init; }

    /// <summary>Value of the contract part in <see cref="Currency"/>.</summary>
    public decimal? ContractValue { get; init; }

    public string? ContractNumber { get; init; }
    public DateOnly? Start { get; init; }
    public DateOnly? End { get; init; }

    /// <summary>E-mail address of the project manager.</summary>
    public string? ProjectManager { get; init; }

    public string? CostCenter { get; init; }
    public string? TaxCode { get; init; }
    public string? PaymentTerms { get; init; }
    public string? InvoiceDelivery { get; init; }
    public string? PurchaseOrder { get; init; }
    public string? RateCard { get; init; }

    /// <summary>What the client pays for an hour of each role; null where nothing is billed by time, and for what a target says: none keeps them for us.</summary>
    public IReadOnlyList<AgreedRate>? BillRates { get; init; }

    public decimal? NotToExceed { get; init; }
    public string? RevenueMethod { get; init; }
    public string? InvoiceFrequency { get; init; }

    /// <summary>True when time and expenses may be entered.</summary>
    public bool OpenForTime { get; init; }

    public IReadOnlyList<ScheduleEntry> Schedule { get; init; } = [];
}

/// <summary>What is to be delivered inside one project of the PSA: phases, billing milestones and the roles that are still to be filled.</summary>
public sealed record ProjectPlan
{
    /// <summary>Id of the project in the PSA.</summary>
    public required string ProjectId { get; init; }

    public required string Currency { get; init; }
    public IReadOnlyList<DeliveryPhase> Phases { get; init; } = [];
    public IReadOnlyList<ScheduleEntry> Milestones { get; init; } = [];
    public IReadOnlyList<RequestedRole> Roles { get; init; } = [];
}
