using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows.Postings;

namespace PsaConsole.Engine.Inbox;

/// <summary>What others may ask the engine to do with one record, as a service (R8–R11): the workflow that reads the record does it, by its own rules.</summary>
public enum Service
{
    /// <summary>Sets up the projects of a won opportunity, or takes up again what stopped.</summary>
    ProjectProvisioning,

    /// <summary>Brings a worker to the systems that need them.</summary>
    ConsultantProfile,

    /// <summary>Brings a client to the systems that hold it.</summary>
    ClientMaster,

    /// <summary>Posts an approved time entry, or corrects what is posted.</summary>
    ApprovedTimePosting,

    /// <summary>Posts an approved expense, or corrects what is posted.</summary>
    ApprovedExpensePosting,
}

/// <summary>
/// Takes what is asked of the engine's services. A request is a change in the inbox like a notice of the system itself: it waits in its record's lane, the record is
/// read, and nothing is done that the record does not call for.
/// </summary>
public sealed class ServiceDesk(
    IDbContextFactory<EngineDbContext> stores, Intake intake, ICrm crm, IHr hr, IPsa psa, PostingWorkflow<Model.TimeEntry> time, PostingWorkflow<Model.Expense> expenses, TimeProvider clock)
{
    private const int LongestId = 120;
    private const string AskedAction = "service.asked";

    /// <summary>May this person or program ask for it? It is the right to try again, for what the service is about.</summary>
    public static Permission PermissionOf(Actor actor, Service service, DataPlace place) => Decision.Of(actor, Right.Retry, new RightSubject { Areas = AreasOf(service), Place = place });

    /// <summary>Puts the request in.</summary>
    /// <param name="recordId">The record's id in the system that owns it.</param>
    /// <param name="key">Names the request: asked twice under one key it is one request.</param>
    /// <returns>Number of the request, for <see cref="FindAsync"/>.</returns>
    /// <exception cref="RefusedException">The person may not, or the id is none.</exception>
    public async Task<long> AskAsync(Actor actor, Service service, string recordId, string key, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(recordId) || recordId.Length > LongestId || recordId.Any(char.IsControl))
        {
            throw new RefusedException($"Name the record by its id in the system that owns it: up to {LongestId} letters.");
        }

        var (system, type) = OwnerOf(service);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var place = await PlaceOfAsync(store, service, recordId, cancellationToken);
        var permission = PermissionOf(actor, service, place);
        store.AuditEntries.Add(new AuditEntry
        {
            At = clock.GetUtcNow(),
            Actor = actor.Id,
            Role = permission.Role,
            Session = actor.Session,
            Action = AskedAction,
            Entity = $"{type}:{system}:{recordId}",
            Reason = permission.Why,
            Allowed = permission.Allowed,
            LegalEntities = [.. place.LegalEntities],
            Practices = [.. place.Practices],
        });
        await store.SaveChangesAsync(cancellationToken);
        if (!permission.Allowed)
        {
            throw new RefusedException(permission.Why!, RefusedBecause.Right);
        }

        var revision = InboxItem.Asked + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{actor.Id}\n{key}")));
        await intake.ReceiveAsync(system, [new Change(type, recordId, revision, clock.GetUtcNow(), null)], cancellationToken);
        return await store.InboxItems
            .Where(item => item.SystemName == system && item.SourceType == type && item.SourceId == recordId && item.Revision == revision)
            .Select(item => item.Id)
            .SingleAsync(cancellationToken);
    }

    /// <summary>What became of a request; null when there is none of that number. Who does not see everything finds what they asked for themselves.</summary>
    public async Task<InboxItem?> FindAsync(Actor actor, long id, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var found = await store.InboxItems.AsNoTracking().SingleOrDefaultAsync(item => item.Id == id && item.Revision.StartsWith(InboxItem.Asked), cancellationToken);
        if (found is null || actor.Scope.IsEverything)
        {
            return found;
        }

        var entity = $"{found.SourceType}:{found.SystemName}:{found.SourceId}";
        return await store.AuditEntries.AnyAsync(entry => entry.Entity == entity && entry.Actor == actor.Id && entry.Action == AskedAction && entry.Allowed, cancellationToken) ? found : null;
    }

    /// <summary>Where the record belongs, as far as the hub has met it before; nowhere when it has not, so that who sees everything asks for it.</summary>
    private async Task<DataPlace> PlaceOfAsync(EngineDbContext store, Service service, string recordId, CancellationToken cancellationToken)
    {
        switch (service)
        {
            case Service.ProjectProvisioning:
                var projects = await store.Engagements.Where(item => item.OpportunityId == recordId).Select(item => new { item.LegalEntity, item.Practice }).ToListAsync(cancellationToken);
                return new DataPlace([.. projects.Select(item => item.LegalEntity).Distinct()], [.. projects.Select(item => item.Practice).OfType<string>().Distinct()]);
            case Service.ConsultantProfile:
                return DataPlace.Of(await store.People.Where(item => item.EmployeeId == recordId).Select(item => item.LegalEntity).SingleOrDefaultAsync(cancellationToken), null);
            default:
                var (system, type) = OwnerOf(service);
                var posted = await store.Postings
                    .Where(item => item.SystemName == system && item.SourceType == type && item.SourceId == recordId)
                    .Select(item => new { item.LegalEntity, Practice = store.Engagements.Where(engagement => engagement.Id == item.EngagementId).Select(engagement => engagement.Practice).FirstOrDefault() })
                    .Distinct()
                    .ToListAsync(cancellationToken);
                return new DataPlace([.. posted.Select(item => item.LegalEntity).Distinct()], [.. posted.Select(item => item.Practice).OfType<string>().Distinct()]);
        }
    }

    private (string System, string Type) OwnerOf(Service service) => service switch
    {
        Service.ProjectProvisioning => (crm.SystemName, "opportunity"),
        Service.ConsultantProfile => (hr.SystemName, "consultant"),
        Service.ClientMaster => (crm.SystemName, "client"),
        Service.ApprovedTimePosting => (psa.SystemName, time.SourceType),
        Service.ApprovedExpensePosting => (psa.SystemName, expenses.SourceType),
        _ => throw new ArgumentOutOfRangeException(nameof(service), service, "There is no such service."),
    };

    private static HashSet<Extent> AreasOf(Service service) => service switch
    {
        Service.ProjectProvisioning => [Extent.NonFinancial, Extent.HandOff],
        Service.ClientMaster => [Extent.NonFinancial, Extent.HandOff],
        Service.ConsultantProfile => [Extent.NonFinancial, Extent.StaffingCases, Extent.Technical],
        _ => [Extent.FinanceCases],
    };
}
