using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>The metadata catalog: which record types there are, and each one's JSON schema or OpenAPI description.</summary>
internal sealed class Metadata(string root)
{
    private const string Swagger = "application/swagger+json";
    private const string Schema = "application/schema+json";
    private const string Catalog = RecordJson.Records + "metadata-catalog";

    public NetSuiteReply Answer(NetSuiteCall call)
    {
        if (call.Method != "GET")
        {
            throw NetSuiteRefusal.OfStatus(StatusCodes.Status405MethodNotAllowed);
        }

        var accept = call.Headers.Accept.ToString();
        if (call.Path.Count > 1)
        {
            var type = Visible(call.Path[1]);
            return accept.Contains(Swagger, StringComparison.OrdinalIgnoreCase) ? new NetSuiteReply(200, OpenApi([type]), Swagger)
                : accept.Contains(Schema, StringComparison.OrdinalIgnoreCase) ? new NetSuiteReply(200, Describe(type), Schema)
                : new NetSuiteReply(200, Entry(type));
        }

        List<RecordType> types = call.Names("select") is { } names ? [.. names.Select(Visible)] : [.. NetSuiteSchema.Types.Where(type => !type.QueryOnly)];
        return accept.Contains(Swagger, StringComparison.OrdinalIgnoreCase)
            ? new NetSuiteReply(200, OpenApi(types), Swagger)
            : new NetSuiteReply(200, new JsonObject { ["items"] = new JsonArray([.. types.Select(Entry)]), ["links"] = RecordJson.Links(root + Catalog) }, NetSuiteReply.Collection);
    }

    private static RecordType Visible(string name) => NetSuiteSchema.Find(name) is { QueryOnly: false } type ? type : throw NetSuiteRefusal.NoType(name);

    private JsonObject Entry(RecordType type)
    {
        var address = $"{root}{Catalog}/{type.Name}";
        JsonObject Link(string relation, string media) => new() { ["rel"] = relation, ["href"] = address, ["mediaType"] = media };
        return new JsonObject { ["name"] = type.Name, ["links"] = new JsonArray(Link("canonical", "application/json"), Link("describes", Swagger), Link("describes", Schema)) };
    }

    private static JsonObject Describe(RecordType type)
    {
        var properties = new JsonObject { ["id"] = new JsonObject { ["title"] = "Internal ID", ["type"] = "string" } };
        foreach (var field in type.Schema.Fields)
        {
            properties[field.Name] = Property(field);
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. type.Schema.Fields.Where(field => field.Required).Select(field => JsonValue.Create(field.Name))]),
        };
    }

    private static JsonObject Property(FieldSchema field)
    {
        var property = field.Type switch
        {
            FieldType.Number => new JsonObject { ["type"] = "number", ["format"] = "double" },
            FieldType.Boolean => new JsonObject { ["type"] = "boolean" },
            FieldType.Date => new JsonObject { ["type"] = "string", ["format"] = "date" },
            FieldType.DateTime => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            FieldType.Reference or FieldType.Picklist or FieldType.List => new JsonObject { ["type"] = "object" },
            _ => new JsonObject { ["type"] = "string" },
        };
        property["nullable"] = !field.Required;
        if (field.ReadOnly)
        {
            property["readOnly"] = true;
        }

        return property;
    }

    private static JsonObject OpenApi(IReadOnlyList<RecordType> types)
    {
        var (paths, schemas) = (new JsonObject(), new JsonObject());
        foreach (var type in types)
        {
            paths["/" + type.Name] = new JsonObject { ["get"] = Operation("list"), ["post"] = Operation("insert") };
            paths[$"/{type.Name}/{{id}}"] = new JsonObject { ["get"] = Operation("get"), ["patch"] = Operation("update"), ["put"] = Operation("insert or update"), ["delete"] = Operation("remove") };
            schemas[type.Name] = Describe(type);
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.1",
            ["info"] = new JsonObject { ["title"] = "NetSuite REST API", ["version"] = "v1" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static JsonObject Operation(string summary) => new() { ["summary"] = summary, ["responses"] = new JsonObject { ["default"] = new JsonObject { ["description"] = summary } } };
}
