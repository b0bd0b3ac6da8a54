using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>Fields of a job and lines of its billing schedule, changed in place.</summary>
public sealed class NetSuiteProjectChanges(NetSuiteHttp http, NetSuiteConnector account, MappingSets mappings, TimeProvider clock) : IProjectChanges
{
    private const string ProjectSet = "netsuite.project.write";
    private const string ScheduleSet = "netsuite.schedule.write";
    private const string Milestones = "milestone";
    private const string Installments = "recurrence";
    private readonly NetSuiteReferences references = new(http, clock);

    public string SystemName => NetSuiteHttp.System;

    public Task<Engagement?> ReadAsync(string projectId, CancellationToken cancellationToken) => account.Projects.ReadAsync(projectId, cancellationToken);

    public async Task ChangeAsync(string projectId, Engagement before, Engagement after, CancellationToken cancellationToken)
    {
        var changed = WireChange.Between(mappings.Write(ProjectSet, before), mappings.Write(ProjectSet, after));
        if (changed.Count > 0)
        {
            await references.ResolveAsync(changed, cancellationToken);
            await http.UpdateAsync(NetSuiteProjects.Record, projectId, changed, cancellationToken);
        }

        var (was, wanted) = (mappings.Write(ScheduleSet, before), mappings.Write(ScheduleSet, after));
        if (!JsonNode.DeepEquals(was, wanted) && await ScheduleOfAsync(projectId, cancellationToken) is { } schedule)
        {
            await ChangeScheduleAsync(schedule, wanted, cancellationToken);
        }
    }

    private async Task ChangeScheduleAsync(JsonObject schedule, JsonObject wanted, CancellationToken cancellationToken)
    {
        var lines = ScheduleLines.Between([.. Lines(schedule, Milestones)], [.. Lines(wanted, Milestones)]);
        var sent = new JsonObject(wanted.Where(field => field.Key is not (Milestones or Installments) && !WireState.Holds(schedule[field.Key], field.Value)).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
        var replaced = lines.Replaces ? Milestones : null;
        if (lines.Lines.Count > 0)
        {
            sent[Milestones] = new JsonObject { ["items"] = lines.Lines };
        }

        // Installments have no name that they could be found by, and nothing of their own that could be lost.
        if (wanted[Installments] is { } installments && !WireState.Holds(schedule[Installments], installments))
        {
            sent[Installments] = installments.DeepClone();
            replaced = Installments;
        }

        if (replaced is null && sent.Count > 0)
        {
            await http.UpdateAsync(NetSuiteSchedules.Record, schedule["id"]!.ToString(), sent, cancellationToken);
        }
        else if (replaced is not null)
        {
            await http.UpsertAsync(NetSuiteSchedules.Record, schedule["externalId"]!.ToString(), sent, replaced, cancellationToken);
        }
    }

    private async Task<JsonObject?> ScheduleOfAsync(string projectId, CancellationToken cancellationToken) =>
        (await http.FindAsync(NetSuiteProjects.Record, projectId, cancellationToken))?["billingSchedule"]?["id"]?.ToString() is { } id
            ? await http.FindAsync(NetSuiteSchedules.Record, id, cancellationToken)
            : null;

    private static IEnumerable<JsonObject> Lines(JsonObject schedule, string list) => (schedule[list]?["items"] as JsonArray ?? []).OfType<JsonObject>();
}
