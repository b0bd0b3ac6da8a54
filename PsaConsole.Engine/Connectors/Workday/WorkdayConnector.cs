using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Workday;

/// <summary>
/// Workday as the system of record for people. Only what staffing needs is read, field by field through the mapping sets; reasons, types and comments of
/// absences and everything else of a person never leave this folder (9-access 9.5).
/// </summary>
public sealed class WorkdayConnector : IHr, IChangeSource
{
    private const int PageSize = 100;

    // Every hand-off asks who there is; 3d allows facts of 15 minutes.
    private static readonly TimeSpan RosterKept = TimeSpan.FromMinutes(1);

    // A tenant's names for the statuses of absences hardly ever change.
    private static readonly TimeSpan StatusesKept = TimeSpan.FromHours(1);

    private readonly WorkdayHttp http;
    private readonly MappingSets mappings;
    private readonly PersonalDataGuard guard;
    private readonly WorkerChanges changes;
    private readonly string report;
    private readonly string personPrompt;
    private readonly Kept<Roster> roster;
    private readonly Kept<string> timeOffStatuses;
    private readonly Kept<string> leaveStatuses;

    public WorkdayConnector(WorkdayHttp http, MappingSets mappings, DroppedFields dropped, IOptions<WorkdayOptions> options, TimeProvider clock)
    {
        this.http = http;
        this.mappings = mappings;
        guard = new PersonalDataGuard(mappings, dropped);
        changes = new WorkerChanges(http, guard, clock);
        timeOffStatuses = new Kept<string>(StatusesKept, clock, cancellationToken => ApprovedAsync("timeOff", cancellationToken));
        leaveStatuses = new Kept<string>(StatusesKept, clock, cancellationToken => ApprovedAsync("leave", cancellationToken));

        // The roster report: one call, no paging (RaaS).
        report = $"/ccx/service/customreport2/{{tenant}}/{options.Value.RosterReport}?format=json";
        personPrompt = Uri.EscapeDataString(options.Value.PersonPrompt);
        roster = new Kept<Roster>(RosterKept, clock, ReadRosterAsync);
    }

    public string SystemName => WorkdayHttp.System;

    public Task ProbeAsync(CancellationToken cancellationToken) => http.GetAsync("/ccx/api/absenceManagement/v1/{tenant}/workers?limit=1", CallKind.Probe, cancellationToken);

    public async Task<IReadOnlyList<Consultant>> ReadConsultantsAsync(CancellationToken cancellationToken) => (await roster.GetAsync(cancellationToken)).Consultants;

    public async Task<Consultant?> ReadConsultantAsync(string employeeId, CancellationToken cancellationToken)
    {
        // A report without the prompt answers everybody.
        var answer = await http.GetAsync($"{report}&{personPrompt}={Uri.EscapeDataString(employeeId)}", cancellationToken);
        return Entries(answer["Report_Entry"]).Select(OfRoster).Select(entry => mappings.Read<Consultant>("workday.consultant.read", WithLists(entry))).FirstOrDefault(person => person.EmployeeId == employeeId);
    }

    public Task<IReadOnlyList<WorkerEvent>> ReadEventsAsync(string employeeId, CancellationToken cancellationToken) => changes.ReadEventsAsync(employeeId, cancellationToken);

    public async Task<IReadOnlyList<Commitment>> ReadAbsencesAsync(IReadOnlyCollection<string> employeeIds, DateRange dates, CancellationToken cancellationToken)
    {
        if (employeeIds.Count == 0)
        {
            return [];
        }

        var people = (await roster.GetAsync(cancellationToken)).People.Where(person => employeeIds.Contains(person.EmployeeId)).ToList();
        var timeOff = await timeOffStatuses.GetAsync(cancellationToken);
        var leave = await leaveStatuses.GetAsync(cancellationToken);
        var absences = await Task.WhenAll(people.Select(async person => (Commitment[])[
            .. await ReadTimeOffAsync(person, dates, timeOff, cancellationToken), .. await ReadLeavesAsync(person, dates, leave, cancellationToken)]));
        return [.. absences.SelectMany(found => found)];
    }

    public Task<ChangePage> ReadChangesAsync(string? cursor, CancellationToken cancellationToken) => changes.ReadAsync(cursor, cancellationToken);

    internal static void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddConnectorHttp<WorkdayOptions>(configuration, WorkdayHttp.System);
        services.AddSingleton<WorkdayHttp>();
        services.AddSingleton<WorkdayConnector>();
        services.AddSingleton<IHr>(provider => provider.GetRequiredService<WorkdayConnector>());
        services.AddSingleton<IConnector>(provider => provider.GetRequiredService<WorkdayConnector>());
        services.AddSingleton<IChangeSource>(provider => provider.GetRequiredService<WorkdayConnector>());
        services.AddSingleton<INoticeReader>(provider => new SignedNotices(WorkdayHttp.System, provider.GetRequiredService<IOptions<WorkdayOptions>>().Value, ["consultant"]));
    }

    /// <summary>Maps everybody once a reading, not once for each who asks.</summary>
    private async Task<Roster> ReadRosterAsync(CancellationToken cancellationToken)
    {
        var entries = Entries((await http.GetAsync(report, cancellationToken))["Report_Entry"]).Select(OfRoster).ToList();
        return new Roster(
            [.. entries.Select(entry => mappings.Read<Consultant>("workday.consultant.read", WithLists(entry)))],
            [.. entries.Select(entry => mappings.Read<Person>("workday.person.read", entry))]);
    }

    private async Task<IEnumerable<Commitment>> ReadTimeOffAsync(Person person, DateRange dates, string approved, CancellationToken cancellationToken)
    {
        var rows = await ReadAllAsync($"workers/{Uri.EscapeDataString(person.WorkerId)}/timeOffDetails?{Window(dates)}{approved}", cancellationToken);
        return rows.Select(row => mappings.Read<Absence>("workday.absence.read", guard.Pass("time off", row, "workday.absence.read"))).Where(absence => absence.Approved).Select(absence => absence.Of(person));
    }

    private async Task<IEnumerable<Commitment>> ReadLeavesAsync(Person person, DateRange dates, string approved, CancellationToken cancellationToken)
    {
        var rows = await ReadAllAsync($"workers/{Uri.EscapeDataString(person.WorkerId)}/leavesOfAbsence?{Window(dates)}{approved}", cancellationToken);
        return rows.Select(row => mappings.Read<Leave>("workday.leave.read", guard.Pass("leaves of absence", row, "workday.leave.read"))).Where(leave => leave.Approved).Select(leave => leave.Of(person, dates.From, Last(dates)));
    }

    /// <summary>
    /// Asks for the statuses that the mapping calls approved. Without it a corrected absence comes as the correction that still waits, and the approved
    /// one that it corrects does not (vendor page 3.7).
    /// </summary>
    private async Task<string> ApprovedAsync(string kind, CancellationToken cancellationToken)
    {
        var statuses = await ReadAllAsync($"values/{kind}/status?", cancellationToken);
        var approved = statuses.Where(status => mappings.Read<Status>("workday.absence-status.read", status).Approved).Select(status => status["id"]?.ToString()).OfType<string>().ToList();
        return approved.Count == 0
            ? throw new ConnectorException(WorkdayHttp.System, ErrorClass.Business, $"workday has no status of {kind} that the mapping set workday.absence-status.read calls approved. Add the tenant's name for it.")
            : $"&status={string.Join(',', approved.Select(Uri.EscapeDataString))}";
    }

    private async Task<List<JsonObject>> ReadAllAsync(string path, CancellationToken cancellationToken)
    {
        var found = new List<JsonObject>();
        while (true)
        {
            var page = await http.GetAsync($"/ccx/api/absenceManagement/v1/{{tenant}}/{path}&limit={PageSize}&offset={found.Count}", cancellationToken);
            var rows = Entries(page["data"]).ToList();
            found.AddRange(rows);
            if (rows.Count < PageSize)
            {
                return found;
            }
        }
    }

    private JsonObject OfRoster(JsonObject entry) => guard.Pass("the roster report", entry, "workday.consultant.read", "workday.person.read");

    private static string Window(DateRange dates) => $"fromDate={Day(dates.From)}&toDate={Day(Last(dates))}";

    private static DateOnly Last(DateRange dates) => dates.To ?? dates.From.AddDays(366);

    /// <summary>A group with one member comes as an object, with several as a list: always a list from here on.</summary>
    private static JsonObject WithLists(JsonObject entry)
    {
        var copy = entry.DeepClone().AsObject();
        foreach (var (name, value) in entry.Where(pair => pair.Key.EndsWith("_group", StringComparison.Ordinal) && pair.Value is JsonObject))
        {
            copy[name] = new JsonArray(value!.DeepClone());
        }

        return copy;
    }

    private static IEnumerable<JsonObject> Entries(JsonNode? list) => list switch
    {
        JsonArray array => array.OfType<JsonObject>(),
        JsonObject only => [only],
        _ => [],
    };

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>One reading of the roster report: what staffing knows of everybody, and what their absences are asked by.</summary>
    private sealed record Roster(IReadOnlyList<Consultant> Consultants, IReadOnlyList<Person> People);

    /// <summary>Who an absence belongs to, and how long their day is.</summary>
    private sealed record Person(string EmployeeId, string WorkerId, string? Email, decimal WeeklyHours);

    private sealed record Absence(DateOnly Date, decimal Quantity, string Unit, bool Approved)
    {
        /// <summary>An absence in days is that share of the person's working day.</summary>
        public Commitment Of(Person person) => new(
            person.Email ?? person.EmployeeId,
            new DateRange(Date, Date),
            Unit == "days" ? decimal.Round(Quantity * person.WeeklyHours / 5m, 2, MidpointRounding.AwayFromZero) : Quantity);
    }

    private sealed record Status(bool Approved);

    private sealed record Leave(DateOnly From, DateOnly? To, bool Approved)
    {
        /// <summary>All working days of the leave within the dates asked for; one without an end lasts.</summary>
        public Commitment Of(Person person, DateOnly first, DateOnly last)
        {
            var from = From > first ? From : first;
            var to = To is { } end && end < last ? end : last;
            var days = Enumerable.Range(0, Math.Max(0, to.DayNumber - from.DayNumber + 1)).Count(day => from.AddDays(day).DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));
            return new Commitment(person.Email ?? person.EmployeeId, new DateRange(from, to), decimal.Round(days * person.WeeklyHours / 5m, 2, MidpointRounding.AwayFromZero));
        }
    }
}
