using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Workflows.Clients;

/// <summary>What the run of a client knows: one run for each client, which every change takes up again.</summary>
public sealed record ClientJourney
{
    public required Guid ClientId { get; init; }
    public required string CrmId { get; init; }
    public string? PsaId { get; init; }
    public string? ErpId { get; init; }

    /// <summary>As the CRM held it when it was looked at last.</summary>
    public required Client CrmBefore { get; init; }

    /// <summary>As the ERP held it then; null before the first look.</summary>
    public Client? ErpBefore { get; init; }

    /// <summary>As the CRM holds it.</summary>
    public Client? Crm { get; init; }

    /// <summary>As the ERP holds it.</summary>
    public Client? Erp { get; init; }

    public string? PsaName { get; init; }

    /// <summary>Something was invoiced to the client.</summary>
    public bool IsInvoiced { get; init; }

    /// <summary>Where CRM and ERP disagree.</summary>
    public ClientStand Stand { get; init; } = ClientStand.None;
}
