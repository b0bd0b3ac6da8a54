using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>The bookkeepers' billing run: every completed milestone that is on no invoice yet goes onto one for its project.</summary>
internal static class Invoicing
{
    /// <summary>Ids of the projects with something to invoice.</summary>
    public static IReadOnlyList<string> Ready(RecordStore store) => [.. store["job"].Scan().Where(job => Open(store, job).Count > 0).Select(job => job.Id)];

    /// <summary>Invoices a project's completed milestones, one line each.</summary>
    /// <returns>How many there were.</returns>
    public static int Run(Records records, RecordStore store, string jobId, DateOnly day) => store.Transact(() =>
    {
        var job = store["job"].Find(jobId)!;
        var milestones = Open(store, job);
        if (milestones.Count > 0)
        {
            Invoice(records, store, job, milestones, day);
        }

        return milestones.Count;
    });

    private static List<JsonObject> Open(RecordStore store, Record job)
    {
        if (store["billingSchedule"].Find(job.Text("billingSchedule")) is not { } schedule || schedule.Flag("isInactive"))
        {
            return [];
        }

        var invoiced = store["invoice"].Scan().Where(invoice => invoice.Text("job") == job.Id).SelectMany(invoice => Lines(invoice["item"])).Select(line => line["description"]?.ToString()).ToHashSet();
        return [.. Lines(schedule["milestone"]).Where(line => line["milestoneCompleted"] is { } completed && completed.GetValue<bool>() && !invoiced.Contains(line["comments"]?.ToString()))];
    }

    private static void Invoice(Records records, RecordStore store, Record job, List<JsonObject> milestones, DateOnly day)
    {
        var (subsidiary, department) = (job.Text("subsidiary"), job.Text("custentity_psac_cost_center"));
        var total = milestones.Sum(Amount);
        var period = store["accountingPeriod"].Scan().First(candidate => !candidate.Flag("isYear") && !candidate.Flag("isQuarter") && candidate.Date("startDate") <= day && candidate.Date("endDate") >= day);
        var invoice = records.Create(NetSuiteSchema.Find("invoice")!, new InputFields(
            new()
            {
                ["tranId"] = string.Create(CultureInfo.InvariantCulture, $"INV{store["invoice"].ScanAll().Count() + 1:00000}"),
                ["entity"] = job.Text("parent"),
                ["job"] = job.Id,
                ["subsidiary"] = subsidiary,
                ["tranDate"] = day,
                ["dueDate"] = day.AddDays(30),
                ["currency"] = job.Text("currency"),
                ["postingPeriod"] = period.Id,
                ["department"] = department,
                ["otherRefNum"] = job.Text("custentity_psac_po"),
                ["total"] = total,
                ["amountRemaining"] = total,
                ["amountPaid"] = 0m,
            },
            new()
            {
                ["item"] = new JsonArray([.. milestones.Select((line, index) => new JsonObject { ["line"] = index + 1m, ["description"] = line["comments"]?.ToString(), ["quantity"] = 1m, ["rate"] = Amount(line), ["amount"] = Amount(line), ["job"] = job.Id, ["department"] = department })]),
            },
            [])).Id;
        Line(records, invoice, 0m, total, null, job.Id, subsidiary, isMain: true);
        foreach (var (milestone, index) in milestones.Select((milestone, index) => (milestone, index)))
        {
            Line(records, invoice, index + 1m, -Amount(milestone), milestone["comments"]?.ToString(), job.Id, subsidiary, isMain: false);
        }
    }

    private static void Line(Records records, string invoice, decimal number, decimal amount, string? memo, string job, string? subsidiary, bool isMain) => records.Create(
        NetSuiteSchema.Find("transactionLine")!,
        new InputFields(new() { ["transaction"] = invoice, ["lineSequenceNumber"] = number, ["mainLine"] = isMain, ["entity"] = job, ["foreignAmount"] = amount, ["netAmount"] = amount, ["subsidiary"] = subsidiary, ["memo"] = memo }, [], []));

    private static IEnumerable<JsonObject> Lines(object? sublist) => (sublist as JsonArray ?? []).OfType<JsonObject>();

    private static decimal Amount(JsonObject line) => decimal.Parse(line["milestoneAmount"]!.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);
}
