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

    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) => references.FindAsync(Subject, key, cancellationToken);

    public async Task<string> WriteAsync(string key, Engagement record, string? id, CancellationToken cancellationToken)
    {
        var wire = mappings.Write("kantata.project.write", record);
        wire["workspace_group_ids"] = new JsonArray(record.ClientId);
        wire["primary_maven_id"] = await UserIdAsync(record.ProjectManager, cancellationToken);
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

        await EnsureFieldsAsync(id, record, cancellationToken);
        return id;
    }

    public async Task<Engagement?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await http.FindAsync(Resource, id, cancellationToken) is not { } workspace)
        {
            return null;
        }

        var values = await http.ListAsync("custom_field_values", $"subject_type={Subject}&with_subject_id={Uri.EscapeDataString(id)}", cancellationToken);
        var names = (await http.ListAsync("custom_fields", $"subject_type={Subject}", cancellationToken)).ToDictionary(field => field["id"]!.ToString(), field => field["name"]!.ToString(), StringComparer.Ordinal);
        workspace["custom"] = new JsonObject(values.Select(value => KeyValuePair.Create(names.GetValueOrDefault(value["custom_field_id"]!.ToString(), ""), value["value"]?.DeepClone())).DistinctBy(pair => pair.Key));
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

    private async Task<string?> UserIdAsync(string? email, CancellationToken cancellationToken)
    {
        if (email is null)
        {
            return null;
        }

        var found = await http.ListAsync("users", $"search={Uri.EscapeDataString(email)}", cancellationToken);
        return found.FirstOrDefault(user => string.Equals(user["email_address"]?.ToString(), email, StringComparison.OrdinalIgnoreCase))?["id"]?.ToString()
            ?? throw new ConnectorException(KantataHttp.System, ErrorClass.Business, $"kantata has no user with the address {email}. Invite the project manager, or name another one in CRM.");
    }

    private async Task EnsureFieldsAsync(string id, Engagement record, CancellationToken cancellationToken)
    {
        var wanted = mappings.Write("kantata.project-fields.write", record);
        var fields = await http.ListAsync("custom_fields", $"subject_type={Subject}", cancellationToken);
        var values = await http.ListAsync("custom_field_values", $"subject_type={Subject}&with_subject_id={Uri.EscapeDataString(id)}", cancellationToken);
        var changed = new List<JsonObject>();
        foreach (var (name, value) in wanted)
        {
            var field = fields.Find(item => item["name"]?.ToString() == name)
                ?? throw new ConnectorException(KantataHttp.System, ErrorClass.Business, $"kantata has no custom field \"{name}\" for projects. Create it, or take it out of the mapping set kantata.project-fields.write.");
            var fieldId = field["id"]!.ToString();
            if (value?.ToString() != values.Find(item => item["custom_field_id"]?.ToString() == fieldId)?["value"]?.ToString())
            {
                changed.Add(new JsonObject { ["subject_type"] = Subject, ["subject_id"] = id, ["custom_field_id"] = fieldId, ["value"] = value?.DeepClone() });
            }
        }

        // A new value takes the place of the old one: https://developer.kantata.com/kantata/specification/custom-field-values
        await http.CreateAllAsync("custom_field_values", changed, cancellationToken);
    }
}
