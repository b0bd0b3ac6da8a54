using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PsaConsole.Engine.Mapping;

/// <summary>Reads and writes a value of a JSON object by property names with dots, such as "Account.BillingCity".</summary>
internal static class JsonPath
{
    public static JsonNode? Read(JsonNode? node, string path)
    {
        foreach (var name in path.Split('.'))
        {
            node = (node as JsonObject)?[name];
            if (node is null)
            {
                return null;
            }
        }

        return node;
    }

    public static void Write(JsonObject record, string path, JsonNode? value)
    {
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            if (record[name] is not JsonObject child)
            {
                record[name] = child = [];
            }

            record = child;
        }

        record[names[^1]] = value;
    }

    /// <summary>The value as text in invariant form, or null when it is absent, null or empty text.</summary>
    public static string? Text(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text.Length == 0 ? null : text,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag ? "true" : "false",
        JsonValue value when value.TryGetValue<decimal>(out var number) => number.ToString(CultureInfo.InvariantCulture),
        JsonValue value => value.ToString(),
        _ => node.ToJsonString(JsonSerializerOptions.Default),
    };
}
