using System.Text.Json.Nodes;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>
/// Our keys in Kantata: external references that point to its records. A reference is made in a second call after its record, so a record may be
/// without one when the first answer was lost; whoever creates looks for such a record by a natural key first.
/// </summary>
internal sealed class KantataReferences(KantataHttp http)
{
    private const string Service = "psaconsole";

    /// <summary>Id of the record that carries the key, or null.</summary>
    public async Task<string?> FindAsync(string kind, string key, CancellationToken cancellationToken)
    {
        var found = await http.ListAsync("external_references", $"service_name={Service}&external_reference_service_model_refs={Uri.EscapeDataString(key)}", cancellationToken);
        return found.FirstOrDefault(reference => reference["subject_type"]?.ToString() == kind)?["subject_id"]?.ToString();
    }

    /// <summary>Gives the record the key, unless it has it.</summary>
    public async Task EnsureAsync(string kind, string key, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(kind, key, cancellationToken) is null)
        {
            await http.CreateAsync("external_references", "external_reference", new JsonObject
            {
                ["service_name"] = Service,
                ["service_model"] = kind,
                ["service_model_ref"] = key,
                ["subject_type"] = kind,
                ["subject_id"] = id,
            }, cancellationToken);
        }
    }
}
