using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>
/// Requested roles: an unnamed resource says which role, its soft allocation says when and how many hours. A resource carries our key, so that it is
/// still the same request once a person has taken it. https://developer.kantata.com/tag/Workspace-Resources, /tag/Workspace-Allocations
/// </summary>
internal sealed class KantataRoles(KantataHttp http, MappingSets mappings)
{
    private const string Resources = "workspace_resources";
    private const string Allocations = "workspace_allocations";
    private const string Model = "requested_role";

    /// <summary>Creates what is missing: resources that carry no key yet, and allocations of resources that have none.</summary>
    /// <param name="key">Key of the plan; a role's is made of it and its position.</param>
    public async Task EnsureAsync(string key, string workspace, IReadOnlyList<RequestedRole> roles, CancellationToken cancellationToken)
    {
        if (roles.Count == 0)
        {
            return;
        }

        var known = (await http.ListAsync("roles", "order=created_at:asc", cancellationToken)).ToLookup(role => role["name"]?.ToString(), role => role["id"]!.ToString());
        var requested = roles.Select((role, index) => (Key: $"{key}-role-{index + 1}", Role: role, RoleId: RoleId(role, known))).ToList();
        var resources = await KeyedAsync(workspace, cancellationToken);
        var missing = requested.Where(request => !resources.ContainsKey(request.Key)).Select(request => new JsonObject
        {
            ["workspace_id"] = workspace,
            ["role_id"] = request.RoleId,
            [KantataReferences.Field] = KantataReferences.Carry(Model, request.Key),
        }).ToList();
        if (missing.Count > 0)
        {
            await http.CreateAllAsync(Resources, missing, cancellationToken);
            resources = await KeyedAsync(workspace, cancellationToken);
        }

        var allocated = (await AllocationsAsync(workspace, cancellationToken)).Select(ResourceOf).ToHashSet(StringComparer.Ordinal);
        var unplanned = requested.Where(request => !allocated.Contains(resources[request.Key]["id"]!.ToString())).Select(request =>
        {
            var wire = mappings.Write("kantata.role.write", request.Role);
            wire["resource_id"] = resources[request.Key]["id"]!.ToString();
            return wire;
        }).ToList();
        await http.CreateAllAsync(Allocations, unplanned, cancellationToken);
    }

    /// <summary>The requested roles as the project holds them now: whoever fills them, with the hours and dates of all their allocations.</summary>
    public async Task<IReadOnlyList<RequestedRole>> ReadAsync(string workspace, CancellationToken cancellationToken)
    {
        var resources = await KeyedAsync(workspace, cancellationToken);
        var allocations = (await AllocationsAsync(workspace, cancellationToken)).ToLookup(ResourceOf);
        return [.. resources.OrderBy(pair => pair.Key.Length).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => Read(pair.Value, [.. allocations[pair.Value["id"]!.ToString()]]))];
    }

    private RequestedRole Read(JsonObject resource, List<JsonObject> allocations)
    {
        resource["minutes"] = allocations.Sum(allocation => allocation["minutes"]?.GetValue<decimal>() ?? 0m);
        resource["start_date"] = allocations.Select(allocation => allocation["start_date"]?.ToString()).Min(StringComparer.Ordinal);
        resource["end_date"] = allocations.Select(allocation => allocation["end_date"]?.ToString()).Max(StringComparer.Ordinal);
        return mappings.Read<RequestedRole>("kantata.role.read", resource);
    }

    /// <summary>The project's resources that carry a key of ours, named or not, by key.</summary>
    private async Task<Dictionary<string, JsonObject>> KeyedAsync(string workspace, CancellationToken cancellationToken)
    {
        // Without include_unnamed the list leaves out exactly what is asked for here.
        var resources = await http.ListWithAsync(Resources, $"workspace_id={Uri.EscapeDataString(workspace)}&include_unnamed=true", ["role", "external_references"], cancellationToken);
        return resources.Where(resource => KantataReferences.KeyOf(resource) is not null).ToDictionary(resource => KantataReferences.KeyOf(resource)!, StringComparer.Ordinal);
    }

    private Task<List<JsonObject>> AllocationsAsync(string workspace, CancellationToken cancellationToken) =>
        http.ListAsync(Allocations, $"workspace_id={Uri.EscapeDataString(workspace)}", cancellationToken);

    private static string ResourceOf(JsonObject allocation) => allocation["workspace_resource_id"]?.ToString() ?? "";

    private static string RoleId(RequestedRole role, ILookup<string?, string> known) => known[role.Role].FirstOrDefault()
        ?? throw new ConnectorException(KantataHttp.System, ErrorClass.Business, $"kantata has no role \"{role.Role}\". Create it, or correct the requested role in CRM.");
}
