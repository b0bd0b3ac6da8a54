using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>Billing schedules: dated amounts for what is billed by milestone or installment, a frequency for what is billed by time.</summary>
internal sealed class NetSuiteSchedules(NetSuiteHttp http, MappingSets mappings)
{
    public const string Record = "billingSchedule";
    private const string WriteSet = "netsuite.schedule.write";

    /// <summary>Makes sure that the schedule of a project exists and holds what the project needs; answers its id, or null when its billing type has none.</summary>
    public async Task<string?> EnsureAsync(string externalId, Engagement project, CancellationToken cancellationToken)
    {
        var wire = mappings.Write(WriteSet, project);
        if (wire["scheduleType"] is null)
        {
            return null;
        }

        // Lines can only be replaced as a whole, and a replaced milestone forgets that it was completed: what is right is left alone.
        return await http.FindAsync(Record, "eid:" + externalId, cancellationToken) is { } found && WireState.Holds(found, wire)
            ? found["id"]!.ToString()
            : await http.UpsertAsync(Record, externalId, wire, replaced: "milestone,recurrence", cancellationToken);
    }

    public Task<JsonObject?> FindAsync(string id, CancellationToken cancellationToken) => http.FindAsync(Record, id, cancellationToken);

    public Task WithdrawAsync(string id, CancellationToken cancellationToken) =>
        http.UpdateAsync(Record, id, mappings.Map("netsuite.schedule.withdraw", []).Complete(), cancellationToken);
}
