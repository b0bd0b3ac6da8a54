using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>The directory's users. https://learn.microsoft.com/graph/api/resources/user</summary>
internal sealed class GraphUsers(RecordStore store, TimeProvider clock, Func<string> root)
{
    private const int PageDefault = 100;
    private const int PageMost = 999;
    private const int BatchMost = 500;

    private Table Table => store[Microsoft365Schema.Users];

    /// <summary>By id or user principal name.</summary>
    public Record? Find(string key) => Table.Find(key) ?? Table.FirstBy("userPrincipalName", key);

    public GraphReply List(GraphCall call)
    {
        GraphJson.Allow(call, "$select", "$top", "$filter", "$search", "$orderby", "$count", "$skiptoken");
        var (selected, top) = (GraphJson.Selected(call, Microsoft365Schema.UserType), call.Number("$top", 1, PageMost) ?? PageDefault);
        var isEventual = call.Header("ConsistencyLevel")?.Equals("eventual", StringComparison.OrdinalIgnoreCase) == true;
        var found = Table.Scan().Where(Filter(call)).Where(Search(call, isEventual));
        var all = Ordered(call, found).ToList();
        var skip = call.Option("$skiptoken") is { } token ? Position(token) : 0;
        var next = skip + top < all.Count ? $"{root()}/users?{GraphJson.Query(call, ("$skiptoken", Token(skip + top)))}" : null;
        var context = selected is null ? $"{root()}/$metadata#users" : $"{root()}/$metadata#users({string.Join(',', selected)})";
        return new GraphReply(200, GraphJson.Collection(
            context, all.Skip(skip).Take(top).Select(user => (JsonNode)GraphJson.Entity(user, selected ?? GraphJson.UserDefault)), next, call.Option("$count") == "true" && isEventual ? all.Count : null));
    }

    public GraphReply Read(GraphCall call, string key)
    {
        GraphJson.Allow(call, "$select");
        var selected = GraphJson.Selected(call, Microsoft365Schema.UserType);
        var user = Find(key) ?? throw GraphRefusal.NoObject(key);
        return new GraphReply(200, WithContext(user, selected));
    }

    public GraphReply Create(GraphCall call)
    {
        var body = call.Object();
        if (body["passwordProfile"] is not JsonObject)
        {
            throw new GraphRefusal(400, "Request_BadRequest", "A password must be specified to create a new user.");
        }

        var values = Read(body, inserting: true);
        values["createdDateTime"] = clock.GetUtcNow();
        values["mail"] = values.GetValueOrDefault("mail") ?? values["userPrincipalName"];
        var user = Keep(() => store.Insert(Microsoft365Schema.Users, values));
        return new GraphReply(201, WithContext(user, null)) { Location = $"{root()}/users/{user.Id}" };
    }

    public GraphReply Change(GraphCall call, string key)
    {
        var user = Find(key) ?? throw GraphRefusal.NoObject(key);
        var values = Read(call.Object(), inserting: false);
        Keep(() => store.Update(Microsoft365Schema.Users, user.Id, values));
        return new GraphReply(204);
    }

    public GraphReply Delete(string key)
    {
        store.Delete(Microsoft365Schema.Users, (Find(key) ?? throw GraphRefusal.NoObject(key)).Id);
        return new GraphReply(204);
    }

    private static T Keep<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (DuplicateValueException taken)
        {
            throw new GraphRefusal(400, "Request_BadRequest", $"Another object with the same value for property {taken.Field} already exists.");
        }
    }

    private Dictionary<string, object?> Read(JsonObject body, bool inserting)
    {
        var read = BodyReader.Read(store, Microsoft365Schema.UserType, JsonSerializer.SerializeToElement(body), inserting, "passwordProfile", "@odata.type", "id");
        return read.Problems is not [var problem, ..] ? read.Values : throw new GraphRefusal(400, "Request_BadRequest", problem.Kind switch
        {
            FieldProblemKind.Unknown => $"One or more property values specified are invalid: property '{problem.Field}' does not exist on type 'microsoft.graph.user'.",
            FieldProblemKind.Missing => $"A value is required for property '{problem.Field}' of resource 'User'.",
            FieldProblemKind.ReadOnly => $"Property '{problem.Field}' is read-only and cannot be set.",
            _ => $"Invalid value specified for property '{problem.Field}' of resource 'User'.",
        });
    }

    private JsonObject WithContext(Record user, IReadOnlyList<string>? selected)
    {
        var json = GraphJson.Entity(user, selected ?? GraphJson.UserDefault);
        json.Insert(0, "@odata.context", $"{root()}/$metadata#users{(selected is null ? "" : $"({string.Join(',', selected)})")}/$entity");
        return json;
    }

    private static Func<Record, bool> Filter(GraphCall call)
        => call.Option("$filter") is { } filter ? ODataFilter.Parse(filter, Microsoft365Schema.UserType) : _ => true;

    /// <summary>"property:text" in quotation marks: a word of the property starts with the text.</summary>
    private static Func<Record, bool> Search(GraphCall call, bool isEventual)
    {
        if (call.Option("$search") is not { } search)
        {
            return _ => true;
        }

        if (!isEventual)
        {
            throw new GraphRefusal(400, "Request_UnsupportedQuery", "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'");
        }

        if (search is not ['"', .. var clause, '"'] || clause.Split(':', 2) is not [var property, var text] || property is not ("displayName" or "mail" or "userPrincipalName" or "givenName" or "surname"))
        {
            throw new GraphRefusal(400, "Request_BadRequest", "Syntax error: $search expects clauses such as \"displayName:text\" in quotation marks.");
        }

        return user => user.Text(property)?.Split(' ', '.', '@', '-').Append(user.Text(property)!).Any(word => word.StartsWith(text, StringComparison.OrdinalIgnoreCase)) == true;
    }

    private static IEnumerable<Record> Ordered(GraphCall call, IEnumerable<Record> users) => call.Option("$orderby")?.Split(' ') switch
    {
        null => users,
        [var name] when Sortable(name) => users.OrderBy(user => user.Text(name), StringComparer.OrdinalIgnoreCase),
        [var name, "asc"] when Sortable(name) => users.OrderBy(user => user.Text(name), StringComparer.OrdinalIgnoreCase),
        [var name, "desc"] when Sortable(name) => users.OrderByDescending(user => user.Text(name), StringComparer.OrdinalIgnoreCase),
        _ => throw new GraphRefusal(400, "Request_UnsupportedQuery", "Sort not supported for the given property."),
    };

    private static bool Sortable(string name) => name is "displayName" or "userPrincipalName" or "mail" or "givenName" or "surname";

    private static string Token(int position) => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"RFNwdAoAAQ{position.ToString(CultureInfo.InvariantCulture)}"));

    private static int Position(string token)
    {
        var bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out var length)
            && System.Text.Encoding.ASCII.GetString(bytes, 0, length) is ['R', 'F', 'N', 'w', 'd', 'A', 'o', 'A', 'A', 'Q', .. var number]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
                ? position
                : throw new GraphRefusal(400, "Directory_ExpiredPageToken", "The specified page token value has expired and can no longer be included in your request.");
    }

    internal static int PageOf(GraphCall call)
    {
        var asked = call.Header("Prefer")?.Split(',', StringSplitOptions.TrimEntries).FirstOrDefault(part => part.StartsWith("odata.maxpagesize=", StringComparison.OrdinalIgnoreCase));
        return asked is not null && int.TryParse(asked["odata.maxpagesize=".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0
            ? Math.Min(size, BatchMost)
            : call.Number("$top", 1, PageMost) ?? 200;
    }
}
