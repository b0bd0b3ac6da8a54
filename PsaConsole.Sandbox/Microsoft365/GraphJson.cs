using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>Entities as Graph writes them, and the options of a call that choose their properties.</summary>
internal static class GraphJson
{
    /// <summary>What a user has when the call selects nothing. https://learn.microsoft.com/graph/api/user-list</summary>
    public static readonly IReadOnlyList<string> UserDefault =
        ["businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation", "preferredLanguage", "surname", "userPrincipalName", "id"];

    /// <summary>All of a message but its internet headers, which must be selected.</summary>
    public static readonly IReadOnlyList<string> MessageDefault =
        ["id", .. Microsoft365Schema.MessageType.Fields.Select(field => field.Name).Where(name => name is not ("mailbox" or "folder" or "internetMessageHeaders"))];

    /// <summary>The properties that $select names, in the type's spelling; null when nothing is selected.</summary>
    /// <exception cref="GraphRefusal">The type has no such property.</exception>
    public static IReadOnlyList<string>? Selected(GraphCall call, TableSchema schema)
    {
        if (call.Option("$select") is not { Length: > 0 } text)
        {
            return null;
        }

        return [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name =>
            name.Equals("id", StringComparison.OrdinalIgnoreCase) ? "id"
            : schema.Find(name) is { Kind: not Microsoft365Schema.Mailbox } field && field.Name is not ("mailbox" or "folder") ? field.Name
            : throw GraphRefusal.Query($"Parsing OData Select and Expand failed: Could not find a property named '{name}' on type 'microsoft.graph.{schema.Name[..^1]}'."))];
    }

    /// <summary>Options that begin with $ and that the collection does not know are refused, not ignored.</summary>
    /// <exception cref="GraphRefusal">The call has another option.</exception>
    public static void Allow(GraphCall call, params IReadOnlyList<string> options)
    {
        if (call.Query.Keys.FirstOrDefault(name => name.StartsWith('$') && !options.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } other)
        {
            throw GraphRefusal.Query($"Query option '{other}' is not supported for this resource.");
        }
    }

    public static JsonObject Entity(Record record, IReadOnlyList<string> properties)
    {
        var json = new JsonObject();
        foreach (var name in properties)
        {
            json[name] = name == "id" ? record.Id : Node(record[name], record.Schema.Find(name)!);
        }

        return json;
    }

    public static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A collection, with the address of its next page.</summary>
    public static JsonObject Collection(string context, IEnumerable<JsonNode> value, string? next, int? count = null)
    {
        var json = new JsonObject { ["@odata.context"] = context };
        if (count is not null)
        {
            json["@odata.count"] = count;
        }

        if (next is not null)
        {
            json["@odata.nextLink"] = next;
        }

        json["value"] = new JsonArray([.. value]);
        return json;
    }

    /// <summary>The call's options as a query, some replaced (null removes one).</summary>
    public static string Query(GraphCall call, params (string Name, string? Value)[] changes)
    {
        var options = call.Query.Where(pair => changes.All(change => !change.Name.Equals(pair.Key, StringComparison.OrdinalIgnoreCase)))
            .Select(pair => (Name: pair.Key, Value: (string?)pair.Value)).Concat(changes.Where(change => change.Value is not null));
        return string.Join('&', options.Select(option => $"{Uri.EscapeDataString(option.Name).Replace("%24", "$", StringComparison.Ordinal)}={Uri.EscapeDataString(option.Value!)}"));
    }

    private static JsonNode? Node(object? value, FieldSchema field) => value switch
    {
        null when field.Type == FieldType.List => new JsonArray(),
        null => null,
        DateTimeOffset instant => Instant(instant),
        JsonNode node => node.DeepClone(),
        _ => JsonSerializer.SerializeToNode(value),
    };
}
