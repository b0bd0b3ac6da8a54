using System.Globalization;
using System.Text.Json;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>The REST API below /services/data/vNN.0: which call is answered by what.</summary>
internal sealed class RestApi
{
    public static readonly string[] Versions = ["60.0", "61.0", "62.0", "63.0", "64.0", "65.0", "66.0", "67.0"];

    private static readonly string[] ResourceNames = ["sobjects", "query", "queryAll", "limits", "composite"];

    private readonly RecordStore _store;
    private readonly ApiUsage _usage;
    private readonly Replication _replication;
    private readonly Cursors _cursors;
    private readonly Collections _collections;
    private readonly Composite _composite;

    public RestApi(RecordStore store, SandboxClock clock, ApiUsage usage)
    {
        (_store, _usage) = (store, usage);
        Records = new Records(store, clock);
        _replication = new Replication(store, clock);
        _cursors = new Cursors(store, clock);
        _collections = new Collections(store, Records);
        _composite = new Composite(store, Answer);
    }

    public Records Records { get; }

    /// <exception cref="SalesforceRefusal">The call is refused.</exception>
    public RestReply Answer(RestCall call)
    {
        if (!Versions.Contains(call.Version))
        {
            throw SalesforceRefusal.Call(404, "UNSUPPORTED_API_VERSION", "The requested API version is not supported");
        }

        return (call.Method, call.Path) switch
        {
            ("GET", []) => Resources(call),
            ("GET", ["limits"]) => _usage.Limits(),
            ("GET", ["query"]) => _cursors.Query(call, withDeleted: false),
            ("GET", ["queryAll"]) => _cursors.Query(call, withDeleted: true),
            ("GET", ["query", var locator]) => _cursors.Next(call, locator),
            ("GET", ["sobjects"]) => Describe.Global(call),
            ("GET", ["sobjects", var type, "describe"]) => Describe.One(call, Find(type)),
            ("GET", ["sobjects", var type, "updated"]) => _replication.Updated(call, Find(type)),
            ("GET", ["sobjects", var type, "deleted"]) => _replication.Deleted(call, Find(type)),
            ("GET", ["sobjects", var type, var id]) => Read(call, Find(type), Records.Existing(Find(type), id)),
            ("GET", ["sobjects", var type, var field, var value]) => ReadByKey(call, Find(type), field, value),
            ("POST", ["sobjects", var type]) => Create(call, Find(type)),
            ("PATCH", ["sobjects", var type, var id]) => Update(call, Find(type), id),
            ("PATCH", ["sobjects", var type, var field, var value]) => Upsert(call, Find(type), field, value),
            ("DELETE", ["sobjects", var type, var id]) => Delete(Find(type), id),
            ("DELETE", ["sobjects", var type, var field, var value]) => Delete(Find(type), ByKey(Find(type), field, value).Id),
            ("POST", ["composite"]) => _composite.Answer(call),
            ("POST", ["composite", "sobjects"]) => _collections.Create(call),
            ("PATCH", ["composite", "sobjects"]) => _collections.Update(call),
            ("DELETE", ["composite", "sobjects"]) => _collections.Delete(call),
            ("GET", ["composite", "sobjects", var type]) => _collections.Retrieve(Find(type), List(call.Parameter("ids")), List(call.Parameter("fields")), call.Version),
            ("POST", ["composite", "sobjects", var type]) => _collections.Retrieve(Find(type), List(call.Object, "ids"), List(call.Object, "fields"), call.Version),
            ("PATCH", ["composite", "sobjects", var type, var field]) => _collections.Upsert(call, Find(type), field),
            (_, ["query" or "queryAll" or "limits" or "composite", ..]) => throw SalesforceRefusal.Call(405, "METHOD_NOT_ALLOWED", $"HTTP Method '{call.Method}' not allowed. Allowed are GET,POST"),
            (_, ["sobjects", _, _]) => throw SalesforceRefusal.Call(405, "METHOD_NOT_ALLOWED", $"HTTP Method '{call.Method}' not allowed. Allowed are HEAD,GET,PATCH,DELETE"),
            _ => throw SalesforceRefusal.NotFound(),
        };
    }

    private static SObject Find(string type) => SalesforceSchema.Find(type) ?? throw SalesforceRefusal.NotFound();

    private static RestReply Resources(RestCall call) => new(200, writer =>
    {
        writer.WriteStartObject();
        foreach (var name in ResourceNames)
        {
            writer.WriteString(name, $"/services/data/v{call.Version}/{name}");
        }

        writer.WriteEndObject();
    });

    private static RestReply Read(RestCall call, SObject item, Record record)
    {
        var fields = List(call.Parameter("fields"));
        return new RestReply(200, writer => RecordJson.Write(writer, item, record, fields, call.Version));
    }

    private RestReply ReadByKey(RestCall call, SObject item, string field, string value) => Read(call, item, ByKey(item, field, value)) with { Key = value };

    private Record ByKey(SObject item, string field, string value) => _store[item.Name].FindBy(Key(item, field).Name, value) switch
    {
        [] => throw SalesforceRefusal.NotFound(),
        [var record] => record,
        var several => throw SalesforceRefusal.Call(300, "MULTIPLE_CHOICES", string.Join(',', several.Select(record => record.Id))),
    };

    private RestReply Create(RestCall call, SObject item)
    {
        var record = Records.Create(item, call.Object);
        return Created(call, item, record);
    }

    private RestReply Update(RestCall call, SObject item, string id)
    {
        Records.Update(item, id, call.Object);
        return new RestReply(204, null);
    }

    private RestReply Upsert(RestCall call, SObject item, string field, string value)
    {
        var key = field.Equals("Id", StringComparison.OrdinalIgnoreCase) ? item.Find("Id")! : Key(item, field);
        if (call.Object.EnumerateObject().Any(property => property.Name.Equals(key.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new SalesforceRefusal(400, "INVALID_FIELD", $"The {key.Name} field should not be specified in the sobject data.", key.Name);
        }

        var updateOnly = string.Equals(call.Parameter("updateOnly"), "true", StringComparison.OrdinalIgnoreCase);
        var (record, created) = Records.Upsert(item, key, value, call.Object, updateOnly);
        return created
            ? Created(call, item, record) with { Body = writer => SalesforceJson.WriteResult(writer, record.Id, null, true), Key = value }
            : new RestReply(200, writer => SalesforceJson.WriteResult(writer, record.Id, null, false)) { Key = value };
    }

    private RestReply Delete(SObject item, string id)
    {
        Records.Delete(item, id);
        return new RestReply(204, null);
    }

    private static RestReply Created(RestCall call, SObject item, Record record) => new(201, writer => SalesforceJson.WriteResult(writer, record.Id, null, null))
    {
        Location = $"/services/data/v{call.Version}/sobjects/{item.Name}/{record.Id}",
    };

    private static FieldSchema Key(SObject item, string field)
        => item.Schema.Find(field) is { ExternalId: true } key ? key : throw SalesforceRefusal.Call(404, "NOT_FOUND", $"Provided external ID field does not exist or is not accessible: {field}");

    private static List<string> List(string? text) => [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static List<string> List(JsonElement body, string name)
        => body.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(item => item.ToString())]
            : throw SalesforceRefusal.Call(400, "JSON_PARSER_ERROR", string.Create(CultureInfo.InvariantCulture, $"{name} is required"));
}
