using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PsaConsole.Sandbox.Core;

/// <summary>
/// The type that each kind of field is kept as: text, references and picklists as string, numbers as decimal, whole numbers as long, flags as bool,
/// dates as DateOnly, points in time as DateTimeOffset (UTC), structures as JsonObject and lists as JsonArray.
/// </summary>
public static class FieldValue
{
    /// <summary>Reads a JSON value as the field's type; false when it is of another kind. JSON null is null.</summary>
    public static bool TryRead(FieldType type, JsonElement json, out object? value)
    {
        value = null;
        if (json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return true;
        }

        value = type switch
        {
            FieldType.Text or FieldType.Reference or FieldType.Picklist => json.ValueKind == JsonValueKind.String ? json.GetString() : null,
            FieldType.Number => json.ValueKind == JsonValueKind.Number && json.TryGetDecimal(out var number) ? number : null,
            FieldType.Whole => json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var integer) ? integer : null,
            FieldType.Boolean => json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : null,
            FieldType.Date => json.ValueKind == JsonValueKind.String ? ReadDate(json.GetString()!) : null,
            FieldType.DateTime => json.ValueKind == JsonValueKind.String ? ReadInstant(json.GetString()!) : null,
            FieldType.Structure => json.ValueKind == JsonValueKind.Object ? JsonObject.Create(json.Clone()) : null,
            FieldType.List => json.ValueKind == JsonValueKind.Array ? JsonArray.Create(json.Clone()) : null,
            _ => throw new InvalidOperationException($"Unknown field type {type}."),
        };
        return value is not null;
    }

    /// <summary>Writes a value plainly: dates as 2026-04-25, points in time as ISO 8601 in UTC.</summary>
    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case decimal number: writer.WriteNumberValue(number); break;
            case long integer: writer.WriteNumberValue(integer); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case DateOnly date: writer.WriteStringValue(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)); break;
            case DateTimeOffset instant: writer.WriteStringValue(instant.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)); break;
            case JsonNode node: node.WriteTo(writer); break;
            default: throw new ArgumentException($"A field can't hold a {value.GetType().Name}.", nameof(value));
        }
    }

    private static DateOnly? ReadDate(string text)
        => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    private static DateTimeOffset? ReadInstant(string text)
        => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : null;
}
