using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Staffing;

/// <summary>What a check of a person rests on, and what it found.</summary>
public sealed record CheckedPerson(StaffedPerson Person, DateTimeOffset FactsReadAt, IReadOnlyList<Booking> Bookings, IReadOnlyList<Assignment> Assignments, DateRange Window, IReadOnlyList<Conflict> Conflicts);

/// <summary>
/// Gathers what is known of one person (HR facts, bookings, the deals behind them), checks the whole window, and keeps the result. Called from the
/// person's lane only, so that two bookings of one person never pass each other.
/// </summary>
public sealed class StaffingDesk(
    IDbContextFactory<EngineDbContext> stores, IHr hr, IBookings bookings, EntityPacks packs, AgreementBook book, StandingCases cases, Intake intake, OpportunityToProject handOffs, TimeProvider time)
{
    /// <summary>Facts of HR that are older are read again before a decision (3-workflows 3d).</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(15);

    /// <summary>Name of the change that asks for the check of one assignment, in its person's lane.</summary>
    public const string AssignmentCheck = "assignment-check";

    private static readonly int HorizonDays = 731;

    /// <summary>The lane in which everything about a person's plan happens, one thing at a time.</summary>
    public static string LaneOf(string employeeId) => $"person:{employeeId}";

    public DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    public OutcomeMatrix Matrix => book.Matrix;

    public StaffingRules Rules => new()
    {
        Today = Today,
        LabourPacks = book.LabourRules,
        Agreements = book.Agreements,
        FunctionalCurrencies = packs.All.ToDictionary(pack => pack.LegalEntity, pack => pack.Currency),
    };

    /// <summary>Asks for a check of an assignment.</summary>
    /// <param name="why">Makes the request one of its own; the same is asked for once.</param>
    public Task AskAsync(string employeeId, string bookingId, string why, CancellationToken cancellationToken) => intake.ReceiveAsync(
        bookings.SystemName, [new Change(AssignmentCheck, bookingId, why, time.GetUtcNow(), null) { LaneKey = LaneOf(employeeId) }], cancellationToken);

    /// <summary>HR's id of the person with this e-mail address; null when HR knows nobody.</summary>
    public async Task<string?> PersonOfAsync(string address, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var wanted = address.ToLowerInvariant();
        return await store.StaffedPeople.Where(row => row.Address == wanted).Select(row => row.EmployeeId).FirstOrDefaultAsync(cancellationToken)
            ?? (await hr.ReadConsultantsAsync(cancellationToken)).FirstOrDefault(person => string.Equals(person.Email, address, StringComparison.OrdinalIgnoreCase))?.EmployeeId;
    }

    /// <summary>Reads HR's facts of the person again when they are older than allowed.</summary>
    /// <returns>The facts; null when HR knows nobody of this id.</returns>
    public async Task<(StaffedPerson Person, string Address, DateTimeOffset ReadAt)?> FactsAsync(string employeeId, TimeSpan oldest, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var row = await store.StaffedPeople.FindAsync([employeeId], cancellationToken);
        if (row is not null && time.GetUtcNow() - row.ReadAt < oldest)
        {
            return (Read<StaffedPerson>(row.Facts), row.Address, row.ReadAt);
        }

        var consultant = (await hr.ReadConsultantsAsync(cancellationToken)).FirstOrDefault(person => person.EmployeeId == employeeId);
        if (consultant?.Email is not { } address)
        {
            return row is null ? null : (Read<StaffedPerson>(row.Facts), row.Address, row.ReadAt);
        }

        var absences = await hr.ReadAbsencesAsync([employeeId], new DateRange(Today.AddDays(-180), Today.AddDays(HorizonDays)), cancellationToken);
        var facts = AssignmentFacts.Of(consultant, absences, await bookings.ReadHolidaysAsync(cancellationToken));
        row ??= store.StaffedPeople.Add(new StaffedPersonRow { EmployeeId = employeeId, Name = facts.Name, Address = "", Facts = "{}" }).Entity;
        row.Name = facts.Name;
        row.Address = address.ToLowerInvariant();
        row.LegalEntity = facts.LegalEntity;
        row.Facts = Write(facts);
        row.ReadAt = time.GetUtcNow();
        await store.SaveChangesAsync(cancellationToken);
        return (facts, row.Address, row.ReadAt);
    }

    /// <summary>Reads every booking of the person and checks the whole window, as it is.</summary>
    /// <exception cref="InvalidOperationException">The person's facts were never read.</exception>
    public async Task<CheckedPerson> CheckAsync(string employeeId, CancellationToken cancellationToken)
    {
        var (person, address, readAt) = await FactsAsync(employeeId, TimeSpan.MaxValue, cancellationToken) ?? throw new InvalidOperationException($"HR facts of {employeeId} are missing.");
        var held = await bookings.ReadOfAsync(address, new DateRange(Today, Today.AddDays(HorizonDays)), cancellationToken);
        var deals = await DealsAsync(held, cancellationToken);
        var assignments = held.Select(booking => AssignmentFacts.Of(booking, person, booking.ProjectNumber is { } number ? deals.GetValueOrDefault(number) : null)).ToList();
        var last = assignments.Select(assignment => assignment.Dates.To!.Value).Append(Today.AddDays(13)).Max();
        var window = new DateRange(Today, last > Today.AddDays(HorizonDays) ? Today.AddDays(HorizonDays) : last);
        return new CheckedPerson(person, readAt, held, assignments, window, StaffingCheck.Find(person, assignments, window, Rules));
    }

    /// <summary>What stands against confirming one of the assignments, with the overrides that hold today.</summary>
    public async Task<ConfirmationDecision> DecideAsync(CheckedPerson about, string bookingId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var rows = await store.Assignments.AsNoTracking().Where(row => row.SystemName == bookings.SystemName && row.PersonId == about.Person.Id).ToListAsync(cancellationToken);
        return Decide(about, bookingId, Overrides.Of(rows, Today));
    }

    /// <summary>Keeps bookings, conflicts and cases as the check left them, in one transaction; asks again for what could be confirmed now.</summary>
    /// <param name="decided">The assignment that the check was about, with its decision; null when it was about the person.</param>
    public async Task KeepAsync(CheckedPerson about, (string BookingId, ConfirmationDecision Decision)? decided, Guid? runId, string why, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var rows = await store.Assignments.Where(row => row.SystemName == bookings.SystemName && row.PersonId == about.Person.Id).ToDictionaryAsync(row => row.ExternalId, cancellationToken);
        var overrides = Overrides.Of(rows.Values, Today);
        var standing = about.Conflicts.Select(conflict => overrides.Weigh(conflict, Matrix)).ToList();
        var weighed = new Dictionary<string, WeighedConflict>(StringComparer.Ordinal);
        Weigh(standing, weighed);
        var freed = new List<string>();
        foreach (var booking in about.Bookings)
        {
            var row = Seen(store, rows, about, booking);
            if (booking.Hard || booking.Tentative)
            {
                Settle(row, booking, standing.Exists(item => item.Conflict.Involved.Contains(booking.Id) && item.Outcome >= ConfirmationOutcome.BlockUnlessOverridden));
                continue;
            }

            var decision = decided?.BookingId == booking.Id ? decided.Value.Decision : Decide(about, booking.Id, overrides);
            Weigh(decision.Findings, weighed);
            row.Decision = Write(decision);
            row.CheckedAt = time.GetUtcNow();
            row.State = decision.MayConfirm ? AssignmentState.PendingCheck : AssignmentState.InConflict;
            if (decision.MayConfirm && decided?.BookingId != booking.Id)
            {
                freed.Add(booking.Id);
            }
        }

        await KeepConflictsAsync(store, about.Person, [.. weighed.Values], cancellationToken);
        await cases.BringToAsync(store, about.Person, bookings.SystemName, runId, [.. weighed.Values.Where(item => item.Conflict.IsCase && IsWork(about, item)).Select(item => item.Conflict)], cancellationToken);
        if (await store.StaffedPeople.FindAsync([about.Person.Id], cancellationToken) is { } person)
        {
            person.CheckedAt = time.GetUtcNow();
        }

        await store.SaveChangesAsync(cancellationToken);
        await store.Database.ExecuteSqlAsync($"select pg_notify({ChangeFeed.Channel}, {"staffing " + about.Person.Id})", cancellationToken);
        foreach (var id in freed)
        {
            await AskAsync(about.Person.Id, id, $"freed-{why}", cancellationToken);
        }
    }

    /// <summary>The assignment is confirmed in the PSA and was read back.</summary>
    public async Task ConfirmedAsync(Booking booking, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        if (await store.Assignments.FindAsync([bookings.SystemName, booking.Id], cancellationToken) is { } row)
        {
            row.State = AssignmentState.Confirmed;
            row.Hard = true;
            row.Verified = Fingerprint(booking);
            row.UpdatedAt = time.GetUtcNow();
            await store.SaveChangesAsync(cancellationToken);
            await store.Database.ExecuteSqlAsync($"select pg_notify({ChangeFeed.Channel}, {"staffing " + row.PersonId})", cancellationToken);
        }
    }

    /// <summary>What of a booking the checks depend on.</summary>
    public static string Fingerprint(Booking booking) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{booking.Address}|{booking.EngagementId}|{booking.From:yyyyMMdd}|{booking.To:yyyyMMdd}|{booking.Hours:0.00}|{booking.Hard}|{booking.Tentative}|{booking.ProbabilityPercent}|{booking.Role}");

    private async Task<Dictionary<string, Opportunity>> DealsAsync(IReadOnlyList<Booking> held, CancellationToken cancellationToken)
    {
        var numbers = held.Select(booking => booking.ProjectNumber).OfType<string>().Distinct().ToList();
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var states = await store.Engagements.Where(row => numbers.Contains(row.Number)).Join(store.Runs, row => row.RunId, run => run.Id, (row, run) => new { row.Number, run.State }).ToListAsync(cancellationToken);
        return states.Select(item => (item.Number, handOffs.Read(item.State).Read)).Where(item => item.Read is not null).ToDictionary(item => item.Number, item => item.Read!);
    }

    private AssignmentRow Seen(EngineDbContext store, Dictionary<string, AssignmentRow> rows, CheckedPerson about, Booking booking)
    {
        if (!rows.Remove(booking.Id, out var row))
        {
            row = store.Assignments.Find(bookings.SystemName, booking.Id) ?? store.Assignments.Add(new AssignmentRow
            {
                SystemName = bookings.SystemName,
                ExternalId = booking.Id,
                PersonId = about.Person.Id,
                EngagementId = booking.EngagementId,
                Title = booking.Title,
                From = booking.From,
                To = booking.To,
                Hours = booking.Hours,
                Facts = "{}",
            }).Entity;
        }

        (row.PersonId, row.EngagementId, row.Title, row.From, row.To, row.Hours, row.Hard) = (about.Person.Id, booking.EngagementId, booking.Title, booking.From, booking.To, booking.Hours, booking.Hard);
        row.Facts = Write(about.Assignments.First(assignment => assignment.Id == booking.Id));
        row.BookedBy = booking.BookedBy ?? row.BookedBy;
        row.UpdatedAt = time.GetUtcNow();
        return row;
    }

    private void Settle(AssignmentRow row, Booking booking, bool isBlocked)
    {
        row.CheckedAt = time.GetUtcNow();
        row.State = isBlocked ? AssignmentState.InConflict : booking.Hard ? AssignmentState.Confirmed : AssignmentState.Tentative;
        row.Verified = Fingerprint(booking);
    }

    private async Task KeepConflictsAsync(EngineDbContext store, StaffedPerson person, List<WeighedConflict> found, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var open = await store.StaffingConflicts.Where(row => row.PersonId == person.Id && row.GoneAt == null).ToDictionaryAsync(row => row.Key, cancellationToken);
        foreach (var (conflict, outcome, _) in found)
        {
            if (!open.Remove(conflict.Key, out var row))
            {
                row = store.StaffingConflicts.Add(new ConflictRow
                {
                    Id = Guid.CreateVersion7(),
                    PersonId = person.Id,
                    Key = conflict.Key,
                    Kind = conflict.Kind,
                    Code = conflict.Code,
                    From = conflict.From,
                    To = conflict.To,
                    Hours = conflict.Hours,
                    Message = conflict.Message,
                    Because = [.. conflict.Because],
                    Detail = "{}",
                    FoundAt = now,
                }).Entity;
            }

            (row.Severity, row.Outcome, row.From, row.To, row.Hours, row.Message, row.SeenAt) = (conflict.Severity, outcome, conflict.From, conflict.To, conflict.Hours, conflict.Message, now);
            row.Detail = Write(conflict);
        }

        foreach (var gone in open.Values)
        {
            gone.GoneAt = now;
        }
    }

    /// <summary>Work that is tentative and meant to stay so raises no case; it is shown.</summary>
    private static bool IsWork(CheckedPerson about, WeighedConflict item) =>
        item is { Outcome: > ConfirmationOutcome.Info, Overridden: false } && (item.Conflict.Involved.Count == 0 || about.Bookings.Any(booking => !booking.Tentative && item.Conflict.Involved.Contains(booking.Id)));

    private static void Weigh(IEnumerable<WeighedConflict> found, Dictionary<string, WeighedConflict> into)
    {
        foreach (var item in found)
        {
            into[item.Conflict.Key] = item;
        }
    }

    private ConfirmationDecision Decide(CheckedPerson about, string bookingId, Overrides overrides)
    {
        var decision = StaffingCheck.Decide(about.Person, about.Assignments, bookingId, about.Window, Rules, Matrix);
        List<WeighedConflict> findings = [.. decision.Findings.Select(item => overrides.Weigh(item.Conflict, Matrix)).OrderByDescending(item => item.Outcome)];
        return new ConfirmationDecision(findings.Count == 0 ? ConfirmationOutcome.Info : findings[0].Outcome, findings);
    }

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, StaffingJson.Options) ?? throw new InvalidDataException($"A stored {typeof(T).Name} is empty.");

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, StaffingJson.Options);
}
