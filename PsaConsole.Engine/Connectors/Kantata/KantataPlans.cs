using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>
/// What a workspace holds: phases are stories, amounts are billing milestones, open roles are unnamed resources. What is there already, by title, is
/// left as it is; what is missing is created in one call a kind; nothing is removed.
/// </summary>
internal sealed class KantataPlans(KantataHttp http, MappingSets mappings) : ITarget<ProjectPlan>
{
    /// <summary>A plan is found with its project: it has no key of its own.</summary>
    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public async Task<string> WriteAsync(string key, ProjectPlan record, string? id, CancellationToken cancellationToken)
    {
        var workspace = id ?? record.ProjectId;
        await EnsureAsync("stories", "title", workspace, record.Phases.Select(phase => mappings.Write("kantata.phase.write", phase)), cancellationToken);
        await EnsureAsync("billing_milestones", "title", workspace, record.Milestones.Select(entry => mappings.Write("kantata.milestone.write", WithCurrency(entry, record.Currency))), cancellationToken);
        var roles = new List<JsonObject>();
        for (var position = 0; position < record.Roles.Count; position++)
        {
            roles.Add(await RoleAsync(record.Roles[position], position + 1, cancellationToken));
        }

        await EnsureAsync("workspace_resources", "label", workspace, roles, cancellationToken);
        return workspace;
    }

    public async Task<ProjectPlan?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await http.FindAsync("workspaces", id, cancellationToken) is not { } workspace)
        {
            return null;
        }

        var currency = workspace["currency"]!.ToString();
        var phases = await http.ListAsync("stories", $"workspace_id={id}&story_type=milestone", cancellationToken);
        var milestones = await http.ListAsync("billing_milestones", $"workspace_id={id}", cancellationToken);
        var resources = await http.ListAsync("workspace_resources", $"workspace_id={id}", cancellationToken);
        return new ProjectPlan
        {
            ProjectId = id,
            Currency = currency,
            Phases = [.. phases.Select((phase, index) => mappings.Read<DeliveryPhase>("kantata.phase.read", Numbered(phase, index)))],
            Milestones = [.. milestones.Select((entry, index) => mappings.Read<ScheduleEntry>("kantata.milestone.read", WithCurrency(Numbered(entry, index), currency)))],
            Roles = [.. resources.Where(resource => resource["user_id"] is null).Select(resource => mappings.Read<RequestedRole>("kantata.role.read", resource))],
        };
    }

    /// <summary>Goes with its project.</summary>
    public Task WithdrawAsync(string id, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task EnsureAsync(string resource, string naturalKey, string workspace, IEnumerable<JsonObject> wanted, CancellationToken cancellationToken)
    {
        var existing = (await http.ListAsync(resource, $"workspace_id={Uri.EscapeDataString(workspace)}", cancellationToken)).Select(item => item[naturalKey]?.ToString()).ToList();

        // Each that is there stands for one that is wanted: two phases of one name are two.
        var missing = wanted.Where(item => !existing.Remove(item[naturalKey]?.ToString())).ToList();
        foreach (var item in missing)
        {
            item["workspace_id"] = workspace;
        }

        await http.CreateAllAsync(resource, missing, cancellationToken);
    }

    private async Task<JsonObject> RoleAsync(RequestedRole role, int position, CancellationToken cancellationToken)
    {
        var wire = mappings.Write("kantata.role.write", role);
        wire["label"] = $"{position} {wire["label"]}";
        var found = await http.ListAsync("roles", $"search={Uri.EscapeDataString(role.Role)}", cancellationToken);
        wire["role_id"] = found.FirstOrDefault(item => item["name"]?.ToString() == role.Role)?["id"]?.DeepClone()
            ?? throw new ConnectorException(KantataHttp.System, ErrorClass.Business, $"kantata has no role \"{role.Role}\". Create it, or correct the requested role in CRM.");
        return wire;
    }

    private static JsonObject WithCurrency(ScheduleEntry entry, string currency)
    {
        var wire = System.Text.Json.JsonSerializer.SerializeToNode(entry, MappingSets.Json)!.AsObject();
        wire["currency"] = currency;
        return wire;
    }

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
