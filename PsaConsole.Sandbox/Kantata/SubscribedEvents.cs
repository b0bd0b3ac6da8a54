using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>Writes down every change as a subscribed event, to be fetched: Kantata calls nobody. Vendor page 5.4.</summary>
internal sealed class SubscribedEvents(RecordStore store)
{
    public void Tell(RecordChange change)
    {
        var (table, record) = (change.Table.Schema.Name, change.After);
        var verb = record.Deleted ? "deleted" : change.Before is null ? "created" : "updated";
        if (KantataSchema.TellsChanges(table))
        {
            Insert($"{KantataSchema.Singular(table)}:{verb}", table, record.Id, change);
        }
        else if (table == KantataSchema.Values && KantataSchema.TableOf(record.Text("subject_type")!) is { } subject && KantataSchema.FieldHolder(KantataSchema.Singular(subject)))
        {
            Insert($"{KantataSchema.Singular(subject)}:custom_field_value_{verb}", subject, record.Text("subject_id")!, change);
        }
    }

    /// <summary>The kinds of event and their fields.</summary>
    public static JsonObject Types() => new()
    {
        ["event_types"] = new JsonArray([.. KantataSchema.EventTypes().Select(type => (JsonNode)type)]),
        ["subscribed_event_type_schemas"] = new JsonObject(KantataSchema.EventTypes().Select(type => KeyValuePair.Create(type, (JsonNode?)new JsonObject(
            KantataSchema.Tables.First(table => KantataSchema.Singular(table.Name) == type.Split(':')[0]).Fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)field.Type.ToString().ToLowerInvariant())))))),
    };

    private void Insert(string type, string table, string id, RecordChange change)
    {
        var before = change.Before is null ? null : KantataJson.Entity(change.Before);
        var after = change.After.Deleted ? null : KantataJson.Entity(change.After);
        var names = (before ?? []).Select(pair => pair.Key).Union((after ?? []).Select(pair => pair.Key));
        store.Insert(KantataSchema.Events, new Dictionary<string, object?>
        {
            ["event_type"] = type,
            ["subject_ref"] = new JsonObject { ["key"] = table, ["id"] = id },
            ["subject_type"] = KantataSchema.Singular(table),
            ["subject_id"] = id,
            ["subject_changed_at"] = change.After.Modified,
            ["previous_payload"] = before,
            ["current_payload"] = after,
            ["payload_changes"] = new JsonObject(names.Where(name => !JsonNode.DeepEquals(before?[name], after?[name]))
                .Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonArray(before?[name]?.DeepClone(), after?[name]?.DeepClone())))),
        });
    }
}
