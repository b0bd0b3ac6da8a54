using System.Text.Json.Nodes;

namespace PsaConsole.Engine.Connectors;

/// <summary>What differs between two states of a record in a vendor's fields.</summary>
internal static class WireChange
{
    /// <summary>The fields of the second state that the first does not have so; null where it has a field more.</summary>
    public static JsonObject Between(JsonObject before, JsonObject after)
    {
        var changed = new JsonObject();
        foreach (var field in after.Select(pair => pair.Key).Concat(before.Select(pair => pair.Key)).Distinct(StringComparer.Ordinal))
        {
            if (!JsonNode.DeepEquals(before[field], after[field]))
            {
                changed[field] = after[field]?.DeepClone();
            }
        }

        return changed;
    }
}
