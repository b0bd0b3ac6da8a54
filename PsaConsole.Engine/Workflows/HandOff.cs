using System.Text.Json.Serialization;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Workflows;

/// <summary>What a hand-off knows while it runs; stored with the run after every step.</summary>
public sealed record HandOff
{
    public required string OpportunityId { get; init; }

    /// <summary>Name of the system that the deal was won in.</summary>
    public required string CrmName { get; init; }

    /// <summary>1 for the first win; one more for each win after the deal was taken back.</summary>
    public required int WinCycle { get; init; }

    /// <summary>When the win was saved: an older state of the deal is not the one that was won.</summary>
    public DateTimeOffset? SavedAt { get; init; }

    public Opportunity? Read { get; init; }
    public Client? Client { get; init; }

    /// <summary>What a person entered with "edit and retry"; it wins over what CRM says, which stays beside it.</summary>
    public DealCorrections Corrections { get; init; } = new();

    public Guid? ClientId { get; init; }
    public string? PsaClientId { get; init; }
    public string? ErpClientId { get; init; }
    public IReadOnlyList<HandOffPart> Parts { get; init; } = [];

    /// <summary>The deal as it is handed over: read from CRM, with the corrections.</summary>
    [JsonIgnore]
    public Opportunity Deal => Corrections.ApplyTo(Read ?? throw new InvalidOperationException($"Opportunity {OpportunityId} has not been read yet."));
}

/// <summary>Fields that delivery operations may correct on a hand-off; absent ones are as CRM has them.</summary>
public sealed record DealCorrections
{
    public string? ProjectManager { get; init; }
    public string? PurchaseOrder { get; init; }
    public string? ServiceLine { get; init; }
    public string? SellingEntity { get; init; }
    public string? InvoiceFrequency { get; init; }
    public DateOnly? PlannedStart { get; init; }
    public DateOnly? PlannedEnd { get; init; }

    public Opportunity ApplyTo(Opportunity deal) => deal with
    {
        ProjectManager = ProjectManager ?? deal.ProjectManager,
        PurchaseOrder = PurchaseOrder ?? deal.PurchaseOrder,
        ServiceLine = ServiceLine ?? deal.ServiceLine,
        SellingEntity = SellingEntity ?? deal.SellingEntity,
        InvoiceFrequency = InvoiceFrequency ?? deal.InvoiceFrequency,
        PlannedStart = PlannedStart ?? deal.PlannedStart,
        PlannedEnd = PlannedEnd ?? deal.PlannedEnd,
    };
}

/// <summary>One sub-project of a hand-off: what one legal entity runs.</summary>
public sealed record HandOffPart
{
    public required Guid EngagementId { get; init; }
    public required string Number { get; init; }
    public required string Name { get; init; }
    public required string LegalEntity { get; init; }
    public required decimal Amount { get; init; }
    public decimal? NotToExceed { get; init; }
    public IReadOnlyList<ScheduleEntry> Schedule { get; init; } = [];
    public required string TaxCode { get; init; }
    public required string CostCenter { get; init; }
    public required string RevenueMethod { get; init; }
    public string? PsaProjectId { get; init; }
    public string? ErpProjectId { get; init; }
}
