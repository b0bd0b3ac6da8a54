using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>What X-NetSuite-PropertyNameValidation asks for when a name is unknown.</summary>
internal enum NameValidation
{
    Warning,
    Error,
    Ignore,
}

/// <summary>The fields that a body sends, in the store's types.</summary>
internal sealed record InputFields(Dictionary<string, object?> Values, Dictionary<string, JsonArray> Lines, IReadOnlyList<string> Unknown);

/// <summary>Reads the body of a write by the record type's fields: names, value types, enum ids and references.</summary>
internal sealed partial class RecordInput(RecordStore store)
{
    private static readonly string[] Envelope = ["links", "id", "refName", "totalResults"];

    /// <exception cref="NetSuiteRefusal">A value can't be taken, or a name is unknown and the client asked to be told.</exception>
    public InputFields Read(RecordType type, JsonElement body, NameValidation names)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw NetSuiteRefusal.Content("The request body is not a JSON object.");
        }

        var (values, lines, unknown) = (new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase), new Dictionary<string, JsonArray>(StringComparer.OrdinalIgnoreCase), new List<string>());
        foreach (var property in body.EnumerateObject().Where(property => !Envelope.Contains(property.Name)))
        {
            if (type.Schema.Find(property.Name) is not { } field || field.Name != property.Name)
            {
                unknown.Add(property.Name);
            }
            else if (field.Type == FieldType.List)
            {
                lines[field.Name] = Sublist(type, field.Name, property.Value, unknown);
            }
            else if (!field.ReadOnly)
            {
                values[field.Name] = Value(field, property.Value, field.Name);
            }
        }

        if (names == NameValidation.Error && unknown.Count > 0)
        {
            throw new NetSuiteRefusal(400, [.. unknown.Select(path => new RefusalDetail($"Error while accessing a resource. Unknown reference or field {path}.", "INVALID_CONTENT", path))]);
        }

        return new InputFields(values, lines, unknown);
    }

    /// <summary>The record that a reference means: an id, {"id"} or {"externalId"}.</summary>
    public Record Reference(FieldSchema field, JsonElement json, string path)
    {
        var tables = field.Table!.Split(',').Select(name => store[name]).ToList();
        var id = json.ValueKind switch
        {
            JsonValueKind.String => json.GetString(),
            JsonValueKind.Number => json.GetRawText(),
            JsonValueKind.Object when json.TryGetProperty("id", out var inner) => inner.ToString(),
            _ => null,
        };
        Record? record;
        if (id is not null)
        {
            record = tables.Select(table => table.Find(id)).FirstOrDefault(found => found is not null) ?? throw NetSuiteRefusal.Rule($"Invalid Field Value {id} for the following field: {path}");
        }
        else if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("externalId", out var external))
        {
            var key = external.ToString();
            record = tables.Where(table => table.Schema.Find("externalId") is not null).Select(table => table.FirstBy("externalId", key)).FirstOrDefault(found => found is not null)
                ?? throw new NetSuiteRefusal(400, [new RefusalDetail($"Error while accessing a resource. Invalid {path} reference key {key}.", "INVALID_KEY_OR_REF", path)]);
        }
        else
        {
            throw NetSuiteRefusal.Content($"The reference for the field {path} must have an id or an externalId.", path);
        }

        if (record.Schema.Find("isInactive") is not null && record.Flag("isInactive"))
        {
            throw NetSuiteRefusal.Rule($"Invalid Field Value {record.Id} for the following field: {path}. The referenced {record.Schema.Name} record is inactive.");
        }

        return record;
    }

    private object? Value(FieldSchema field, JsonElement json, string path)
    {
        if (json.ValueKind is JsonValueKind.Null)
        {
            return null;
        }

        if (field.Type == FieldType.Reference)
        {
            return Reference(field, json, path).Id;
        }

        if (NetSuiteSchema.ListOf(field) is { } list)
        {
            return EnumId(list, json, path);
        }

        if (field is { Type: FieldType.Text, Kind: NetSuiteSchema.Duration } && (json.ValueKind != JsonValueKind.String || !DurationForm().IsMatch(json.GetString()!)))
        {
            throw Wrong(path, json);
        }

        if (field.Type == FieldType.Text && json.ValueKind == JsonValueKind.Number)
        {
            return json.GetRawText();
        }

        // Numbers may come as text, as ids do.
        if (field.Type == FieldType.Number && json.ValueKind == JsonValueKind.String && decimal.TryParse(json.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        return FieldValue.TryRead(field.Type, json, out var value) ? value : throw Wrong(path, json);
    }

    private static string EnumId(string list, JsonElement json, string path)
    {
        var id = json.ValueKind switch
        {
            JsonValueKind.String => json.GetString(),
            JsonValueKind.Number => json.GetRawText(),
            JsonValueKind.Object when json.TryGetProperty("id", out var inner) => inner.ToString(),
            _ => null,
        };
        return id is not null && Lists.NameOf(list, id) is not null ? id : throw NetSuiteRefusal.Rule($"Invalid Field Value {id ?? json.GetRawText()} for the following field: {path}");
    }

    private JsonArray Sublist(RecordType type, string name, JsonElement json, List<string> unknown)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array)
        {
            throw NetSuiteRefusal.Content($"The sublist {name} must be an object with items.", name);
        }

        var lines = new JsonArray();
        var index = 0;
        foreach (var item in items.EnumerateArray())
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{name}.items[{index++}]");
            if (item.ValueKind != JsonValueKind.Object)
            {
                throw NetSuiteRefusal.Content("A line of a sublist must be an object.", path);
            }

            lines.Add(Line(type, name, item, path, unknown));
        }

        return lines;
    }

    private JsonObject Line(RecordType type, string list, JsonElement json, string path, List<string> unknown)
    {
        var (schema, line) = (type.Lines[list], new JsonObject());
        foreach (var property in json.EnumerateObject())
        {
            var place = $"{path}.{property.Name}";
            if (property.Name is "id" or "internalId")
            {
                line["id"] = int.TryParse(property.Value.ToString(), CultureInfo.InvariantCulture, out var key) ? key : throw Wrong(place, property.Value);
            }
            else if (schema.Find(property.Name) is not { } field || field.Name != property.Name)
            {
                if (!Envelope.Contains(property.Name))
                {
                    unknown.Add(place);
                }
            }
            else if (field.Type == FieldType.Structure)
            {
                line[field.Name] = Line(type, $"{list}.{field.Name}", property.Value, place, unknown);
            }
            else
            {
                line[field.Name] = Plain(Value(field, property.Value, place));
            }
        }

        return line;
    }

    private static JsonValue? Plain(object? value) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        decimal number => JsonValue.Create(number),
        bool flag => JsonValue.Create(flag),
        DateOnly date => JsonValue.Create(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        var other => throw new InvalidCastException($"A line can't hold a {other.GetType().Name}."),
    };

    private static NetSuiteRefusal Wrong(string path, JsonElement json)
        => NetSuiteRefusal.Content($"Invalid value for the resource or sub-resource field '{path}'. Provide a valid value, not {(json.GetRawText() is { Length: <= 80 } text ? text : json.ValueKind.ToString())}.", path);

    [GeneratedRegex(@"^\d{1,6}:[0-5]\d$")]
    private static partial Regex DurationForm();
}
