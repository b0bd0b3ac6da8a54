using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>Writes records as the record API does: references and enums as objects, sublists as links unless expanded, empty fields left out.</summary>
internal sealed class RecordJson(RecordStore store, string root)
{
    public const string Records = "/services/rest/record/v1/";

    public string Address(string type, string id) => $"{root}{Records}{Path(type)}/{id}";

    /// <param name="record">The record.</param>
    /// <param name="type">Its type.</param>
    /// <param name="expand">Whether sublists are written in full.</param>
    /// <param name="simpleEnums">Whether an enum is its bare id.</param>
    /// <param name="fields">The only fields to write; null for all.</param>
    public JsonObject Write(Record record, RecordType type, bool expand, bool simpleEnums, IReadOnlyCollection<string>? fields)
    {
        var json = new JsonObject { ["links"] = Links(Address(type.Name, record.Id)), ["id"] = record.Id };
        foreach (var field in type.Schema.Fields.Where(field => fields is null || fields.Contains(field.Name, StringComparer.OrdinalIgnoreCase)))
        {
            if (field.Type == FieldType.List)
            {
                json[field.Name] = Sublist(record, type, field.Name, expand, simpleEnums);
            }
            else if (Value(type, field, record) is { } value)
            {
                json[field.Name] = Node(field, value, simpleEnums);
            }
        }

        return json;
    }

    public static JsonArray Links(string self) => new(Link("self", self));

    public static JsonObject Link(string relation, string address) => new() { ["rel"] = relation, ["href"] = address };

    /// <summary>A field's value; the times of creation and change are the store's own.</summary>
    public static object? Value(RecordType type, FieldSchema field, Record record) => field.Name switch
    {
        "lastModifiedDate" => record.Modified,
        "dateCreated" => record.Created,
        _ => record[type.Schema.Ordinal(field.Name)],
    };

    /// <summary>What a reference shows to people; null when the record is gone.</summary>
    public string? NameOf(FieldSchema field, string id)
    {
        foreach (var table in field.Table!.Split(','))
        {
            if (store[table].FindAny(id) is { } target)
            {
                var type = NetSuiteSchema.Find(table)!;
                return type.Schema.Find(type.NameField) is { Type: FieldType.Reference } inner && target.Text(type.NameField) is { } next ? NameOf(inner, next) : target[type.NameField]?.ToString() ?? id;
            }
        }

        return null;
    }

    private JsonObject Sublist(Record record, RecordType type, string name, bool expand, bool simpleEnums)
    {
        var json = new JsonObject { ["links"] = Links($"{Address(type.Name, record.Id)}/{name}") };
        if (expand)
        {
            var lines = record[name] as JsonArray ?? [];
            json["items"] = new JsonArray([.. lines.Select(line => Line(type, name, line!.AsObject(), simpleEnums))]);
            json["totalResults"] = lines.Count;
        }

        return json;
    }

    private JsonObject Line(RecordType type, string path, JsonObject line, bool simpleEnums)
    {
        var json = new JsonObject { ["links"] = new JsonArray() };
        foreach (var (name, value) in line)
        {
            if (value is null)
            {
                continue;
            }

            var field = type.Lines[path].Find(name);
            json[name] = (field, value) switch
            {
                ({ Type: FieldType.Structure }, JsonObject inner) => Line(type, $"{path}.{name}", inner, simpleEnums),
                ({ Type: FieldType.Reference or FieldType.Picklist }, _) => Node(field, value.ToString(), simpleEnums),
                _ => value.DeepClone(),
            };
        }

        return json;
    }

    private JsonNode Node(FieldSchema field, object value, bool simpleEnums) => (field, value) switch
    {
        ({ Type: FieldType.Reference }, string id) => Reference(field, id),
        (_, string id) when NetSuiteSchema.ListOf(field) is { } list => simpleEnums ? JsonValue.Create(id) : new JsonObject { ["id"] = id, ["refName"] = Lists.NameOf(list, id) },
        (_, string text) => JsonValue.Create(text),
        (_, decimal number) => JsonValue.Create(number),
        (_, bool flag) => JsonValue.Create(flag),
        (_, DateOnly date) => JsonValue.Create(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        (_, DateTimeOffset instant) => JsonValue.Create(instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        _ => throw new InvalidCastException($"{field.Name} holds a {value.GetType().Name}."),
    };

    private JsonObject Reference(FieldSchema field, string id)
    {
        var table = field.Table!.Split(',').FirstOrDefault(name => store[name].FindAny(id) is not null) ?? field.Table;
        var hidden = NetSuiteSchema.Find(table) is { QueryOnly: true };
        return new JsonObject { ["links"] = hidden ? new JsonArray() : Links(Address(table, id)), ["id"] = id, ["refName"] = NameOf(field, id) };
    }

    private static string Path(string type) => NetSuiteSchema.Find(type)?.Name ?? type;
}
