using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>
/// What a workspace holds: phases are stories, amounts are billing milestones, open roles are unnamed resources (see <see cref="KantataRoles"/>). What is
/// there already, by title, is left as it is; what is missing is created in one call a kind; nothing is removed.
/// </summary>
internal sealed class KantataPlans(KantataHttp http, KantataRoles roles, MappingSets mappings) : ITarget<ProjectPlan>
{
    private const string Stories = "stories";
    private const string Milestones = "billing_milestones";

    /// <summary>A plan is found with its project: it has no key of its own.</summary>
    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public async Task<string> WriteAsync(string key, ProjectPlan record, string? id, CancellationToken cancellationToken)
    {
        var workspace = id ?? record.ProjectId;
        var acceptances = record.Milestones.Where(entry => NeedsStory(entry) && record.Phases.All(phase => phase.Name != entry.Phase));
        await EnsureAsync(
            Stories,
            workspace,
            [.. record.Phases.Select(phase => mappings.Write("kantata.phase.write", phase)), .. acceptances.Select(entry => mappings.Write("kantata.acceptance.write", entry))],
            cancellationToken);
        var stories = await ListAsync(Stories, workspace, cancellationToken);
        await EnsureAsync(Milestones, workspace, [.. record.Milestones.Select(entry => Milestone(entry, record.Currency, stories))], cancellationToken);
        await roles.EnsureAsync(key, workspace, record.Roles, cancellationToken);
        return workspace;
    }

    public async Task<ProjectPlan?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await http.FindAsync("workspaces", id, cancellationToken) is not { } workspace)
        {
            return null;
        }

        var currency = workspace["currency"]!.ToString();
        var stories = await ListAsync(Stories, id, cancellationToken);
        var milestones = await ListAsync(Milestones, id, cancellationToken);
        return new ProjectPlan
        {
            ProjectId = id,
            Currency = currency,
            Phases = [.. stories.Where(IsPhase).Select((phase, index) => mappings.Read<DeliveryPhase>("kantata.phase.read", Numbered(phase, index)))],
            Milestones = [.. milestones.Select((entry, index) => mappings.Read<ScheduleEntry>("kantata.milestone.read", WithCurrency(Numbered(entry, index), currency)))],
            Roles = await roles.ReadAsync(id, cancellationToken),
        };
    }

    /// <summary>Goes with its project.</summary>
    public Task WithdrawAsync(string id, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task EnsureAsync(string resource, string workspace, IReadOnlyList<JsonObject> wanted, CancellationToken cancellationToken)
    {
        var existing = (await ListAsync(resource, workspace, cancellationToken)).Select(item => item["title"]?.ToString()).ToList();

        // Each that is there stands for one that is wanted: two phases of one name are two.
        var missing = wanted.Where(item => !existing.Remove(item["title"]?.ToString())).ToList();
        foreach (var item in missing)
        {
            item["workspace_id"] = workspace;
        }

        await http.CreateAllAsync(resource, missing, cancellationToken);
    }

    /// <summary>What the project has, in the order in which it was created.</summary>
    private async Task<List<JsonObject>> ListAsync(string resource, string workspace, CancellationToken cancellationToken) =>
        await http.ListAsync(resource, $"workspace_id={Uri.EscapeDataString(workspace)}&order=created_at:asc", cancellationToken);

    /// <summary>A milestone that is billed upon completion belongs to the story that is completed: its phase, or a deliverable of its own.</summary>
    private JsonObject Milestone(ScheduleEntry entry, string currency, List<JsonObject> stories)
    {
        var wire = mappings.Write("kantata.milestone.write", WithCurrency(JsonSerializer.SerializeToNode(entry, MappingSets.Json)!.AsObject(), currency));
        if (NeedsStory(entry))
        {
            var acceptance = mappings.Write("kantata.acceptance.write", entry)["title"]?.ToString();
            var story = stories.Find(item => IsPhase(item) && item["title"]?.ToString() == entry.Phase) ?? stories.Find(item => item["title"]?.ToString() == acceptance);
            wire["story_id"] = story?["id"]?.DeepClone();
        }

        return wire;
    }

    private static bool NeedsStory(ScheduleEntry entry) => entry.AcceptanceRequired;

    private static bool IsPhase(JsonObject story) => story["story_type"]?.ToString() == "milestone";

    private static JsonObject WithCurrency(JsonObject wire, string currency)
    {
        wire["currency"] = currency;
        return wire;
    }

    private static JsonObject Numbered(JsonObject wire, int index)
    {
        wire["position"] = index + 1;
        return wire;
    }
}
