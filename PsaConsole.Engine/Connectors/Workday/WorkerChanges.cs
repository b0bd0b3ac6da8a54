using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Workday;

/// <summary>
/// Changed workers in two windows, since Workday has no cursor: what was entered since the last read (A), and what was entered earlier and becomes
/// effective now (B), such as a hire of next month. https://learn.microsoft.com/entra/identity/app-provisioning/workday-integration-reference
/// </summary>
internal sealed class WorkerChanges(WorkdayHttp http, PersonalDataGuard guard, TimeProvider clock)
{
    private const int PageSize = 100;
    private const string Updated = "Updated";
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);
    private static readonly XNamespace Bsvc = "urn:com.workday/bsvc";

    /// <summary>The first read takes no old changes: people are read whole from the roster whenever they are needed.</summary>
    public async Task<ChangePage> ReadAsync(string? cursor, CancellationToken cancellationToken)
    {
        // The range must have both ends, and none in the future: to the second that has passed.
        var through = clock.GetUtcNow();
        through = through.AddTicks(-(through.Ticks % TimeSpan.TicksPerSecond));
        var from = Parse(cursor) ?? through.AddDays(-1);
        var found = new Dictionary<string, Change>(StringComparer.Ordinal);
        await ReadWindowAsync(Updated, from - Overlap, through, found, cancellationToken);
        await ReadWindowAsync("Effective", from - Overlap, through, found, cancellationToken);
        return new ChangePage([.. found.Values], JsonSerializer.Serialize(through, MappingSets.Json), More: false);
    }

    /// <summary>What the transaction log holds about one worker, whose id is that of an employee or of a contingent worker.</summary>
    public async Task<IReadOnlyList<WorkerEvent>> ReadEventsAsync(string workerId, CancellationToken cancellationToken)
    {
        XElement answer;
        try
        {
            answer = await http.ReadSoapAsync("Human_Resources", Request("Employee_ID", workerId), cancellationToken);
        }
        catch (ConnectorException unknown) when (unknown.Class == ErrorClass.Business)
        {
            // An id of the other kind is refused as invalid (vendor page 3.7).
            answer = await http.ReadSoapAsync("Human_Resources", Request("Contingent_Worker_ID", workerId), cancellationToken);
        }

        return [.. answer.Descendants(Bsvc + "Transaction_Log_Data").Select(ToEvent).OfType<WorkerEvent>()];
    }

    private static WorkerEvent? ToEvent(XElement entry) =>
        (string?)entry.Element(Bsvc + "Transaction_Effective_Moment") is { Length: >= 10 } effective && (DateTimeOffset?)entry.Element(Bsvc + "Transaction_Entry_Moment") is { } entered
            && DateOnly.TryParseExact(effective[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new WorkerEvent(day, entered)
            : null;

    private static XElement Request(string type, string workerId) => new(
        Bsvc + "Get_Workers_Request",
        new XAttribute(XNamespace.Xmlns + "bsvc", Bsvc.NamespaceName),
        new XAttribute(Bsvc + "version", "v45.2"),
        new XElement(Bsvc + "Request_References", new XElement(Bsvc + "Worker_Reference", new XElement(Bsvc + "ID", new XAttribute(Bsvc + "type", type), workerId))),
        new XElement(Bsvc + "Request_Criteria", new XElement(Bsvc + "Exclude_Inactive_Workers", "false")),
        new XElement(
            Bsvc + "Response_Group",
            new XElement(Bsvc + "Include_Reference", "1"),
            new XElement(Bsvc + "Include_Transaction_Log_Data", "1")));

    private async Task ReadWindowAsync(string window, DateTimeOffset from, DateTimeOffset through, Dictionary<string, Change> found, CancellationToken cancellationToken)
    {
        for (var page = 1; ; page++)
        {
            var answer = await http.ReadSoapAsync("Human_Resources", Request(window, from, through, page), cancellationToken);
            foreach (var worker in answer.Descendants(Bsvc + "Worker"))
            {
                foreach (var unasked in worker.Descendants(Bsvc + "Personal_Data").Elements())
                {
                    guard.Drop("workers", unasked.Name.LocalName);
                }

                var change = ToChange(worker, window, from, through);
                found[change.SourceId + change.Revision] = change;
            }

            var pages = (int?)answer.Descendants(Bsvc + "Total_Pages").FirstOrDefault() ?? 1;
            if (page >= pages)
            {
                return;
            }
        }
    }

    private static XElement Request(string window, DateTimeOffset from, DateTimeOffset through, int page) => new(
        Bsvc + "Get_Workers_Request",
        new XAttribute(XNamespace.Xmlns + "bsvc", Bsvc.NamespaceName),
        new XAttribute(Bsvc + "version", "v45.2"),
        new XElement(
            Bsvc + "Request_Criteria",
            new XElement(
                Bsvc + "Transaction_Log_Criteria_Data",
                new XElement(
                    Bsvc + "Transaction_Date_Range_Data",
                    new XElement(Bsvc + $"{window}_From", Instant(from)),
                    new XElement(Bsvc + $"{window}_Through", Instant(through)))),
            new XElement(Bsvc + "Exclude_Inactive_Workers", "false")),
        new XElement(Bsvc + "Response_Filter", new XElement(Bsvc + "Page", page), new XElement(Bsvc + "Count", PageSize)),
        new XElement(
            Bsvc + "Response_Group",
            new XElement(Bsvc + "Include_Reference", "1"),
            new XElement(Bsvc + "Include_Transaction_Log_Data", "1")));

    /// <summary>A hint only: who changed, and a revision that the same state always gets. Personal data of the answer is not looked at.</summary>
    private static Change ToChange(XElement worker, string window, DateTimeOffset from, DateTimeOffset through)
    {
        var ids = worker.Element(Bsvc + "Worker_Reference")?.Elements(Bsvc + "ID").ToDictionary(id => (string?)id.Attribute(Bsvc + "type") ?? "", id => id.Value, StringComparer.Ordinal) ?? [];
        var id = ids.GetValueOrDefault("Employee_ID") ?? ids.GetValueOrDefault("Contingent_Worker_ID") ?? ids.GetValueOrDefault("WID")
            ?? throw new ConnectorException(WorkdayHttp.System, ErrorClass.Contract, "workday answered Get_Workers with a worker without a reference.");
        var moment = worker.Descendants(Bsvc + "Transaction_Entry_Moment").Select(element => (DateTimeOffset?)element).Max() ?? through;
        var revision = moment.UtcDateTime.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);

        // What was entered long ago was a change then; now that it takes effect it is another, once.
        return window == Updated
            ? new Change("consultant", id, revision, moment, null)
            : new Change("consultant", id, $"{revision}-effective-{EffectiveOn(worker, from, through)}", through, null);
    }

    /// <summary>The last day within the window on which something takes effect.</summary>
    private static string EffectiveOn(XElement worker, DateTimeOffset from, DateTimeOffset through)
    {
        var (first, last) = (Day(from), Day(through));
        return worker.Descendants(Bsvc + "Transaction_Effective_Moment")
            .Select(element => element.Value.Length >= 10 ? element.Value[..10] : "")
            .Where(day => string.CompareOrdinal(day, first) >= 0 && string.CompareOrdinal(day, last) <= 0)
            .Max(StringComparer.Ordinal) ?? last;
    }

    private static string Day(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Parse(string? cursor)
    {
        try
        {
            return cursor is null ? null : JsonSerializer.Deserialize<DateTimeOffset>(cursor, MappingSets.Json);
        }
        catch (JsonException unreadable)
        {
            throw new ConnectorException(WorkdayHttp.System, ErrorClass.CursorLost, "The stored position in Workday's changes can't be read. Everything of interest is read again.", unreadable);
        }
    }

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
