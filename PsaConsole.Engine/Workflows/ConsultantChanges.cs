using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows;

/// <summary>
/// What a change of a worker means: what holds now is brought to the other systems; what lies ahead is looked at again at midnight where the person
/// works; a change of nothing that others hold (an absence) is told to staffing only.
/// </summary>
public sealed class ConsultantChanges(IHr hr, ConsultantProfile workflow, Intake intake, MappingSets mappings, TimeProvider time) : ChangeHandler
{
    /// <summary>How a revision begins that was put in for a day ahead.</summary>
    private const string Due = "due-";

    // The log shows an entry a little after its moment, and clocks differ.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    public override string SourceType => "consultant";

    public override async Task<ChangeOutcome> HandleAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken)
    {
        var known = await store.SystemRecords.AsNoTracking()
            .SingleOrDefaultAsync(record => record.SystemName == item.SystemName && record.SourceType == item.SourceType && record.SourceId == item.SourceId, cancellationToken);
        var before = known is null ? null : JsonSerializer.Deserialize<Consultant>(known.Payload, MappingSets.Json);
        var found = await hr.ReadConsultantAsync(item.SourceId, cancellationToken);
        if ((found ?? before) is not { } person)
        {
            return new ChangeOutcome(null, "HR knows nobody of this id.");
        }

        var today = Today(person);
        var events = found is null ? [] : await hr.ReadEventsAsync(item.SourceId, cancellationToken);
        person = found ?? TakenBack(person, today);
        await PutInAheadAsync(item, person, events, today, cancellationToken);
        if (known is null && PersonPolicy.StandingOn(today, person) == PersonStanding.Ahead)
        {
            return new ChangeOutcome(null, $"Starts on {Day(person.HiredOn!.Value)}: set up then.");
        }

        var isNew = await EchoCheck.IsNewAsync(store, item, person, time.GetUtcNow(), cancellationToken);
        if (!isNew && !item.IsAsked && !item.Revision.StartsWith(Due, StringComparison.Ordinal))
        {
            await intake.ReceiveAsync(item.SystemName, [ConsultantProfile.Changed(item.SourceId, item.Revision, item.OccurredAt)], cancellationToken);
            return new ChangeOutcome(null, "Nothing new of what other systems hold: staffing looks at absences again.");
        }

        var state = new PersonJourney
        {
            EmployeeId = item.SourceId,
            Revision = item.Revision,
            Person = person,
            Before = before,
            EffectiveOn = EffectiveOn(events, known?.ReadAt, today),
            Today = today,
        };
        return await TakeUpAsync(store, item, state, cancellationToken);
    }

    /// <summary>A run that is under way takes the newer version in and does every step again; they are all repeatable.</summary>
    private async Task<ChangeOutcome> TakeUpAsync(EngineDbContext store, InboxItem item, PersonJourney state, CancellationToken cancellationToken)
    {
        var live = await store.Runs.Include(run => run.Steps)
            .Where(run => run.LaneKey == item.LaneKey && run.Workflow == workflow.Name
                && (run.Status == RunStatus.Running || run.Status == RunStatus.Waiting || run.Status == RunStatus.Parked))
            .FirstOrDefaultAsync(cancellationToken);
        var now = time.GetUtcNow();
        if (live is not null)
        {
            var earlier = workflow.Read(live.State);
            live.State = workflow.Write(state with { Before = earlier.Before, Account = earlier.Account, EffectiveOn = earlier.EffectiveOn < state.EffectiveOn ? earlier.EffectiveOn : state.EffectiveOn });
            live.Steps.ForEach(step => step.Status = StepStatus.Pending);
            live.ResumeAfresh();
            live.UpdatedAt = now;
            workflow.Describe(live);
            return new ChangeOutcome(live.Id, "A newer version: the run that is under way takes it in.");
        }

        var begun = new Run
        {
            Id = Guid.CreateVersion7(),
            Workflow = workflow.Name,
            BusinessKey = $"person:{item.SystemName}:{item.SourceId}:{item.Revision}",
            LaneKey = item.LaneKey,
            Title = state.Person.Name,
            State = workflow.Write(state),
            OccurredAt = item.OccurredAt,
            StartedAt = now,
            UpdatedAt = now,
        };
        workflow.Describe(begun);
        store.Runs.Add(begun);
        return new ChangeOutcome(begun.Id, $"Changed: {state.Person.Name} is brought to the other systems.");
    }

    /// <summary>The days ahead on which something takes effect, each at its midnight where the person works; each in a lane of its own.</summary>
    private async Task PutInAheadAsync(InboxItem item, Consultant person, IReadOnlyList<WorkerEvent> events, DateOnly today, CancellationToken cancellationToken)
    {
        DateOnly?[] days = [.. events.Select(entry => (DateOnly?)entry.EffectiveOn), person.HiredOn, person.LastWorkingDay?.AddDays(1), person.LastWorkingDay is { } last ? PersonPolicy.TailOf(last).AddDays(1) : null];
        var zone = ZoneOf(person);
        var ahead = days.OfType<DateOnly>().Distinct().Where(day => day > today).Select(day => new Change("consultant-due", item.SourceId, Due + Day(day), item.OccurredAt, null)
        {
            LaneKey = $"consultant-due:{item.SystemName}:{item.SourceId}:{Day(day)}",
            DueAt = Midnight(day, zone),
        }).ToList();
        await intake.ReceiveAsync(item.SystemName, ahead, cancellationToken);
    }

    /// <summary>A hire that HR took back, or a person it no longer shows: nothing of theirs may go on.</summary>
    private static Consultant TakenBack(Consultant person, DateOnly today) => person with { LastWorkingDay = person.LastWorkingDay is { } last && last < today ? last : today.AddDays(-1) };

    /// <summary>The earliest day of what was entered since the last read: what holds now holds from there.</summary>
    private static DateOnly EffectiveOn(IReadOnlyList<WorkerEvent> events, DateTimeOffset? since, DateOnly today)
    {
        var entered = events.Where(entry => since is { } read && entry.EnteredAt >= read - Overlap && entry.EffectiveOn <= today).ToList();
        var took = events.Where(entry => entry.EffectiveOn <= today).Select(entry => entry.EffectiveOn).DefaultIfEmpty(today).Max();
        return entered.Count > 0 ? entered.Min(entry => entry.EffectiveOn) : took;
    }

    private DateOnly Today(Consultant person) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), ZoneOf(person)).DateTime);

    private TimeZoneInfo ZoneOf(Consultant person) =>
        TimeZoneInfo.FindSystemTimeZoneById(mappings.Map("person.zone", JsonSerializer.SerializeToNode(person, MappingSets.Json)!.AsObject()).Complete()["zone"]!.ToString());

    /// <summary>The first moment of a day; where the clocks skip midnight, the first that there is.</summary>
    internal static DateTimeOffset Midnight(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(30);
        }

        return new DateTimeOffset(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local)).ToUniversalTime();
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>A day has come on which something of a person takes effect: their lane looks at them again.</summary>
public sealed class ConsultantDue(Intake intake) : ChangeHandler
{
    public override string SourceType => "consultant-due";

    public override async Task<ChangeOutcome> HandleAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken)
    {
        await intake.ReceiveAsync(item.SystemName, [new Change("consultant", item.SourceId, item.Revision, item.OccurredAt, null)], cancellationToken);
        return new ChangeOutcome(null, "The day has come: the person is looked at.");
    }
}
