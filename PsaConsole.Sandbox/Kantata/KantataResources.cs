using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>Every resource by the same rules: list, show, create (one or many), update, delete.</summary>
internal sealed class KantataResources(RecordStore store, TimeProvider clock)
{
    private static readonly TimeSpan EventsKept = TimeSpan.FromDays(9);
    private static readonly string[] AsksForUnnamed = ["include_unnamed", "only_unnamed", "unnamed_resources_only"];
    private readonly KantataInput _input = new(store);
    private readonly KantataRules _rules = new(store);
    private readonly KantataJson _json = new(store);

    public JsonObject List(string table, IQueryCollection query)
    {
        Schema(table);
        var asked = new KantataQuery(store, table, query, record => IsHidden(table, record, query));
        var found = asked.Find();
        return _json.Envelope(table, [.. found.Skip(asked.Skip).Take(asked.PerPage)], found.Count, asked.PerPage, asked.Page, query["include"].ToString());
    }

    public JsonObject Show(string table, string id, IQueryCollection query)
    {
        Schema(table);
        var record = store[table].Find(id);
        return record is null || IsHidden(table, record, query) ? throw KantataRefusal.OfStatus(404) : One(table, record, query);
    }

    /// <summary>One record in its singular, or many in the plural: all of them or none.</summary>
    public JsonObject Create(string table, JsonElement body, IQueryCollection query)
    {
        Writable(table);
        if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty(table, out var many) && many.ValueKind == JsonValueKind.Array)
        {
            if (many.GetArrayLength() is 0 || many.GetArrayLength() > KantataSchema.BulkLimit(table))
            {
                throw KantataRefusal.Validation($"From 1 to {KantataSchema.BulkLimit(table)} {table} may be created at once.", table);
            }

            var created = store.Transact(() => many.EnumerateArray().Select(item => Insert(table, item)).ToList());
            return _json.Envelope(table, created, created.Count, 200, 1, query["include"].ToString());
        }

        var single = Wrapped(table, body);
        return One(table, store.Transact(() => Insert(table, single)), query);
    }

    public JsonObject Update(string table, string id, JsonElement body, IQueryCollection query)
    {
        Writable(table);
        var changes = Wrapped(table, body);
        return One(table, store.Transact(() =>
        {
            var record = store[table].Find(id) ?? throw KantataRefusal.OfStatus(404);
            var values = _input.Read(table, changes, inserting: false);
            _rules.CheckChange(table, record, values);
            _rules.Complete(table, values, record);
            var updated = store.Update(table, id, values);
            Attach(table, updated, changes);
            return updated;
        }), query);
    }

    public void Delete(string table, string id)
    {
        Writable(table);
        store.Transact(() =>
        {
            var record = store[table].Find(id) ?? throw KantataRefusal.OfStatus(404);
            _rules.CheckChange(table, record, []);
            return store.Delete(table, id);
        });
    }

    /// <summary>The reference of the subject at the service, made or changed.</summary>
    public JsonObject CreateOrUpdateReference(JsonElement body, IQueryCollection query)
    {
        var item = Wrapped(KantataSchema.References, body);
        return One(KantataSchema.References, store.Transact(() =>
        {
            var values = _input.Read(KantataSchema.References, item, inserting: true);
            return _rules.Reference(values, mayExist: true);
        }), query);
    }

    /// <summary>Lets a member of the account in or keeps them out; what they entered stays.</summary>
    public JsonObject Activate(string id, bool active, IQueryCollection query) => One("account_memberships", store.Transact(() =>
    {
        var membership = store["account_memberships"].Find(id) ?? throw KantataRefusal.OfStatus(404);
        store.Update("users", membership.Text("user_id")!, new Dictionary<string, object?> { ["disabled"] = !active });
        return store.Update("account_memberships", id, new Dictionary<string, object?> { ["disabled_at"] = active ? null : membership["disabled_at"] ?? clock.GetUtcNow() });
    }), query);

    private Record Insert(string table, JsonElement item)
    {
        var values = _input.Read(table, item, inserting: true);
        switch (table)
        {
            case KantataSchema.References: return _rules.Reference(values, mayExist: false);
            case KantataSchema.Values: return _rules.Value(values);
        }

        _rules.CheckNew(table, values);
        _rules.Complete(table, values, null);
        var record = store.Insert(table, values);
        Attach(table, record, item);
        return record;
    }

    /// <summary>What a body brings for other resources: an external reference and custom field values.</summary>
    private void Attach(string table, Record record, JsonElement item)
    {
        var subject = new Dictionary<string, object?> { ["subject_type"] = KantataSchema.TypeOf(table), ["subject_id"] = record.Id };
        if (item.TryGetProperty(KantataInput.Reference, out var reference))
        {
            var named = JsonObject.Create(reference.Clone()) ?? throw KantataRefusal.OfStatus(400);
            named["subject_type"] = KantataSchema.TypeOf(table);
            named["subject_id"] = record.Id;
            _rules.Reference(_input.Read(KantataSchema.References, JsonSerializer.SerializeToElement(named), inserting: true), mayExist: true);
        }

        if (item.TryGetProperty(KantataInput.CustomFields, out var fields) && fields.ValueKind == JsonValueKind.Array)
        {
            foreach (var field in fields.EnumerateArray())
            {
                var values = JsonObject.Create(field.Clone()) ?? throw KantataRefusal.OfStatus(400);
                foreach (var (name, value) in subject)
                {
                    values[name] = (string)value!;
                }

                _rules.Value(_input.Read(KantataSchema.Values, JsonSerializer.SerializeToElement(values), inserting: true));
            }
        }
    }

    private static JsonElement Wrapped(string table, JsonElement body) => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(KantataSchema.Singular(table), out var item) && item.ValueKind == JsonValueKind.Object
        ? item
        : throw KantataRefusal.Query($"param is missing or the value is empty: {KantataSchema.Singular(table)}");

    private void Schema(string table) => _ = store.FindTable(table) ?? throw KantataRefusal.OfStatus(404);

    private void Writable(string table)
    {
        Schema(table);
        if (KantataSchema.IsReadOnly(table))
        {
            throw KantataRefusal.OfStatus(403);
        }
    }

    /// <summary>Archived projects and tasks, time of archived projects, and unnamed resources are hidden unless the call asks for them; events are kept for nine days.</summary>
    private bool IsHidden(string table, Record record, IQueryCollection query) => table switch
    {
        "workspaces" => query["archived"].ToString() switch
        {
            "only" => !record.Flag("archived"),
            "include" => false,
            "exclude" => record.Flag("archived"),
            _ => record.Flag("archived") && query["include_archived"] != "true",
        },
        "stories" => record.Flag("archived") && query["include_archived"] != "true",
        "account_memberships" => (record["disabled_at"] is null) == (query["only_inactive"] == "true"),
        "account_invitations" => query["only_pending"] != "false" && !record.Flag("pending"),
        "workspace_resources" => record.Text("user_id") is null && !AsksForUnnamed.Any(name => query[name] == "true"),
        "time_entries" or "expenses" => query["from_archived_workspaces"] != "true" && store["workspaces"].Find(record.Text("workspace_id"))?.Flag("archived") == true,
        KantataSchema.Events => record.Created < clock.GetUtcNow() - EventsKept,
        _ => false,
    };

    private JsonObject One(string table, Record record, IQueryCollection query) => _json.Envelope(table, [record], 1, 20, 1, query["include"].ToString());
}
