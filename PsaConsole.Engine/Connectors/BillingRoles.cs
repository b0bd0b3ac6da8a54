using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors;

/// <summary>Where milestones are planned and delivered.</summary>
public interface IMilestoneBook
{
    /// <summary>Name of the outside system.</summary>
    string SystemName { get; }

    /// <summary>The milestone as it is now; null when it was deleted.</summary>
    Task<Milestone?> ReadAsync(string id, CancellationToken cancellationToken);

    /// <summary>Keeps the invoice's number with what was invoiced.</summary>
    ITarget<PostedMark> Marks { get; }
}

/// <summary>Where clients are billed.</summary>
public interface IBilling
{
    /// <summary>Name of the outside system.</summary>
    string SystemName { get; }

    /// <summary>The billing schedule of a project, in its order; empty when the project is billed in another way.</summary>
    Task<IReadOnlyList<BillingEntry>> ReadScheduleAsync(string projectId, CancellationToken cancellationToken);

    /// <summary>Says that an entry may be invoiced, or, with null, that it may not.</summary>
    /// <param name="readyOn">The day on which it became billable.</param>
    Task SetReadyAsync(string projectId, string entryId, DateOnly? readyOn, CancellationToken cancellationToken);

    /// <summary>What was invoiced for a project, line by line, oldest first.</summary>
    Task<IReadOnlyList<InvoiceLine>> ReadInvoicedLinesAsync(string projectId, CancellationToken cancellationToken);

    /// <summary>True when anything was ever invoiced to the client.</summary>
    Task<bool> HasInvoicedAsync(string clientId, CancellationToken cancellationToken);
}
