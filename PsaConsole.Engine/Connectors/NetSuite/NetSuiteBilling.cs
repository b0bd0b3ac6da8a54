using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>
/// Milestones of billing schedules: one that is completed is taken up by the next invoice of its project. Only that flag and its date are written; invoices
/// are NetSuite's own, and are read only.
/// </summary>
public sealed class NetSuiteBilling(NetSuiteHttp http, MappingSets mappings) : IBilling
{
    public string SystemName => NetSuiteHttp.System;

    public async Task<IReadOnlyList<BillingEntry>> ReadScheduleAsync(string projectId, CancellationToken cancellationToken)
    {
        var schedule = await ScheduleOfAsync(projectId, cancellationToken) is { } id ? await http.FindAsync(NetSuiteSchedules.Record, id, cancellationToken) : null;
        return [.. (schedule?["milestone"]?["items"] as JsonArray ?? []).OfType<JsonObject>().Select(line => mappings.Read<BillingEntry>("netsuite.billing-entry.read", line))];
    }

    public async Task SetReadyAsync(string projectId, string entryId, DateOnly? readyOn, CancellationToken cancellationToken)
    {
        var schedule = await ScheduleOfAsync(projectId, cancellationToken)
            ?? throw new ConnectorException(NetSuiteHttp.System, ErrorClass.Business, $"netsuite's project {projectId} has no billing schedule any more. Restore it there, then retry.");
        var line = mappings.Write("netsuite.billing-entry.write", new BillingEntry(entryId, "", 0m, null, readyOn is not null, readyOn));

        // A line that is named by its id is changed in place; the others keep what they have.
        await http.UpdateAsync(NetSuiteSchedules.Record, schedule, new JsonObject { ["milestone"] = new JsonObject { ["items"] = new JsonArray(line) } }, cancellationToken);
    }

    public async Task<IReadOnlyList<InvoiceLine>> ReadInvoicedLinesAsync(string projectId, CancellationToken cancellationToken)
    {
        var rows = await http.QueryAsync(
            "SELECT l.id, t.id AS invoice, t.tranid, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS dated, t.approvalstatus, l.memo, l.foreignamount FROM transaction t JOIN transactionline l ON l.transaction = t.id WHERE t.type = 'CustInvc' AND t.job = ? AND l.mainline = 'F' ORDER BY l.id",
            [projectId],
            cancellationToken);
        return [.. rows.Select(row => mappings.Read<InvoiceLine>("netsuite.invoice-line.read", row)).Select(line => line with { Amount = -line.Amount })];
    }

    public async Task<bool> HasInvoicedAsync(string clientId, CancellationToken cancellationToken) =>
        await http.FirstAsync("SELECT id FROM transaction WHERE type = 'CustInvc' AND entity = ?", [clientId], CallKind.Read, cancellationToken) is not null;

    private async Task<string?> ScheduleOfAsync(string projectId, CancellationToken cancellationToken) =>
        (await http.FindAsync(NetSuiteProjects.Record, projectId, cancellationToken))?["billingSchedule"]?["id"]?.ToString();
}
