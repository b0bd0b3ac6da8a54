using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Web.Components.Pages.Clients;

/// <summary>A client as a line of the list shows it.</summary>
/// <param name="State">How its latest change stands; null before the first.</param>
/// <param name="OpenCases">Cases of its run that wait for a person.</param>
public sealed record ClientLine(Guid Id, string Name, string? Country, string? TaxRegistration, (string Text, Tone Tone)? State, int OpenCases, DateTimeOffset ChangedAt);

/// <summary>A client across all systems: what each holds and owns, and how far the latest change came.</summary>
public sealed record ClientView
{
    public required ClientLine Line { get; init; }
    public required IReadOnlyList<ClientField> Fields { get; init; }
    public required IReadOnlyList<ClientRecord> Records { get; init; }
    public required IReadOnlyList<TimelineStep> Steps { get; init; }
    public required IReadOnlyList<JourneyCase> Cases { get; init; }
    public Guid? RunId { get; init; }

    /// <summary>The CRM and the ERP as people call them.</summary>
    public required (string Crm, string Erp) Titles { get; init; }
}

/// <summary>One field of a client on both sides.</summary>
/// <param name="IsOwnedByErp">Otherwise the CRM owns it.</param>
public sealed record ClientField(string Name, bool IsOwnedByErp, string? InCrm, string? InErp)
{
    public bool Differs => InErp is not null && !string.Equals(InCrm?.Trim() ?? "", InErp.Trim(), StringComparison.OrdinalIgnoreCase);
}

/// <summary>What one system knows the client by.</summary>
public sealed record ClientRecord(string SystemName, string SystemRole, string Id, DateTimeOffset? VerifiedAt);

/// <summary>A place in the list, by name.</summary>
public sealed record ClientPosition(string Name, Guid Id)
{
    public override string ToString() => $"{Id:N}.{Name}";

    /// <summary>The place that an address names; null when it names none.</summary>
    public static ClientPosition? Parse(string? text) =>
        text?.Split('.', 2) is [var id, { Length: > 0 and <= 300 } name] && Guid.TryParseExact(id, "N", out var guid) ? new ClientPosition(name, guid) : null;
}
