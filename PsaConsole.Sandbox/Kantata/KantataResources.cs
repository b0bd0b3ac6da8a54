using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>Every resource by the same rules: list, show, create (one or many), update, delete.</summary>
internal sealed class KantataResources(RecordStore store)
{
    public JsonObject List(string table, IQueryCollection query)
    {
        var schema = Schema(table);
        var asked = new KantataQuery(schema, query, record => IsHidden(table, record, query));
        var found = asked.Find(store[table]);
        return Envelope(table, [.. found.Skip(asked.Skip).Take(asked.PerPage)], found.Count, asked.PerPage, asked.Page, query["include"].ToString());
    }

    public JsonObject Show(string table, string id, IQueryCollection query)
    {
        Schema(table);
        var record = store[table].Find(id);
        return record is null || IsHidden(table, record, query) ? throw KantataRefusal.OfStatus(404) : One(table, record, query["include"].ToString());
    }

    public JsonObject Create(string table, JsonElement body)
    {
        Schema(table);
        if (body.TryGetProperty(table, out var many) && many.ValueKind == JsonValueKind.Array)
        {
            if (many.GetArrayLength() > KantataSchema.BulkLimit(table))
            {
                throw KantataRefusal.Validation($"At most {KantataSchema.BulkLimit(table)} {table} may be created at once.", table);
            }

            var created = store.Transact(() => many.EnumerateArray().Select(item => Insert(table, item)).ToList());
            return Envelope(table, created, created.Count, 200, 1, "");
        }

        return One(table, store.Transact(() => Insert(table, Wrapped(table, body))), "");
    }

    public JsonObject Update(string table, string id, JsonElement body) => One(table, store.Transact(() =>
    {
        Schema(table);
        var record = store[table].Find(id) ?? throw KantataRefusal.OfStatus(404);
        var values = Read(table, Wrapped(table, body), inserting: false);
        RefuseArchived(table, Workspace(table, record), unarchiving: table == "workspaces" && values.TryGetValue("archived", out var archived) && archived is false);
        return store.Update(table, id, values);
    }), "");

    public void Delete(string table, string id)
    {
        Schema(table);
        _ = store[table].Find(id) ?? throw KantataRefusal.OfStatus(404);
        store.Delete(table, id);
    }

    private Record Insert(string table, JsonElement item)
    {
        var values = Read(table, item, inserting: true);
        if (values.GetValueOrDefault("workspace_id") is string workspace)
        {
            RefuseArchived(table, workspace, unarchiving: false);
        }

        if (table == "workspaces")
        {
            var currency = values["currency"] = values.GetValueOrDefault("currency") ?? "USD";
            values["currency_base_unit"] = currency is "JPY" or "KRW" ? 1L : 100L;
            values["status"] = values.GetValueOrDefault("status") ?? Status(210);
        }

        return store.Insert(table, values);
    }

    private void RefuseArchived(string table, string workspaceId, bool unarchiving)
    {
        if (!unarchiving && (table == "workspaces" || store[table].Schema.Find("workspace_id") is not null) && store["workspaces"].Find(workspaceId)?.Flag("archived") == true)
        {
            throw KantataRefusal.Validation("The project is archived.", "workspace_id");
        }
    }

    private string Workspace(string table, Record record) =>
        store[table].Schema.Find("workspace_id") is null ? record.Id : record.Text("workspace_id") ?? record.Id;

    private Dictionary<string, object?> Read(string table, JsonElement item, bool inserting)
    {
        var read = BodyReader.Read(store, store[table].Schema, item, inserting);
        if (read.Problems is [var problem, ..])
        {
            throw KantataRefusal.Validation(Words(problem), problem.Field);
        }

        if (read.Values.GetValueOrDefault("status") is JsonObject status)
        {
            read.Values["status"] = Status((int?)status["key"] ?? throw KantataRefusal.Validation("status needs a key", "status"));
        }

        return read.Values;
    }

    private static JsonObject Status(int key) => key switch
    {
        210 => new JsonObject { ["color"] = "grey", ["key"] = 210, ["message"] = "Not Started" },
        300 => new JsonObject { ["color"] = "green", ["key"] = 300, ["message"] = "In Progress" },
        400 => new JsonObject { ["color"] = "yellow", ["key"] = 400, ["message"] = "On Hold" },
        510 => new JsonObject { ["color"] = "blue", ["key"] = 510, ["message"] = "Closed" },
        530 => new JsonObject { ["color"] = "red", ["key"] = 530, ["message"] = "Cancelled" },
        _ => throw KantataRefusal.Validation($"{key} is not a status of this account", "status"),
    };

    private static string Words(FieldProblem problem) => problem.Kind switch
    {
        FieldProblemKind.Unknown => $"Unknown attribute: {problem.Field}",
        FieldProblemKind.ReadOnly => $"{problem.Field} can't be changed",
        FieldProblemKind.Missing => $"{problem.Field} can't be blank",
        FieldProblemKind.NotInPicklist => $"{problem.Field} is not included in the list",
        FieldProblemKind.TooLong => $"{problem.Field} is too long",
        FieldProblemKind.DanglingReference => $"{problem.Field} could not be found",
        _ => $"{problem.Field} is invalid",
    };

    private static JsonElement Wrapped(string table, JsonElement body) => body.TryGetProperty(KantataSchema.Singular(table), out var item) && item.ValueKind == JsonValueKind.Object
        ? item
        : throw new KantataRefusal(400, "system", $"param is missing or the value is empty: {KantataSchema.Singular(table)}");

    private TableSchema Schema(string table) => store.FindTable(table)?.Schema ?? throw KantataRefusal.OfStatus(404);

    /// <summary>Archived projects, and what belongs to them, are hidden unless the call asks for them.</summary>
    private bool IsHidden(string table, Record record, IQueryCollection query) => table switch
    {
        "workspaces" => record.Flag("archived") && query["include_archived"] != "true",
        "time_entries" => query["from_archived_workspaces"] != "true" && store["workspaces"].Find(record.Text("workspace_id"))?.Flag("archived") == true,
        _ => false,
    };

    private JsonObject One(string table, Record record, string include) => Envelope(table, [record], 1, 20, 1, include);

    private JsonObject Envelope(string table, IReadOnlyList<Record> records, int count, int pageSize, int page, string include)
    {
        var envelope = new JsonObject
        {
            ["count"] = count,
            ["meta"] = new JsonObject { ["count"] = count, ["page_count"] = (count + pageSize - 1) / pageSize, ["page_number"] = page, ["page_size"] = pageSize },
            ["results"] = new JsonArray([.. records.Select(record => new JsonObject { ["key"] = table, ["id"] = record.Id })]),
            [table] = new JsonObject(records.Select(record => KeyValuePair.Create(record.Id, (JsonNode?)Json(record)))),
        };
        foreach (var name in include.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Include(envelope, table, records, name);
        }

        return envelope;
    }

    /// <summary>An included association comes as another dictionary: workspace, user, story, external_references, custom_field_values, participations.</summary>
    private void Include(JsonObject envelope, string table, IReadOnlyList<Record> records, string name)
    {
        var schema = store[table].Schema;
        IEnumerable<Record> related;
        string target;
        if (schema.Find(name + "_id") is { Table: { } referenced })
        {
            target = referenced;
            related = records.Select(record => store[target].Find(record.Text(name + "_id"))).OfType<Record>();
        }
        else if (store.FindTable(name) is { } many)
        {
            target = name;
            var ids = records.Select(record => record.Id).ToHashSet(StringComparer.Ordinal);
            var owner = many.Schema.Find("subject_id") is not null ? "subject_id" : KantataSchema.Singular(table) + "_id";
            related = many.Schema.Find(owner) is null ? throw KantataRefusal.Validation($"Unknown include: {name}", "include") : ids.SelectMany(id => many.FindBy(owner, id));
        }
        else
        {
            throw KantataRefusal.Validation($"Unknown include: {name}", "include");
        }

        envelope[target] = new JsonObject(related.DistinctBy(record => record.Id).Select(record => KeyValuePair.Create(record.Id, (JsonNode?)Json(record))));
    }

    private static JsonObject Json(Record record)
    {
        var json = new JsonObject { ["id"] = record.Id };
        foreach (var field in record.Schema.Fields)
        {
            json[field.Name] = record[field.Name] switch
            {
                DateOnly date => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                DateTimeOffset instant => Instant(instant),
                JsonNode node => node.DeepClone(),
                null => null,
                var value => JsonSerializer.SerializeToNode(value),
            };
        }

        json["created_at"] = Instant(record.Created);
        json["updated_at"] = Instant(record.Modified);
        return json;
    }

    private static string Instant(DateTimeOffset instant) => instant.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+00:00'", System.Globalization.CultureInfo.InvariantCulture);
}
