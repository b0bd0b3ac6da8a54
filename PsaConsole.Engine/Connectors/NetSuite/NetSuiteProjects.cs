using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>Projects are records of the type job, each with a billing schedule of its own under the same external id.</summary>
internal sealed class NetSuiteProjects(NetSuiteHttp http, NetSuiteReferences references, MappingSets mappings) : ITarget<Engagement>
{
    public const string Record = "job";
    private const string ReadSet = "netsuite.project.read";
    private readonly NetSuiteSchedules schedules = new(http, mappings);

    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) => http.FindIdAsync(Record, ExternalKey.Of(key), cancellationToken);

    public async Task<string> WriteAsync(string key, Engagement record, string? id, CancellationToken cancellationToken)
    {
        var externalId = ExternalKey.Of(key);
        var wire = mappings.Write("netsuite.project.write", record);
        await references.ResolveAsync(wire, cancellationToken);
        if (await schedules.EnsureAsync(externalId, record, cancellationToken) is { } schedule)
        {
            wire["billingSchedule"] = new JsonObject { ["id"] = schedule };
        }

        if (id is null)
        {
            return await http.UpsertAsync(Record, externalId, wire, replaced: null, cancellationToken);
        }

        await http.UpdateAsync(Record, id, wire, cancellationToken);
        return id;
    }

    public async Task<Engagement?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await http.FindAsync(Record, id, cancellationToken) is not { } job)
        {
            return null;
        }

        if (ScheduleOf(job) is { } schedule)
        {
            job["billing"] = await schedules.FindAsync(schedule, cancellationToken);
        }

        await references.TranslateAsync(job, mappings.SourcesOf(ReadSet).Fields, cancellationToken);
        return mappings.Read<Engagement>(ReadSet, job);
    }

    /// <summary>Closed and inactive with its schedule: nothing can be entered or billed, and whatever was posted stays.</summary>
    public async Task WithdrawAsync(string id, CancellationToken cancellationToken)
    {
        if (await http.FindAsync(Record, id, cancellationToken) is not { } job)
        {
            return;
        }

        var closed = mappings.Map("netsuite.project.withdraw", []).Complete();
        if (!WireState.Holds(job, closed))
        {
            await http.UpdateAsync(Record, id, closed, cancellationToken);
        }

        if (ScheduleOf(job) is { } schedule)
        {
            await schedules.WithdrawAsync(schedule, cancellationToken);
        }
    }

    private static string? ScheduleOf(JsonObject job) => job["billingSchedule"]?["id"]?.ToString();
}
