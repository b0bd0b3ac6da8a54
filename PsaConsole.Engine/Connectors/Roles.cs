using System.Text.Json.Nodes;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors;

/// <summary>
/// One kind of record in an outside system, written by our operation key: found, written, read back, withdrawn.
/// The runner calls <see cref="FindAsync"/> before every repeated <see cref="WriteAsync"/>, so that a write whose answer was lost
/// is never sent twice; an implementation makes both use the same key in the target.
/// </summary>
/// <typeparam name="T">The canonical record; what is written and what a read-back returns.</typeparam>
public interface ITarget<T>
    where T : class
{
    /// <summary>Id of the record that carries our key, or null when the target has none. Must be a consistent read.</summary>
    Task<string?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Creates the record, or brings the one with this id to the given state; answers its id.</summary>
    /// <param name="key">Key that the record carries in the target for good.</param>
    /// <param name="id">Id of the record when it is known; null to create it.</param>
    Task<string> WriteAsync(string key, T record, string? id, CancellationToken cancellationToken);

    /// <summary>The record as the target holds it now, translated back; null when it is not there.</summary>
    Task<T?> ReadAsync(string id, CancellationToken cancellationToken);

    /// <summary>Takes the record out of use (cancelled, inactive, cleared): never a delete of anything that may carry postings. Repeatable.</summary>
    Task WithdrawAsync(string id, CancellationToken cancellationToken);
}

/// <summary>A change that a system reported. It is a hint: the record is read before anything is done with it.</summary>
/// <param name="SourceType">Canonical kind: opportunity, client, consultant, engagement, rate-card.</param>
/// <param name="SourceId">The system's id of the record.</param>
/// <param name="Revision">Grows with each state of the record; part of the key that removes duplicates.</param>
/// <param name="OccurredAt">When the system says it happened.</param>
/// <param name="Payload">The state as it came, when the notice carries one.</param>
public sealed record Change(string SourceType, string SourceId, string Revision, DateTimeOffset OccurredAt, JsonObject? Payload)
{
    /// <summary>The lane that it belongs to, when it is another than that of its own record.</summary>
    public string? LaneKey { get; init; }

    /// <summary>It rests until then. Everything behind it in its lane rests too, so that what is far ahead gets a lane of its own.</summary>
    public DateTimeOffset? DueAt { get; init; }
}

/// <summary>A page of changes with the cursor to go on from; <paramref name="More"/> says that another page waits now.</summary>
public sealed record ChangePage(IReadOnlyList<Change> Changes, string Cursor, bool More);

/// <summary>A system that can be asked what changed since a cursor; null asks for everything that is still of interest.</summary>
public interface IChangeSource
{
    /// <summary>Name of the outside system, such as the one that its connector's folder bears, in lower case.</summary>
    string SystemName { get; }

    /// <exception cref="ConnectorException">The class tells what to do; <see cref="ErrorClass.CursorLost"/> asks for a full read.</exception>
    Task<ChangePage> ReadChangesAsync(string? cursor, CancellationToken cancellationToken);
}

/// <summary>Any connector: its name, and the cheapest authenticated call that proves that it works.</summary>
public interface IConnector
{
    string SystemName { get; }

    Task ProbeAsync(CancellationToken cancellationToken);
}

/// <summary>Where deals are made.</summary>
public interface ICrm : IConnector
{
    /// <summary>The deal as it is now; null when it is not there.</summary>
    /// <param name="atLeast">When the deal, or something in it, is known to have been saved: what shows no such save is an older state, as a replica or a cache may show for a while.</param>
    /// <exception cref="ConnectorException">Transient: only an older state is shown yet.</exception>
    Task<Opportunity?> ReadOpportunityAsync(string id, DateTimeOffset? atLeast, CancellationToken cancellationToken);

    /// <summary>Ids of the won deals that are priced by a rate card.</summary>
    Task<IReadOnlyList<string>> ReadDealsOfAsync(string rateCardId, CancellationToken cancellationToken);

    /// <summary>When the state was saved that a change's revision stands for; null when the notice does not say.</summary>
    DateTimeOffset? SavedAt(string revision);

    Task<Client?> ReadClientAsync(string id, CancellationToken cancellationToken);

    /// <summary>The deal's page for people, when the system has one.</summary>
    Uri? LinkTo(string opportunityId);

    ITarget<HandOffStatus> HandOffs { get; }

    /// <summary>Brings what the ERP owns of a client (tax registration, currency, terms, delivery of invoices, credit, bill-to address) to this state.</summary>
    Task WriteClientAsync(string id, Client client, CancellationToken cancellationToken);
}

/// <summary>Where projects are planned, staffed and time is entered.</summary>
public interface IPsa : IConnector
{
    ITarget<Client> Clients { get; }

    ITarget<Engagement> Projects { get; }

    ITarget<ProjectPlan> Plans { get; }

    /// <summary>People who can be staffed.</summary>
    ITarget<Placement> Consultants { get; }

    /// <summary>Id of the person with this e-mail address, active or not; null when the PSA never knew them.</summary>
    Task<string?> FindPersonAsync(string address, CancellationToken cancellationToken);

    /// <summary>Clients that may be the given one, by key or by name, for the duplicate check of PL02.</summary>
    Task<IReadOnlyList<ClientMatch>> FindClientsAsync(Client client, CancellationToken cancellationToken);

    /// <summary>Hard bookings that overlap the dates.</summary>
    Task<IReadOnlyList<Commitment>> ReadBookingsAsync(DateRange dates, CancellationToken cancellationToken);
}

/// <summary>Where people are employed.</summary>
public interface IHr : IConnector
{
    Task<IReadOnlyList<Consultant>> ReadConsultantsAsync(CancellationToken cancellationToken);

    /// <summary>One person as of now, before their first day and after their last one too; null when HR knows nobody of this id (any more).</summary>
    Task<Consultant?> ReadConsultantAsync(string employeeId, CancellationToken cancellationToken);

    /// <summary>What was entered about a person, and from when it holds.</summary>
    Task<IReadOnlyList<WorkerEvent>> ReadEventsAsync(string employeeId, CancellationToken cancellationToken);

    /// <summary>Approved absences of the given people that overlap the dates: dates and hours only.</summary>
    Task<IReadOnlyList<Commitment>> ReadAbsencesAsync(IReadOnlyCollection<string> employeeIds, DateRange dates, CancellationToken cancellationToken);
}

/// <summary>Where the books are kept.</summary>
public interface IErp : IConnector
{
    ITarget<Client> Clients { get; }

    ITarget<Engagement> Projects { get; }

    Task<IReadOnlyList<ClientMatch>> FindClientsAsync(Client client, CancellationToken cancellationToken);

    /// <summary>Replaces the bill-to address of a client by its <see cref="Client.BillTo"/>.</summary>
    Task WriteBillToAsync(string clientId, Client client, CancellationToken cancellationToken);

    Task<IReadOnlyList<LegalEntity>> ReadLegalEntitiesAsync(CancellationToken cancellationToken);

    /// <summary>People whom a legal entity employs.</summary>
    ITarget<Placement> Employees { get; }

    /// <summary>People who work under somebody else's contract.</summary>
    ITarget<Placement> Vendors { get; }

    /// <summary>The active employees or vendors of this address in every legal entity: how people stood before we knew them.</summary>
    Task<IReadOnlyList<Placement>> ReadPlacementsAsync(Ledger ledger, string email, CancellationToken cancellationToken);

    Task<IReadOnlyList<CostCenter>> ReadCostCentersAsync(CancellationToken cancellationToken);

    /// <summary>Time of a person in the books, worked on the day or later.</summary>
    Task<IReadOnlyList<PostedTime>> ReadPostedTimeAsync(string personId, DateOnly from, CancellationToken cancellationToken);

    /// <summary>True when anything was posted on the project: then it is never withdrawn by itself (HND-009).</summary>
    Task<bool> HasPostingsAsync(string projectId, CancellationToken cancellationToken);
}

/// <summary>Where people are told.</summary>
public interface ICollaboration : IConnector
{
    /// <summary>Posts to the team's channel.</summary>
    ITarget<Notice> Channel { get; }

    /// <summary>Sends by mail: what is left when the channel refuses.</summary>
    ITarget<Notice> Mail { get; }

    /// <summary>The account with this address; null when there is none.</summary>
    Task<DirectoryUser?> FindUserAsync(string address, CancellationToken cancellationToken);
}

/// <summary>A client that a system already holds, with what PL02 compares.</summary>
public sealed record ClientMatch(string Id, string Name, string? TaxRegistration, string? Domain, string? Country);
