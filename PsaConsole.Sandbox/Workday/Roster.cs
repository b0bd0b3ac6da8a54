using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Workday;

/// <summary>
/// The customer's report Consultant_Roster as a service. Everything is text; an empty column is left out; a group with one member is an object, with several an array.
/// There are no pages (vendor page 3.4).
/// </summary>
internal sealed class Roster(RecordStore store)
{
    public const string Owner = Access.User;
    public const string Name = "Consultant_Roster";
    private static readonly XNamespace Simple = $"urn:com.workday.report/{Name}";

    // The tenant's own zone, whatever zone the worker lives in.
    private static readonly TimeZoneInfo Pacific = TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles");

    /// <param name="asOf">Only who was employed on that day; null for everybody.</param>
    /// <param name="employee">Only this person; null for everybody.</param>
    public JsonObject Json(DateOnly? asOf, string? employee) => new() { ["Report_Entry"] = new JsonArray([.. Workers(asOf, employee).Select(Entry)]) };

    public XDocument Xml(DateOnly? asOf, string? employee) => new(new XElement(Simple + "Report_Data", Workers(asOf, employee).Select(worker => new XElement(
        Simple + "Report_Entry",
        Columns(worker).Where(column => column.Value is not null).Select(column => new XElement(Simple + column.Name, column.Value)),
        Skills(worker).Select(skill => new XElement(Simple + "Skills_group", new XElement(Simple + "Skill", skill.Name), new XElement(Simple + "Level", skill.Level)))))));

    public string Csv(DateOnly? asOf, string? employee)
    {
        var text = new StringBuilder();
        foreach (var worker in Workers(asOf, employee))
        {
            var columns = Columns(worker).ToList();
            if (text.Length == 0)
            {
                text.Append(string.Join(',', columns.Select(column => column.Name))).Append(",Skills_group\r\n");
            }

            text.Append(string.Join(',', columns.Select(column => Quoted(column.Value ?? "")))).Append(',').Append(Quoted(string.Join("; ", Skills(worker).Select(skill => skill.Name)))).Append("\r\n");
        }

        return text.ToString();
    }

    /// <summary>A date as reports take and give it: 2026-03-01-08:00.</summary>
    public static string Date(DateOnly date)
    {
        var offset = Pacific.GetUtcOffset(date.ToDateTime(new TimeOnly(12, 0)));
        return string.Create(CultureInfo.InvariantCulture, $"{date:yyyy-MM-dd}-{offset.Negate():hh\\:mm}");
    }

    private IEnumerable<Record> Workers(DateOnly? asOf, string? employee)
        => (employee is null ? store["worker"].Scan() : store["worker"].FirstBy("employeeId", employee) is { } one ? [one] : []).Where(worker => asOf is not { } day || (worker.Date("hireDate") <= day && (worker.Date("terminationDate") is not { } end || end >= day)));

    private JsonObject Entry(Record worker)
    {
        var entry = new JsonObject();
        foreach (var (name, value) in Columns(worker).Where(column => column.Value is not null))
        {
            entry[name] = value;
        }

        var skills = Skills(worker).Select(skill => (JsonNode)new JsonObject { ["Skill"] = skill.Name, ["Level"] = skill.Level }).ToArray();
        if (skills.Length > 0)
        {
            entry["Skills_group"] = skills.Length == 1 ? skills[0] : new JsonArray(skills);
        }

        return entry;
    }

    private IEnumerable<(string Name, string? Value)> Columns(Record worker) =>
    [
        ("Employee_ID", worker.Text("employeeId")),
        ("Worker_WID", worker.Id),
        ("Worker", $"{worker.Text("firstName")} {worker.Text("lastName")}"),
        ("First_Name", worker.Text("firstName")),
        ("Last_Name", worker.Text("lastName")),
        ("Worker_Type", worker.Flag("contingent") ? "Contingent Worker" : "Employee"),
        ("Email", worker.Text("email")),
        ("Job_Profile", worker.Text("jobProfile")),
        ("Management_Level", worker.Text("level")),
        ("Company", worker.Text("company")),
        ("Cost_Center", worker.Text("costCenter")),
        ("Location_Country", worker.Text("country")),
        ("FTE", Number(worker, "fte")),
        ("Scheduled_Weekly_Hours", Number(worker, "weeklyHours")),
        ("Hire_Date", Date(worker.Date("hireDate")!.Value)),
        ("Termination_Date", worker.Date("terminationDate") is { } end ? Date(end) : null),
        ("Remote_Allowed", worker.Flag("remote") ? "1" : "0"),
        ("Billable", worker.Flag("billable") ? "1" : "0"),
        ("Manager_ID", worker.Text("manager")),

        // Whoever owns the report may add columns to it, of what they may see.
        .. store["reportColumn"].Scan().Select(column => (column.Text("name")!, Convert.ToString(worker[column.Text("field")!], CultureInfo.InvariantCulture))),
    ];

    private static IEnumerable<(string Name, string Level)> Skills(Record worker)
        => (worker["skills"] as JsonArray ?? []).Select(skill => ((string)skill!["Skill"]!, (string)skill["Level"]!));

    private static string? Number(Record worker, string field) => worker.Number(field)?.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
