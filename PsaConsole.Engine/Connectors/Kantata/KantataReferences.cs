using System.Text.Json.Nodes;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>
/// Our keys in Kantata: external references that point to its records. A new record brings its reference in the same call, so that both are there or
/// neither; only what was there before us gets one in a call of its own. https://developer.kantata.com/tag/External-References
/// </summary>
internal sealed class KantataReferences(KantataHttp http)
{
    /// <summary>Field of a new record that holds its reference.</summary>
    public const string Field = "external_reference";

    public const string Service = "psaconsole";

    /// <summary>Id of the record that carries the key, or null.</summary>
    /// <param name="subject">Type of the record as references name it: Workspace, WorkspaceGroup …</param>
    public async Task<string?> FindAsync(string subject, string key, CancellationToken cancellationToken) =>
        (await http.ListAsync("external_references", $"subject_type={subject}&service_name={Service}&service_model_ref={Uri.EscapeDataString(key)}", cancellationToken))
            .FirstOrDefault()?["subject_id"]?.ToString();

    /// <summary>The reference that a new record brings with it.</summary>
    public static JsonObject Carry(string model, string key) => new()
    {
        ["service_name"] = Service,
        ["service_model"] = model,
        ["service_model_ref"] = key,
    };

    /// <summary>Our key of a record that was read with its external references; null when it has none.</summary>
    public static string? KeyOf(JsonObject record) => (record["external_references"] as JsonArray ?? [])
        .FirstOrDefault(reference => reference?["service_name"]?.ToString() == Service)?["service_model_ref"]?.ToString();

    /// <summary>Gives a record that was there before us the key, unless it has it. A record has one reference of a service.</summary>
    /// <exception cref="ConnectorException">The record carries another key of ours: it belongs to another object.</exception>
    public async Task EnsureAsync(string resource, string subject, string model, string key, string id, CancellationToken cancellationToken)
    {
        var record = (await http.ListWithAsync(resource, $"only={Uri.EscapeDataString(id)}&include_archived=true", ["external_references"], cancellationToken)).FirstOrDefault();
        var held = record is null ? null : KeyOf(record);
        if (held == key)
        {
            return;
        }

        if (held is not null)
        {
            throw new ConnectorException(KantataHttp.System, ErrorClass.Business, $"kantata's {subject} {id} already belongs to {held}, so it can't become {key} too. Merge the two records, or name another one.");
        }

        var reference = Carry(model, key);
        reference["subject_type"] = subject;
        reference["subject_id"] = id;
        await http.CreateAsync("external_references/create_or_update", Field, reference, cancellationToken);
    }
}
