using PsaConsole.Engine.Model;
using PsaConsole.Engine.Workflows.Postings;

namespace PsaConsole.Engine.Workflows.Billing;

/// <summary>What the billing of one milestone knows while it runs.</summary>
public sealed record BillingJourney
{
    public required string MilestoneId { get; init; }

    /// <summary>1 for the first; another when it was taken back and delivered again.</summary>
    public required int Revision { get; init; }

    public Milestone? Milestone { get; init; }
    public PostingEngagement? Engagement { get; init; }
    public DateOnly? AchievedOn { get; init; }
    public Acceptance? Acceptance { get; init; }
    public BillingEntry? Entry { get; init; }
    public InvoiceLine? Invoice { get; init; }

    /// <summary>The day from which the invoice is waited for.</summary>
    public DateOnly ReadyOn() => Acceptance?.On ?? AchievedOn ?? throw new InvalidOperationException("A milestone that was not delivered can't be ready to be invoiced.");
}

/// <summary>Evidence that the client accepted.</summary>
/// <param name="By">Name of whoever accepted.</param>
/// <param name="Document">Address of the signed document.</param>
public sealed record Acceptance(string By, DateOnly On, string Document);
