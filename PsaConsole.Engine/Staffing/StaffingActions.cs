using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Staffing;

/// <summary>
/// What resource managers do about conflicts. Each use case checks the right, reads facts and bookings anew and checks again, so that a leave approved
/// between opening and deciding is seen; it is audited, and the person's lane looks at the result.
/// </summary>
public sealed class StaffingActions(IDbContextFactory<EngineDbContext> stores, StaffingDesk desk, IBookings bookings, TimeProvider time)
{
    private const int LongestOverrideDays = 180;

    /// <summary>Who may see people's availability (9-access 9.1).</summary>
    public static Permission MayRead(Actor actor) => Decision.OfLooking(actor, Right.SeeAvailability);

    /// <summary>Who may change bookings and override conflicts.</summary>
    public static Permission MayDecide(Actor actor) => actor.Is(Roles.ResourceManager) ? Permission.Yes : Permission.No("Needs the role Resource manager.");

    /// <summary>Ways out of what stands against a booking, on facts as they are now.</summary>
    public async Task<IReadOnlyList<Remedy>> OptionsAsync(Actor actor, string personId, string bookingId, CancellationToken cancellationToken)
    {
        await RequireAsync(actor, MayRead(actor), "staffing.options", personId, bookingId, null, cancellationToken);
        var about = await FreshAsync(personId, StaffingDesk.FreshFor, cancellationToken);
        return Remedies.Find(about.Person, about.Assignments, bookingId, about.Window, desk.Rules, desk.Matrix);
    }

    /// <summary>Changes the booking in the PSA as the remedy says.</summary>
    /// <exception cref="RefusedException">Not allowed, no reason, or not a way out any more.</exception>
    public async Task ApplyAsync(Actor actor, string personId, Remedy remedy, string reason, CancellationToken cancellationToken)
    {
        await RequireAsync(actor, MayDecide(actor), "staffing.change", personId, remedy.BookingId, reason, cancellationToken);
        Needed(reason);
        var about = await FreshAsync(personId, TimeSpan.Zero, cancellationToken);
        if (about.Assignments.FirstOrDefault(item => item.Id == remedy.BookingId) is not { } giving || about.Bookings.First(item => item.Id == remedy.BookingId) is not { } booking)
        {
            throw new RefusedException("The booking is gone. Look at the person's plan again.");
        }

        if (remedy.Parts.Any(part => part.Hard != booking.Hard) || !Remedies.StandsClean(about.Person, about.Assignments, giving, remedy.Parts, about.Window, desk.Rules, desk.Matrix))
        {
            throw new RefusedException($"The plan of {about.Person.Name} has changed since you opened it: this is no way out any more. Look at the options again.");
        }

        await bookings.WriteAsync(booking.Id, remedy.Parts[0], cancellationToken);
        foreach (var more in remedy.Parts.Skip(1))
        {
            await bookings.AddAsync(booking.Id, more, cancellationToken);
        }

        await AuditAsync(actor, "staffing.change", booking.Id, reason, true, JsonSerializer.Serialize(booking.Terms, StaffingJson.Options), JsonSerializer.Serialize(remedy.Parts, StaffingJson.Options), cancellationToken);
        await desk.AskAsync(personId, booking.Id, $"changed-{Guid.CreateVersion7():n}", cancellationToken);
    }

    /// <summary>Takes on what stands against a booking, until a date (5-staffing 5.12).</summary>
    /// <exception cref="RefusedException">Not allowed, SoD-6, no reason, no date, or something that nobody may override.</exception>
    public async Task OverrideAsync(Actor actor, string personId, string bookingId, string reason, DateOnly? until, CancellationToken cancellationToken)
    {
        await RequireAsync(actor, MayDecide(actor), "staffing.override", personId, bookingId, reason, cancellationToken);
        Needed(reason);
        if (until is not { } last || last < desk.Today || last > desk.Today.AddDays(LongestOverrideDays))
        {
            throw new RefusedException($"Say until when, within {LongestOverrideDays} days: an override ends by itself.");
        }

        var about = await FreshAsync(personId, TimeSpan.Zero, cancellationToken);
        var decision = StaffingCheck.Decide(about.Person, about.Assignments, bookingId, about.Window, desk.Rules, desk.Matrix);
        var blocking = decision.Findings.Where(item => item.Outcome >= ConfirmationOutcome.BlockUnlessOverridden).ToList();
        if (blocking.FirstOrDefault(item => item.Outcome == ConfirmationOutcome.Block) is { } law)
        {
            await RefuseAsync(actor, "staffing.override", bookingId, reason, $"Nobody may override this: {law.Conflict.Message}", cancellationToken);
        }

        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var row = await store.Assignments.FindAsync([bookings.SystemName, bookingId], cancellationToken) ?? throw new RefusedException("The booking was not checked yet. Wait a moment, then look again.");
        if (row.BookedBy == actor.Id && blocking.Exists(item => item.Conflict.Severity > ConflictSeverity.Medium))
        {
            await RefuseAsync(actor, "staffing.override", bookingId, reason, "You booked this yourself: another resource manager overrides its conflicts (SoD-6).", cancellationToken);
        }

        row.Overridden = string.Join('\n', blocking.Select(item => Overrides.Line(item.Conflict)));
        (row.OverriddenBy, row.OverrideReason, row.OverriddenUntil, row.Verified) = (actor.Id, reason, last, null);
        await AddAsync(store, Entry(actor, "staffing.override", bookingId, reason, true, null, JsonSerializer.Serialize(new { until = last, conflicts = blocking.Select(item => item.Conflict.Message) }, StaffingJson.Options)), bookingId, cancellationToken);
        await store.SaveChangesAsync(cancellationToken);
        await desk.AskAsync(personId, bookingId, $"override-{Guid.CreateVersion7():n}", cancellationToken);
    }

    private async Task<CheckedPerson> FreshAsync(string personId, TimeSpan oldest, CancellationToken cancellationToken) =>
        await desk.FactsAsync(personId, oldest, cancellationToken) is null
            ? throw new RefusedException("HR does not know this person any more.")
            : await desk.CheckAsync(personId, cancellationToken);

    /// <summary>The role's right, and the person within the scope: people belong to the legal entity that employs them.</summary>
    private async Task RequireAsync(Actor actor, Permission permission, string action, string personId, string bookingId, string? reason, CancellationToken cancellationToken)
    {
        if ((permission.Why ?? actor.Scope.WhyOutside(await PlaceOfAsync(personId, cancellationToken))) is { } why)
        {
            await RefuseAsync(actor, action, bookingId, reason, why, cancellationToken);
        }
    }

    private async Task<DataPlace> PlaceOfAsync(string personId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return DataPlace.Of(await store.StaffedPeople.Where(person => person.EmployeeId == personId).Select(person => person.LegalEntity).SingleOrDefaultAsync(cancellationToken), null);
    }

    private async Task RefuseAsync(Actor actor, string action, string bookingId, string? reason, string why, CancellationToken cancellationToken)
    {
        await AuditAsync(actor, action, bookingId, reason, false, null, JsonSerializer.Serialize(new { why }, StaffingJson.Options), cancellationToken);
        throw new RefusedException(why, RefusedBecause.Right);
    }

    private async Task AuditAsync(Actor actor, string action, string bookingId, string? reason, bool allowed, string? before, string? after, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await AddAsync(store, Entry(actor, action, bookingId, reason, allowed, before, after), bookingId, cancellationToken);
        await store.SaveChangesAsync(cancellationToken);
    }

    private async Task AddAsync(EngineDbContext store, AuditEntry entry, string bookingId, CancellationToken cancellationToken)
    {
        entry.LegalEntities = await store.Assignments
            .Where(row => row.SystemName == bookings.SystemName && row.ExternalId == bookingId)
            .Join(store.StaffedPeople.Where(person => person.LegalEntity != null), row => row.PersonId, person => person.EmployeeId, (_, person) => person.LegalEntity!)
            .ToArrayAsync(cancellationToken);
        store.AuditEntries.Add(entry);
    }

    private AuditEntry Entry(Actor actor, string action, string bookingId, string? reason, bool allowed, string? before, string? after) => new()
    {
        At = time.GetUtcNow(),
        Actor = actor.Id,
        Role = actor.RolesHeld,
        Action = action,
        Entity = $"assignment:{bookings.SystemName}:{bookingId}",
        Reason = reason,
        Allowed = allowed,
        Before = before,
        After = after,
    };

    private static void Needed(string reason)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new RefusedException("Say why: the reason stays with the booking.");
        }
    }
}
