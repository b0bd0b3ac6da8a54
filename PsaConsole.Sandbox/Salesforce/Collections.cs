using System.Text.Json;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>
/// Up to 200 records in one call, answered 200 with a result for each in order. With allOrNone one failure undoes all.
/// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm
/// </summary>
internal sealed class Collections(RecordStore store, Records records)
{
    private const int MostRecords = 200;

    public RestReply Create(RestCall call) => Run(Items(call), AllOrNone(call), item =>
    {
        var record = records.Create(TypeOf(item), item);
        return (record.Id, null);
    });

    public RestReply Update(RestCall call) => Run(Items(call), AllOrNone(call), item =>
    {
        var id = Property(item, "id") ?? throw new SalesforceRefusal(400, "MISSING_ARGUMENT", "Id not specified in an update call", "Id");
        return (records.Update(TypeOf(item), id, Without(item, "id")).Id, null);
    });

    public RestReply Upsert(RestCall call, SObject target, string key) => Run(Items(call), AllOrNone(call), item =>
    {
        var field = target.Find(key) is { } found && (found.ExternalId || found.Name == "Id") ? found : throw new SalesforceRefusal(400, "INVALID_FIELD", $"Field name provided, {key} is not an External ID or indexed field for {target.Name}");
        if (TypeOf(item) != target)
        {
            throw new SalesforceRefusal(400, "INVALID_TYPE", $"The sObject type in the URL, {target.Name}, differs from the record's.");
        }

        var value = Property(item, key) ?? throw new SalesforceRefusal(400, "MISSING_ARGUMENT", $"{key} not specified");
        var (record, created) = records.Upsert(target, field, value, Without(item, key), updateOnly: false);
        return (record.Id, created);
    });

    public RestReply Delete(RestCall call)
    {
        var ids = (call.Parameter("ids") ?? throw SalesforceRefusal.Call(400, "MISSING_ARGUMENT", "ids is required")).Split(',');
        return Run(ids, string.Equals(call.Parameter("allOrNone"), "true", StringComparison.OrdinalIgnoreCase), id =>
        {
            var target = SalesforceSchema.Objects.FirstOrDefault(item => id.StartsWith(item.KeyPrefix, StringComparison.Ordinal)) ?? throw new SalesforceRefusal(400, "MALFORMED_ID", $"malformed id {id}");
            records.Delete(target, id);
            return (id, null);
        });
    }

    /// <summary>GET or POST with ids and fields: null for what is not there.</summary>
    public RestReply Retrieve(SObject target, IReadOnlyList<string> ids, IReadOnlyList<string> fields, string version) => new(200, writer =>
    {
        writer.WriteStartArray();
        foreach (var id in ids)
        {
            if (SalesforceId.Normalise(id) is { } full && store[target.Name].Find(full) is { } record)
            {
                RecordJson.Write(writer, target, record, fields, version);
            }
            else
            {
                writer.WriteNullValue();
            }
        }

        writer.WriteEndArray();
    });

    private RestReply Run<T>(IReadOnlyList<T> items, bool allOrNone, Func<T, (string Id, bool? Created)> write)
    {
        if (items.Count > MostRecords)
        {
            throw SalesforceRefusal.Call(400, "EXCEEDED_MAX_RECORDS", "record limit reached. cannot submit more than 200 records in this request");
        }

        var results = new List<(string? Id, SalesforceRefusal? Refusal, bool? Created)>();
        try
        {
            if (allOrNone)
            {
                store.Transact(() => Each(items, write, results, stopAtFailure: true));
            }
            else
            {
                Each(items, write, results, stopAtFailure: false);
            }
        }
        catch (SalesforceRefusal failure) when (allOrNone)
        {
            var undone = new SalesforceRefusal(400, "ALL_OR_NONE_OPERATION_ROLLED_BACK", "Record rolled back because not all records were valid and the request was using AllOrNone header");
            var failed = results.Count;
            results = [.. items.Select((_, index) => ((string?)null, (SalesforceRefusal?)(index == failed ? failure : undone), (bool?)null))];
        }

        return new RestReply(200, writer =>
        {
            writer.WriteStartArray();
            foreach (var (id, refusal, created) in results)
            {
                SalesforceJson.WriteResult(writer, id, refusal, created);
            }

            writer.WriteEndArray();
        });
    }

    private static bool Each<T>(IReadOnlyList<T> items, Func<T, (string Id, bool? Created)> write, List<(string?, SalesforceRefusal?, bool?)> results, bool stopAtFailure)
    {
        foreach (var item in items)
        {
            try
            {
                var (id, created) = write(item);
                results.Add((id, null, created));
            }
            catch (SalesforceRefusal refusal) when (!stopAtFailure)
            {
                results.Add((null, refusal, null));
            }
        }

        return true;
    }

    private static SObject TypeOf(JsonElement item)
    {
        var type = item.TryGetProperty("attributes", out var attributes) && attributes.TryGetProperty("type", out var name) ? name.GetString() : null;
        return (type is null ? null : SalesforceSchema.Find(type)) ?? throw new SalesforceRefusal(400, "INVALID_TYPE", $"sObject type '{type}' is not supported.");
    }

    private static JsonElement[] Items(RestCall call)
        => call.Object.TryGetProperty("records", out var items) && items.ValueKind == JsonValueKind.Array
            ? [.. items.EnumerateArray()]
            : throw SalesforceRefusal.Call(400, "JSON_PARSER_ERROR", "records is required");

    private static bool AllOrNone(RestCall call) => call.Object.TryGetProperty("allOrNone", out var flag) && flag.ValueKind == JsonValueKind.True;

    private static string? Property(JsonElement item, string name)
        => item.EnumerateObject().FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value is { ValueKind: not JsonValueKind.Undefined and not JsonValueKind.Null } value ? value.ToString() : null;

    private static JsonElement Without(JsonElement item, string name) => JsonSerializer.SerializeToElement(
        item.EnumerateObject().Where(property => !property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToDictionary(property => property.Name, property => property.Value));
}
