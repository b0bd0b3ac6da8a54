using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies.Changes;

namespace PsaConsole.Engine.Workflows.Changes;

/// <summary>The systems in which a project that stands can be changed.</summary>
public sealed class ChangeTargets(IEnumerable<IProjectChanges> targets)
{
    private readonly Dictionary<string, IProjectChanges> bySystem = targets.ToDictionary(target => target.SystemName, StringComparer.Ordinal);

    /// <exception cref="ConnectorException">Business: the system's connector can't change projects.</exception>
    public IProjectChanges Of(IConnector system) => bySystem.TryGetValue(system.SystemName, out var target)
        ? target
        : throw new ConnectorException(system.SystemName, ErrorClass.Business, $"The connector of {system.SystemName} can't change a project that stands. Change it there by hand.");

    /// <summary>Brings the named fields of a project to what is wanted; everything else stays as the system holds it now. Repeatable.</summary>
    /// <exception cref="ConnectorException">Business: the project is gone.</exception>
    public async Task BringAsync(IConnector system, string projectId, Engagement wanted, IReadOnlyList<string> fields, CancellationToken cancellationToken)
    {
        var target = Of(system);
        var held = await target.ReadAsync(projectId, cancellationToken)
            ?? throw new ConnectorException(system.SystemName, ErrorClass.Business, $"{system.SystemName} has no project {projectId} any more. Restore {wanted.Number} there, then retry.");
        var changed = EngagementFields.Take(held, wanted, fields);

        // A system may not keep the names of what it bills, by which single entries would be found: the schedule is taken whole.
        await target.ChangeAsync(projectId, held, fields.Any(IsSchedule) ? changed with { Schedule = wanted.Schedule } : changed with { Schedule = held.Schedule }, cancellationToken);
    }

    private static bool IsSchedule(string field) => field is EngagementFields.Milestones or EngagementFields.MilestoneDates;
}
