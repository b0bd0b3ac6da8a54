using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>Clients are workspace groups.</summary>
internal sealed class KantataClients(KantataHttp http, KantataReferences references, MappingSets mappings) : ITarget<Client>
{
    public const string Resource = "workspace_groups";
    private const string Kind = "workspace_group";
    private const string Subject = "WorkspaceGroup";
    private const string ReadSet = "kantata.client.read";

    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) => references.FindAsync(Subject, key, cancellationToken);

    public async Task<string> WriteAsync(string key, Client record, string? id, CancellationToken cancellationToken)
    {
        var wire = mappings.Write("kantata.client.write", record);
        if (id is null)
        {
            // Names are unique in an account: a group of this name is the client's, set up by hand.
            var name = wire["name"]!.ToString();
            var same = await http.ListAsync(Resource, $"search={Uri.EscapeDataString(name)}", cancellationToken);
            id = same.FirstOrDefault(group => string.Equals(group["name"]?.ToString(), name, StringComparison.OrdinalIgnoreCase))?["id"]?.ToString();
        }

        if (id is null)
        {
            wire[KantataReferences.Field] = KantataReferences.Carry(Kind, key);
            return (await http.CreateAsync(Resource, Kind, wire, cancellationToken))["id"]!.ToString();
        }

        await references.EnsureAsync(Resource, Subject, Kind, key, id, cancellationToken);
        await RenameAsync(id, wire, cancellationToken);
        return id;
    }

    private async Task RenameAsync(string id, JsonObject wire, CancellationToken cancellationToken)
    {
        var found = await http.FindAsync(Resource, id, cancellationToken);
        if (found?["name"]?.ToString() != wire["name"]!.ToString())
        {
            await http.UpdateAsync(Resource, Kind, id, new JsonObject { ["name"] = wire["name"]!.DeepClone() }, cancellationToken);
        }
    }

    public async Task<Client?> ReadAsync(string id, CancellationToken cancellationToken) =>
        await http.FindAsync(Resource, id, cancellationToken) is { } group ? mappings.Read<Client>(ReadSet, group) : null;

    /// <summary>Master data stays: there is nothing to take back (3-workflows 3a step 5).</summary>
    public Task WithdrawAsync(string id, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Groups whose name holds the first word of the client's; the policy decides how alike they are.</summary>
    public async Task<IReadOnlyList<ClientMatch>> SearchAsync(Client client, CancellationToken cancellationToken)
    {
        var word = client.LegalName.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        var found = await http.ListAsync(Resource, $"search={Uri.EscapeDataString(word)}", cancellationToken);

        // Groups have no country: a name of the account's own list is compared as if it were in the client's.
        return [.. found.Select(group => (Id: group["id"]!.ToString(), mappings.Read<Client>(ReadSet, group).LegalName)).Select(group => new ClientMatch(group.Id, group.LegalName, null, null, client.Country))];
    }
}
