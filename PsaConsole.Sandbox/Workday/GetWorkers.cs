using System.Globalization;
using System.Xml.Linq;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Workday;

/// <summary>
/// The operation Get_Workers. A window on the transaction log finds who has an entry in it; what is written about them is as of the effective date,
/// so that a hire or an end of employment that lies ahead doesn't show until then (vendor page 3.3).
/// </summary>
internal sealed class GetWorkers(RecordStore store, TimeProvider clock)
{
    private static readonly XNamespace Wd = GetWorkersRequest.Wd;

    /// <exception cref="SoapFault">The request isn't valid, or names an unknown worker.</exception>
    public XElement Answer(XElement body)
    {
        var request = GetWorkersRequest.Read(body, clock.GetUtcNow());
        var found = Found(request);
        var pages = (found.Count + request.Count - 1) / request.Count;
        var page = found.Skip((request.Page - 1) * request.Count).Take(request.Count).ToList();
        var writer = new WorkerXml(store, request);
        return new XElement(
            Wd + "Get_Workers_Response",
            new XAttribute(XNamespace.Xmlns + "wd", Wd.NamespaceName),
            new XAttribute(Wd + "version", request.Version),
            new XElement(
                Wd + "Response_Filter",
                new XElement(Wd + "As_Of_Effective_Date", request.AsOf.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                new XElement(Wd + "As_Of_Entry_DateTime", request.AsOfEntry.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
                new XElement(Wd + "Page", request.Page),
                new XElement(Wd + "Count", request.Count)),
            new XElement(
                Wd + "Response_Results",
                new XElement(Wd + "Total_Results", found.Count),
                new XElement(Wd + "Total_Pages", pages),
                new XElement(Wd + "Page_Results", page.Count),
                new XElement(Wd + "Page", request.Page)),
            new XElement(Wd + "Response_Data", page.Select(writer.Write)));
    }

    private List<Record> Found(GetWorkersRequest request)
    {
        var workers = request.References.Count > 0 ? request.References.Select(Referred) : request.Window is { } window ? Logged(window) : store["worker"].Scan();
        return
        [
            .. workers.Where(worker => IsKnown(worker, request.AsOfEntry) && !request.ExcludeEmployees && (!request.ExcludeInactive || WorkerXml.IsActive(worker, request.AsOf)))
                .DistinctBy(worker => worker.Id),
        ];
    }

    /// <summary>Entered by then: the first entry of a worker is the hire.</summary>
    private bool IsKnown(Record worker, DateTimeOffset asOf) => store["transaction"].FirstBy("worker", worker.Id) is not { } hire || (DateTimeOffset)hire["entered"]! <= asOf;

    private Record Referred((string Type, string Id) reference) => (reference.Type switch
    {
        "WID" => store["worker"].Find(reference.Id),
        "Employee_ID" or "Contingent_Worker_ID" => store["worker"].FirstBy("employeeId", reference.Id) is { } worker && worker.Flag("contingent") == (reference.Type == "Contingent_Worker_ID") ? worker : null,
        _ => throw SoapFault.Validation($"Validation error occurred. Invalid ID type '{reference.Type}'.", "/wd:Get_Workers_Request/wd:Request_References/wd:Worker_Reference"),
    }) ?? throw SoapFault.Validation(
        $"Validation error occurred. Invalid ID value. '{reference.Id}' is not a valid ID value for type = '{reference.Type}'", "/wd:Get_Workers_Request/wd:Request_References/wd:Worker_Reference/wd:ID");

    private IEnumerable<Record> Logged(LogWindow window)
    {
        var entries = store["transaction"].Scan().Where(entry => Matches(window, entry)).Select(entry => entry.Text("worker")!).ToHashSet(StringComparer.Ordinal);
        return store["worker"].Scan().Where(worker => entries.Contains(worker.Id));
    }

    private static bool Matches(LogWindow window, Record entry)
    {
        var (entered, effective) = ((DateTimeOffset)entry["entered"]!, entry.Date("effective")!.Value);
        return (window.UpdatedFrom is null || (entered >= window.UpdatedFrom && entered <= window.UpdatedThrough))
            && (window.EffectiveFrom is null || (effective >= window.EffectiveFrom && effective <= window.EffectiveThrough))
            && (window.Types.Count == 0 || window.Types.Contains(entry.Text("type")!) || window.Types.Contains(Wid.Of("transactionType", entry.Text("type")!)));
    }
}
