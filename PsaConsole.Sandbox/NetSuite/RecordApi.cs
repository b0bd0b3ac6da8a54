using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>The record API below /services/rest/record/v1, without the wire around it.</summary>
internal sealed class RecordApi(RecordStore store, Records records, Func<string> root)
{
    private const string CreateForm = "type=create-form";

    /// <exception cref="NetSuiteRefusal">The call is refused.</exception>
    public NetSuiteReply Answer(NetSuiteCall call)
    {
        if (call.Path is ["metadata-catalog", ..])
        {
            return new Metadata(root()).Answer(call);
        }

        var type = NetSuiteSchema.Find(call.Path[0]) is { QueryOnly: false } known ? known : throw NetSuiteRefusal.NoType(call.Path[0]);
        return (call.Method, call.Path.Count) switch
        {
            ("GET", 1) => List(type, call),
            ("GET", 2) => Read(type, call, records.Find(type, call.Path[1])),
            ("GET", 3) => Sublist(type, call, records.Find(type, call.Path[1]), call.Path[2]),
            ("POST", 1) when call.Headers.Accept.ToString().Contains(CreateForm, StringComparison.OrdinalIgnoreCase) => Form(type),
            ("POST", 1) => Write(type, call, input => records.Create(type, input)),
            ("PATCH", 2) => Change(type, call),
            ("PUT", 2) => Put(type, call),
            ("DELETE", 2) => Delete(type, call),
            _ => throw NetSuiteRefusal.OfStatus(StatusCodes.Status405MethodNotAllowed),
        };
    }

    private NetSuiteReply List(RecordType type, NetSuiteCall call)
    {
        var (paging, text) = (Paging.Of(call.Query), call.Query["q"].ToString());
        var json = new RecordJson(store, root());
        var found = text.Length == 0 ? store[type.Name].Scan() : store[type.Name].Scan().Where(RecordFilter.Parse(text, type).Matches);
        var all = found.ToList();
        var items = new JsonArray([.. all.Skip(paging.Offset).Take(paging.Limit).Select(record => (JsonNode)new JsonObject { ["links"] = RecordJson.Links(json.Address(type.Name, record.Id)), ["id"] = record.Id })]);
        var keep = text.Length == 0 ? "" : $"q={Uri.EscapeDataString(text)}&";
        return new NetSuiteReply(200, paging.Envelope($"{root()}{RecordJson.Records}{type.Name}", keep, items, all.Count), NetSuiteReply.Collection);
    }

    private NetSuiteReply Read(RecordType type, NetSuiteCall call, Record record)
    {
        var fields = call.Names("fields");
        if (fields?.FirstOrDefault(name => name != "id" && type.Schema.Find(name) is null) is { } unknown)
        {
            throw NetSuiteRefusal.Parameter($"Invalid value for the query parameter fields: the field '{unknown}' does not exist.", "fields");
        }

        return new NetSuiteReply(200, new RecordJson(store, root()).Write(record, type, call.Asks("expandSubResources"), call.Asks("simpleEnumFormat"), fields));
    }

    private NetSuiteReply Sublist(RecordType type, NetSuiteCall call, Record record, string name)
        => type.Schema.Find(name) is { Type: FieldType.List } list
            ? new NetSuiteReply(200, new RecordJson(store, root()).Write(record, type, true, call.Asks("simpleEnumFormat"), [list.Name])[list.Name]!.DeepClone(), NetSuiteReply.Collection)
            : throw NetSuiteRefusal.OfStatus(StatusCodes.Status404NotFound);

    /// <summary>What a new record's form is filled with.</summary>
    private static NetSuiteReply Form(RecordType type)
    {
        var defaults = new JsonObject { ["links"] = new JsonArray() };
        foreach (var field in type.Schema.Fields.Where(field => field.Default is not null))
        {
            defaults[field.Name] = JsonSerializer.SerializeToNode(field.Default);
        }

        return new NetSuiteReply(200, defaults);
    }

    private NetSuiteReply Change(RecordType type, NetSuiteCall call)
    {
        RefuseView(type);
        var before = records.Find(type, call.Path[1]);
        return Write(type, call, input => records.Update(type, before, input, Replaced(call), call.Asks("replaceSelectedFields")));
    }

    private NetSuiteReply Put(RecordType type, NetSuiteCall call)
    {
        if (!call.Path[1].StartsWith("eid:", StringComparison.OrdinalIgnoreCase))
        {
            return Change(type, call);
        }

        // The address is documented for POST and PATCH only (S49).
        return Write(type, call, input => records.Upsert(type, call.Path[1][4..], input, Replaced(call))) with { Location = null };
    }

    private NetSuiteReply Delete(RecordType type, NetSuiteCall call)
    {
        RefuseView(type);
        records.Delete(type, records.Find(type, call.Path[1]));
        return new NetSuiteReply(204);
    }

    private NetSuiteReply Write(RecordType type, NetSuiteCall call, Func<InputFields, Record> write)
    {
        RefuseView(type);
        var input = records.Read(type, call.Body ?? throw NetSuiteRefusal.Content("The request body is empty."), Names(call));
        var record = write(input);
        return new NetSuiteReply(204)
        {
            Location = new RecordJson(store, root()).Address(type.Name, record.Id),
            Warning = Names(call) == NameValidation.Warning && input.Unknown.Count > 0 ? string.Join(", ", input.Unknown) : null,
        };
    }

    private static string[] Replaced(NetSuiteCall call) => call.Names("replace") ?? [];

    private static void RefuseView(RecordType type)
    {
        if (type.ViewOnly)
        {
            throw NetSuiteRefusal.Permission(type.Name);
        }
    }

    private static NameValidation Names(NetSuiteCall call)
    {
        const string Header = "X-NetSuite-PropertyNameValidation";
        var text = call.Headers[Header].ToString();
        return text.Length == 0 ? NameValidation.Warning
            : Enum.TryParse<NameValidation>(text, ignoreCase: true, out var mode) && Enum.IsDefined(mode) ? mode
            : throw NetSuiteRefusal.HeaderValue($"Invalid value '{text}' for the header {Header}. Use Error, Warning or Ignore.", Header);
    }
}
