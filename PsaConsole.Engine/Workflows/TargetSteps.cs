using System.Text.Json.Nodes;
using PsaConsole.Engine.Connectors;

namespace PsaConsole.Engine.Workflows;

/// <summary>The one way to write to a target: look up by key when an earlier attempt may have arrived, then write, and keep the id.</summary>
internal static class TargetSteps
{
    /// <returns>Id of the record, which exists exactly once.</returns>
    /// <exception cref="ConnectorException">The write failed; after an ambiguous failure the target was asked, and does not know the key yet.</exception>
    public static async Task<string> EnsureAsync<T>(
        this ITarget<T> target, string key, T record, string? knownId, bool inDoubt, CancellationToken cancellationToken)
        where T : class
    {
        var id = knownId ?? (inDoubt ? await target.FindAsync(key, cancellationToken) : null);
        try
        {
            return await target.WriteAsync(key, record, id, cancellationToken);
        }
        catch (ConnectorException lost) when (lost.Class == ErrorClass.Ambiguous)
        {
            // Asked at once: most lost answers belong to writes that arrived, and then nothing has to wait for a retry.
            if (await target.FindAsync(key, cancellationToken) is { } found)
            {
                // A write may be several calls, and the ones after the lost answer are still to come.
                return await target.WriteAsync(key, record, found, cancellationToken);
            }

            throw;
        }
    }

    /// <summary>A key that survives in every target: letters, digits and hyphens.</summary>
    public static string KeyOf(string kind, Guid id) => $"psac-{kind}-{id:n}";

    /// <summary>Differences of a read-back as the case's side-by-side view shows them.</summary>
    public static JsonObject Sides(IEnumerable<(string Field, string? Expected, string? Actual)> fields) => new()
    {
        ["compared"] = new JsonArray([.. fields.Select(side => new JsonObject { ["field"] = side.Field, ["expected"] = side.Expected, ["actual"] = side.Actual })]),
    };
}
