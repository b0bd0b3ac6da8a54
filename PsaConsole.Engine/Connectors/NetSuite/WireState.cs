using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>Compares what is to be written with what a record holds.</summary>
internal static class WireState
{
    /// <summary>True when every wanted value is there already; a reference is the same when its id is, a sublist when its lines are, in order.</summary>
    public static bool Holds(JsonNode? found, JsonNode? wanted) => (found, wanted) switch
    {
        (_, null) => found is null,
        (JsonObject has, JsonObject fields) => fields.All(field => Holds(has[field.Key], field.Value)),
        (JsonArray has, JsonArray lines) => has.Count == lines.Count && has.Zip(lines).All(pair => Holds(pair.First, pair.Second)),
        (JsonValue has, JsonValue value) => Text(has) == Text(value),
        _ => false,
    };

    /// <summary>Numbers without their trailing zeros: 100.00 is 100.</summary>
    private static string? Text(JsonNode node) =>
        JsonPath.Text(node) is { } text && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("0.############", CultureInfo.InvariantCulture)
            : JsonPath.Text(node);
}
