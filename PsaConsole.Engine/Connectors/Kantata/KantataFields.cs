using System.Text.Json.Nodes;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>The account's own fields of its records: values by the names that people know. https://developer.kantata.com/kantata/specification/custom-field-values</summary>
internal sealed class KantataFields(KantataHttp http)
{
    /// <summary>Brings the fields to the wanted values; a new value takes the place of the old one.</summary>
    /// <param name="subject">Type of the record as the fields name it: Workspace, User …</param>
    /// <param name="set">The mapping set that wants them, for the message when a field is missing.</param>
    /// <exception cref="ConnectorException">Business: the account has no such field.</exception>
    public async Task EnsureAsync(string subject, string id, JsonObject wanted, string set, CancellationToken cancellationToken)
    {
        var fields = await http.ListAsync("custom_fields", $"subject_type={subject}", cancellationToken);
        var values = await ValuesAsync(subject, id, cancellationToken);
        var changed = new List<JsonObject>();
        foreach (var (name, value) in wanted)
        {
            var field = fields.Find(item => item["name"]?.ToString() == name)
                ?? throw new ConnectorException(KantataHttp.System, ErrorClass.Business, $"kantata has no custom field \"{name}\" of the type {subject}. Create it, or take it out of the mapping set {set}.");
            var fieldId = field["id"]!.ToString();
            if (value?.ToString() != values.Find(item => item["custom_field_id"]?.ToString() == fieldId)?["value"]?.ToString())
            {
                changed.Add(new JsonObject { ["subject_type"] = subject, ["subject_id"] = id, ["custom_field_id"] = fieldId, ["value"] = value?.DeepClone() });
            }
        }

        await http.CreateAllAsync("custom_field_values", changed, cancellationToken);
    }

    /// <summary>The record's values by name.</summary>
    public async Task<JsonObject> ReadAsync(string subject, string id, CancellationToken cancellationToken)
    {
        var values = await ValuesAsync(subject, id, cancellationToken);
        var names = (await http.ListAsync("custom_fields", $"subject_type={subject}", cancellationToken)).ToDictionary(field => field["id"]!.ToString(), field => field["name"]!.ToString(), StringComparer.Ordinal);
        return new JsonObject(values.Select(value => KeyValuePair.Create(names.GetValueOrDefault(value["custom_field_id"]!.ToString(), ""), value["value"]?.DeepClone())).DistinctBy(pair => pair.Key));
    }

    private Task<List<JsonObject>> ValuesAsync(string subject, string id, CancellationToken cancellationToken) =>
        http.ListAsync("custom_field_values", $"subject_type={subject}&with_subject_id={Uri.EscapeDataString(id)}", cancellationToken);
}
