using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>Records as the API answers them: the envelope of results and dictionaries, with the associations that were asked for.</summary>
internal sealed class KantataJson(RecordStore store)
{
    /// <summary>Associations whose name is not their resource's.</summary>
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["workspaces.participants"] = "users",
        ["workspaces.workspace_resources_with_unnamed"] = "workspace_resources",
        ["workspace_groups.workspaces"] = "workspaces",
    };

    public JsonObject Envelope(string table, IReadOnlyList<Record> records, int count, int pageSize, int page, string include)
    {
        var bodies = records.ToDictionary(record => record.Id, Entity, StringComparer.Ordinal);
        var envelope = new JsonObject
        {
            ["count"] = count,
            ["meta"] = new JsonObject { ["count"] = count, ["page_count"] = (count + pageSize - 1) / pageSize, ["page_number"] = page, ["page_size"] = pageSize },
            ["results"] = new JsonArray([.. records.Select(record => (JsonNode)new JsonObject { ["key"] = table, ["id"] = record.Id })]),
            [table] = new JsonObject(bodies.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        };
        foreach (var name in include.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Include(envelope, table, records, name, bodies);
        }

        return envelope;
    }

    /// <summary>One record with all its fields.</summary>
    public static JsonObject Entity(Record record)
    {
        var json = new JsonObject { ["id"] = record.Id };
        foreach (var field in record.Schema.Fields.Where(field => field.Kind is not (KantataSchema.WriteOnly or KantataSchema.Inner)))
        {
            json[field.Name] = record[field.Name] switch
            {
                DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                DateTimeOffset instant => Instant(instant),
                JsonNode node => node.DeepClone(),
                null => null,
                var value => JsonSerializer.SerializeToNode(value),
            };
        }

        if (record.Schema.Name == "workspaces")
        {
            json["effective_due_date"] = json["due_date"]?.DeepClone();
        }

        json["created_at"] = Instant(record.Created);
        json["updated_at"] = Instant(record.Modified);
        return json;
    }

    private static string Instant(DateTimeOffset instant) => instant.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+00:00'", CultureInfo.InvariantCulture);

    private void Include(JsonObject envelope, string table, IReadOnlyList<Record> records, string name, Dictionary<string, JsonObject> bodies)
    {
        if (name == "subject")
        {
            Subjects(envelope, records);
            return;
        }

        var (target, related) = Association(table, name);
        foreach (var record in records)
        {
            var found = related(record).ToList();
            if (target.IsMany)
            {
                bodies[record.Id][$"{KantataSchema.Singular(name)}_ids"] = new JsonArray([.. found.Select(other => (JsonNode)other.Id)]);
            }

            Add(envelope, target.Table, found);
        }
    }

    /// <summary>What an association is found by: the record's own id field, its list of ids, or the other's field that points to it.</summary>
    private ((string Table, bool IsMany) Target, Func<Record, IEnumerable<Record>> Related) Association(string table, string name)
    {
        var schema = store[table].Schema;
        if (schema.Find(name + "_id") is { Table: { } referenced } field)
        {
            return ((referenced, false), record => store[referenced].Find(record.Text(field.Name)) is { } one ? [one] : []);
        }

        var many = store.FindTable(Aliases.GetValueOrDefault($"{table}.{name}", name)) ?? throw KantataRefusal.Query($"Unknown include: {name}");
        var (target, singular) = (many.Schema.Name, KantataSchema.Singular(table));
        if (name == "participants")
        {
            return ((target, true), record => store["participations"].FindBy("workspace_id", record.Id).Select(participation => many.Find(participation.Text("user_id"))).OfType<Record>());
        }

        if (schema.Find($"{KantataSchema.Singular(name)}_ids") is { Type: FieldType.List } list)
        {
            return ((target, true), record => (record[list.Name] as JsonArray ?? []).Select(id => many.Find(id?.ToString())).OfType<Record>());
        }

        if (many.Schema.Find("subject_id") is not null)
        {
            return ((target, true), record => many.FindBy("subject_id", record.Id).Where(other => KantataSchema.TableOf(other.Text("subject_type")!) == table));
        }

        return many.Schema.Find(singular + "_id") is { } owner
            ? ((target, true), record => many.FindBy(owner.Name, record.Id).Where(other => name != "workspace_resources" || other.Text("user_id") is not null))
            : throw KantataRefusal.Query($"Unknown include: {name}");
    }

    private void Subjects(JsonObject envelope, IReadOnlyList<Record> records)
    {
        foreach (var record in records.Where(record => record.Schema.Find("subject_id") is not null))
        {
            if (record.Text("subject_type") is { } type && KantataSchema.TableOf(type) is { } table && store[table].Find(record.Text("subject_id")) is { } subject)
            {
                envelope[record.Schema.Name]![record.Id]!["subject_ref"] = new JsonObject { ["key"] = table, ["id"] = subject.Id };
                Add(envelope, table, [subject]);
            }
        }
    }

    private static void Add(JsonObject envelope, string table, IReadOnlyList<Record> records)
    {
        if (envelope[table] is not JsonObject dictionary)
        {
            envelope[table] = dictionary = [];
        }

        foreach (var record in records.Where(record => !dictionary.ContainsKey(record.Id)))
        {
            dictionary[record.Id] = Entity(record);
        }
    }
}
