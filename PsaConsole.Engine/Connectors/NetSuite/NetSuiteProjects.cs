using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>Projects are jobs with a billing schedule of their own. Both are upserts under our key, so that a write may be repeated after any lost answer.</summary>
internal sealed class NetSuiteProjects(NetSuiteHttp http, NetSuiteReferences references, MappingSets mappings) : ITarget<Engagement>
{
    private const string Job = "job";
    private const string Schedule = "billingSchedule";

    public async Task<string?> FindAsync(string key, CancellationToken cancellationToken) => (await http.FindAsync(Job, $"eid:{key}", cancellationToken))?["id"]?.ToString();

    public async Task<string> WriteAsync(string key, Engagement record, string? id, CancellationToken cancellationToken)
    {
        var source = JsonSerializer.SerializeToNode(record, MappingSets.Json)!.AsObject();
        source["ids"] = new JsonObject
        {
            ["legalEntity"] = await references.IdOfAsync(NetSuiteReferences.Subsidiary, record.LegalEntity, cancellationToken),
            ["currency"] = await references.IdOfAsync(NetSuiteReferences.Currency, record.Currency, cancellationToken),
            ["terms"] = await references.IdOfAsync(NetSuiteReferences.Term, record.PaymentTerms, cancellationToken),
            ["costCenter"] = await references.IdOfAsync(NetSuiteReferences.Department, record.CostCenter, cancellationToken),
            ["projectManager"] = await references.IdOfAsync(NetSuiteReferences.Employee, record.ProjectManager, cancellationToken),
            ["rateCard"] = await references.IdOfAsync(NetSuiteReferences.RateCard, record.RateCard, cancellationToken),
            ["schedule"] = await EnsureScheduleAsync(key, record, source, cancellationToken),
        };
        return await http.UpsertAsync(Job, key, mappings.Map("netsuite.project.write", source).Complete(), "", cancellationToken);
    }

    public async Task<Engagement?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await http.FindAsync(Job, id, cancellationToken) is not { } job)
        {
            return null;
        }

        job["codes"] = new JsonObject
        {
            ["legalEntity"] = await references.CodeOfAsync(NetSuiteReferences.Subsidiary, Id(job, "subsidiary"), cancellationToken),
            ["currency"] = await references.CodeOfAsync(NetSuiteReferences.Currency, Id(job, "currency"), cancellationToken),
            ["terms"] = await references.CodeOfAsync(NetSuiteReferences.Term, Id(job, "custentity_psac_terms"), cancellationToken),
            ["costCenter"] = await references.CodeOfAsync(NetSuiteReferences.Department, Id(job, "custentity_psac_cost_center"), cancellationToken),
            ["projectManager"] = await references.CodeOfAsync(NetSuiteReferences.Employee, Id(job, "projectManager"), cancellationToken),
            ["rateCard"] = await references.CodeOfAsync(NetSuiteReferences.RateCard, Id(job, "billingRateCard"), cancellationToken),
        };
        job["schedule"] = Id(job, Schedule) is { } schedule ? await http.FindAsync(Schedule, schedule, cancellationToken) : null;
        var project = mappings.Read<Engagement>("netsuite.project.read", job);
        return project with { Schedule = [.. project.Schedule.Select((entry, index) => entry with { Sequence = index + 1 })] };
    }

    /// <summary>Closed and out of use; the record stays, whatever is posted on it.</summary>
    public async Task WithdrawAsync(string id, CancellationToken cancellationToken)
    {
        if (await http.FindAsync(Job, id, cancellationToken) is not null)
        {
            await http.UpdateAsync(Job, id, mappings.Map("netsuite.project.withdraw", []).Complete(), cancellationToken);
        }
    }

    private async Task<string?> EnsureScheduleAsync(string key, Engagement record, JsonObject source, CancellationToken cancellationToken)
    {
        if (record.Schedule.Count == 0 && record.InvoiceFrequency is null)
        {
            return null;
        }

        return await http.UpsertAsync(Schedule, $"{key}-schedule", mappings.Map("netsuite.schedule.write", source).Complete(), "milestone", cancellationToken);
    }

    private static string? Id(JsonObject record, string reference) => record[reference]?["id"]?.ToString();
}
