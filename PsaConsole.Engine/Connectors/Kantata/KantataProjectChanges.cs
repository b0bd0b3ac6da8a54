using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>Fields of a workspace and its billing milestones, changed in place.</summary>
public sealed class KantataProjectChanges(KantataHttp http, KantataConnector account, MappingSets mappings) : IProjectChanges
{
    private const string ProjectSet = "kantata.project.write";
    private readonly KantataMilestonePlan milestones = new(http, mappings);

    public string SystemName => KantataHttp.System;

    public async Task<Engagement?> ReadAsync(string projectId, CancellationToken cancellationToken) =>
        await account.Projects.ReadAsync(projectId, cancellationToken) is { } project && await account.Plans.ReadAsync(projectId, cancellationToken) is { } plan
            ? project with { Schedule = [.. plan.Milestones.Select(entry => entry with { Name = KantataMilestonePlan.NameOf(entry.Name) })] }
            : null;

    public async Task ChangeAsync(string projectId, Engagement before, Engagement after, CancellationToken cancellationToken)
    {
        var changed = WireChange.Between(mappings.Write(ProjectSet, before), mappings.Write(ProjectSet, after));
        if (before.ProjectManager != after.ProjectManager)
        {
            changed["primary_maven_id"] = await KantataProjects.UserIdAsync(http, after.ProjectManager, cancellationToken);
        }

        if (changed.Count > 0)
        {
            await http.UpdateAsync("workspaces", "workspace", projectId, changed, cancellationToken);
        }

        if (!before.Schedule.SequenceEqual(after.Schedule))
        {
            await milestones.ChangeAsync(projectId, after.Schedule, after.Currency!, cancellationToken);
        }
    }
}
