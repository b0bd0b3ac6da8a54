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
public sealed class WorkdayConnector(WorkdayHttp http, MappingSets mappings, IOptions<WorkdayOptions> options, TimeProvider clock) : IHr, IChangeSource
{
    private const int PageSize = 100;

    private readonly WorkerChanges changes = new(http, clock);

    public string SystemName => WorkdayHttp.System;

    public Task ProbeAsync(CancellationToken cancellationToken) => http.GetAsync("/ccx/api/absenceManagement/v1/{tenant}/workers?limit=1", cancellationToken);

    /// <summary>The roster report: one call, no paging (RaaS).</summary>
    public async Task<IReadOnlyList<Consultant>> ReadConsultantsAsync(CancellationToken cancellationToken)
    {
        var report = await http.GetAsync($"/ccx/service/customreport2/{{tenant}}/{options.Value.RosterReport}?format=json", cancellationToken);
        return [.. Entries(report["Report_Entry"]).Select(entry => mappings.Read<Consultant>("workday.consultant.read", WithLists(entry)))];
    }

    public async Task<IReadOnlyList<Commitment>> ReadAbsencesAsync(IReadOnlyCollection<string> employeeIds, DateRange dates, CancellationToken cancellationToken)
    {
        if (employeeIds.Count == 0)
        {
            return [];
        }

        var people = (await ReadRosterAsync(cancellationToken)).Where(person => employeeIds.Contains(person.EmployeeId)).ToList();
        var absences = await Task.WhenAll(people.Select(person => ReadAbsencesAsync(person, dates, cancellationToken)));
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
    }

    private async Task<IReadOnlyList<Person>> ReadRosterAsync(CancellationToken cancellationToken)
    {
        var report = await http.GetAsync($"/ccx/service/customreport2/{{tenant}}/{options.Value.RosterReport}?format=json", cancellationToken);
        return [.. Entries(report["Report_Entry"]).Select(entry => mappings.Read<Person>("workday.person.read", entry))];
    }

    private async Task<List<Commitment>> ReadAbsencesAsync(Person person, DateRange dates, CancellationToken cancellationToken)
    {
        var found = new List<Commitment>();
        var window = $"fromDate={Day(dates.From)}&toDate={Day(dates.To ?? dates.From.AddDays(366))}";
        for (var offset = 0; ; offset += PageSize)
        {
            var page = await http.GetAsync($"/ccx/api/absenceManagement/v1/{{tenant}}/workers/{Uri.EscapeDataString(person.WorkerId)}/timeOffDetails?{window}&limit={PageSize}&offset={offset}", cancellationToken);
            var rows = Entries(page["data"]).ToList();
            found.AddRange(rows.Select(row => mappings.Read<Absence>("workday.absence.read", row)).Where(absence => absence.Approved).Select(absence => absence.Of(person)));
            if (rows.Count < PageSize)
            {
                return found;
            }
        }
    }

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
}
