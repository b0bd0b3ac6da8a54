using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>
/// Projects are workspaces; number, legal entity and billing type are custom fields of theirs. A write is several calls, each of which may be
/// repeated after any lost answer: the project brings its key with it, and a field's new value takes the place of the old one.
/// </summary>
internal sealed class KantataProjects(KantataHttp http, KantataReferences references, MappingSets mappings) : ITarget<Engagement>
{
    private const string Resource = "workspaces";
    private const string Kind = "workspace";
    private const string Subject = "Workspace";
    private const string FieldSet = "kantata.project-fields.write";
    private readonly KantataFields fields = new(http);

    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) => references.FindAsync(Subject, key, cancellationToken);

    public async Task<string> WriteAsync(string key, Engagement record, string? id, CancellationToken cancellationToken)
    {
        var wire = mappings.Write("kantata.project.write", record);
        wire["workspace_group_ids"] = new JsonArray(record.ClientId);
        wire["primary_maven_id"] = await UserIdAsync(http, record.ProjectManager, cancellationToken);
        if (id is null)
        {
            wire[KantataReferences.Field] = KantataReferences.Carry(Kind, key);
            id = (await http.CreateAsync(Resource, Kind, wire, cancellationToken))["id"]!.ToString();
        }
        else
        {
            wire.Remove("currency");
            await http.UpdateAsync(Resource, Kind, id, wire, cancellationToken);
            await references.EnsureAsync(Resource, Subject, Kind, key, id, cancellationToken);
        }

        await fields.EnsureAsync(Subject, id, mappings.Write(FieldSet, record), FieldSet, cancellationToken);
        return id;
    }

    public async Task<Engagement?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await http.FindAsync(Resource, id, cancellationToken) is not { } workspace)
        {
            return null;
        }

        workspace["custom"] = await fields.ReadAsync(Subject, id, cancellationToken);
        workspace["client_id"] = (workspace["workspace_group_ids"] as JsonArray)?.FirstOrDefault()?.DeepClone();
        if (workspace["primary_maven_id"]?.ToString() is { } manager)
        {
            workspace["manager"] = await http.FindAsync("users", manager, cancellationToken);
        }

        return mappings.Read<Engagement>("kantata.project.read", workspace);
    }

    /// <summary>Cancelled and archived: out of everybody's lists, with whatever was entered kept.</summary>
    public async Task WithdrawAsync(string id, CancellationToken cancellationToken)
    {
        if (await http.FindAsync(Resource, id, cancellationToken) is { } workspace && workspace["archived"]?.GetValue<bool>() != true)
        {
            var wire = mappings.Map("kantata.project.withdraw", []).Complete();
            await http.UpdateAsync(Resource, Kind, id, wire, cancellationToken);
        }
    }

    /// <summary>The user with this address; null for none.</summary>
    /// <exception cref="ConnectorException">Business: the account has no such user.</exception>
    internal static async Task<string?> UserIdAsync(KantataHttp http, string? email, CancellationToken cancellationToken)
    {
        if (email is null)
        {
            return null;
        }

        var found = await http.ListAsync("users", $"search={Uri.EscapeDataString(email)}", cancellationToken);
        return found.FirstOrDefault(user => string.Equals(user["email_address"]?.ToString(), email, StringComparison.OrdinalIgnoreCase))?["id"]?.ToString()
            ?? throw new ConnectorException(KantataHttp.System, ErrorClass.Business, $"kantata has no user with the address {email}. Invite the project manager, or name another one in CRM.");
    }
}
