using PsaConsole.Engine.Model;
using PsaConsole.Engine.Workflows.Billing;
using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Web.Components.Pages.Billing;

/// <summary>One delivered milestone on its way to an invoice, as a line of the list shows it.</summary>
/// <param name="Stop">What it waits for, in a sentence; null once it is invoiced.</param>
/// <param name="Invoice">Number of its invoice.</param>
public sealed record BilledRow(
    Guid Id, string Title, string? Number, string? LegalEntity, Money? Value, string State, Tone Tone, string? Stop, string? Invoice, DateTimeOffset ChangedAt);

/// <summary>The numbers above the list.</summary>
/// <param name="Unaccepted">Delivered, and the client's acceptance is not recorded; one amount a currency.</param>
/// <param name="Ready">May be invoiced, and is not; one amount a currency.</param>
/// <param name="Late">Of them, those whose invoice is overdue.</param>
/// <param name="Invoiced">Read back from posted invoices in thirty days; one amount a currency.</param>
public sealed record BillingTotals(int Stopped, int UnacceptedCount, IReadOnlyList<Money> Unaccepted, int ReadyCount, IReadOnlyList<Money> Ready, int Late, IReadOnlyList<Money> Invoiced);

/// <summary>Everything about one milestone.</summary>
public sealed record BillingView
{
    public required BilledRow Row { get; init; }
    public required BillingJourney Journey { get; init; }

    /// <summary>The client's acceptance is what it waits for.</summary>
    public required bool WaitsForAcceptance { get; init; }

    /// <summary>The last day on which the invoice is in time; null before it may be invoiced.</summary>
    public DateOnly? InvoiceBy { get; init; }

    public required IReadOnlyList<TimelineStep> Steps { get; init; }
    public required IReadOnlyList<JourneyCase> Cases { get; init; }
}
