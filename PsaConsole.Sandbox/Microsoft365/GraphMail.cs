using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>Mail: sending it, and reading the messages of a mailbox. https://learn.microsoft.com/graph/api/user-sendmail</summary>
internal sealed partial class GraphMail(RecordStore store, GraphUsers users, TimeProvider clock, Func<string> root)
{
    private const int PageDefault = 10;
    private const int PageMost = 1000;
    private const int MostHeaders = 5;
    private const int MostRecipients = 500;
    private const int PreviewLength = 255;
    private static readonly string[] Lists = ["toRecipients", "ccRecipients", "bccRecipients", "replyTo"];
    private static readonly string[] Known = [.. Lists, "subject", "body", "importance", "internetMessageHeaders", "categories", "from", "sender", "attachments", "isReadReceiptRequested", "isDeliveryReceiptRequested", "flag"];

    /// <summary>202 says that the message was taken, not that it arrived.</summary>
    public GraphReply Send(GraphCall call, string key)
    {
        var sender = users.Find(key) is { } user && user.Text("mail") is not null ? user : throw GraphRefusal.NoMailbox(key);
        var body = call.Object();
        if (body.Select(pair => pair.Key).FirstOrDefault(name => !name.StartsWith('@') && !name.Equals("message", StringComparison.OrdinalIgnoreCase) && !name.Equals("saveToSentItems", StringComparison.OrdinalIgnoreCase)) is { } other)
        {
            throw GraphRefusal.Body($"The parameter '{other}' in the request payload is not a valid parameter for the operation 'sendMail'.");
        }

        var message = body["message"] as JsonObject ?? throw new GraphRefusal(400, "ErrorInvalidRequest", "The parameter 'Message' is required.");
        var values = Values(message, sender);
        var saves = body["saveToSentItems"] is not JsonValue save || (save.TryGetValue(out bool flag) ? flag : throw GraphRefusal.Body("Cannot convert the literal of 'SaveToSentItems' to the expected type 'Edm.Boolean'."));
        store.Transact(() =>
        {
            var sent = Insert(sender.Id, saves ? "sentitems" : "notsaved", values, isRead: true);
            foreach (var recipient in Addresses(values).Select(address => store[Microsoft365Schema.Users].FirstBy("mail", address)).OfType<Record>().DistinctBy(recipient => recipient.Id))
            {
                Insert(recipient.Id, "inbox", values, isRead: false);
            }

            return sent;
        });
        return new GraphReply(202);
    }

    public GraphReply List(GraphCall call, string key, string? folder)
    {
        GraphJson.Allow(call, "$select", "$top", "$skip", "$filter", "$search", "$orderby", "$count");
        var mailbox = users.Find(key) ?? throw GraphRefusal.NoMailbox(key);
        var (selected, top, skip) = (GraphJson.Selected(call, Microsoft365Schema.MessageType), call.Number("$top", 1, PageMost) ?? PageDefault, call.Number("$skip", 0, int.MaxValue) ?? 0);
        var found = store[Microsoft365Schema.Messages].FindBy("mailbox", mailbox.Id)
            .Where(message => folder is null ? message.Text("folder") != "notsaved" : folder.Equals(message.Text("folder"), StringComparison.OrdinalIgnoreCase))
            .Where(Filter(call)).Where(Search(call));
        var all = Ordered(call, found).ToList();
        var path = folder is null ? $"users/{Uri.EscapeDataString(key)}/messages" : $"users/{Uri.EscapeDataString(key)}/mailFolders/{Uri.EscapeDataString(folder)}/messages";
        var next = skip + top < all.Count ? $"{root()}/{path}?{GraphJson.Query(call, ("$skip", (skip + top).ToString(CultureInfo.InvariantCulture)))}" : null;
        var context = $"{root()}/$metadata#users('{Uri.EscapeDataString(key)}')/messages{(selected is null ? "" : $"({string.Join(',', selected)})")}";
        return new GraphReply(200, GraphJson.Collection(context, all.Skip(skip).Take(top).Select(message => (JsonNode)Entity(message, selected)), next, call.Option("$count") == "true" ? all.Count : null));
    }

    public GraphReply Read(GraphCall call, string key, string id)
    {
        GraphJson.Allow(call, "$select");
        var selected = GraphJson.Selected(call, Microsoft365Schema.MessageType);
        var json = Entity(Find(key, id), selected);
        json.Insert(0, "@odata.context", $"{root()}/$metadata#users('{Uri.EscapeDataString(key)}')/messages/$entity");
        return new GraphReply(200, json);
    }

    public GraphReply Delete(string key, string id)
    {
        store.Delete(Microsoft365Schema.Messages, Find(key, id).Id);
        return new GraphReply(204);
    }

    private Record Find(string key, string id)
    {
        var mailbox = users.Find(key) ?? throw GraphRefusal.NoMailbox(key);
        return store[Microsoft365Schema.Messages].Find(id) is { } message && message.Text("mailbox") == mailbox.Id ? message : throw GraphRefusal.NoItem();
    }

    private static JsonObject Entity(Record message, IReadOnlyList<string>? selected)
    {
        var json = GraphJson.Entity(message, selected is null ? GraphJson.MessageDefault : selected.Contains("id") ? selected : [.. selected, "id"]);
        json.Insert(0, "@odata.etag", $"W/\"CQAAABYAAAB{message.Revision.ToString("x8", CultureInfo.InvariantCulture)}\"");
        return json;
    }

    private Record Insert(string mailbox, string folder, Dictionary<string, object?> values, bool isRead) => store.Insert(
        Microsoft365Schema.Messages,
        new Dictionary<string, object?>(values) { ["mailbox"] = mailbox, ["folder"] = folder, ["isRead"] = isRead });

    private static IEnumerable<string> Addresses(Dictionary<string, object?> values)
        => Lists.Take(3).Select(list => values.GetValueOrDefault(list)).OfType<JsonArray>().SelectMany(list => list).Select(recipient => recipient!["emailAddress"]!["address"]!.ToString());

    private Dictionary<string, object?> Values(JsonObject message, Record sender)
    {
        if (message.Select(pair => pair.Key).FirstOrDefault(name => !name.StartsWith('@') && !Known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw GraphRefusal.Body($"The property '{unknown}' does not exist on type 'microsoft.graph.message'. Make sure to only use property names that are defined by the type.");
        }

        var now = clock.GetUtcNow();
        var from = new JsonObject { ["emailAddress"] = new JsonObject { ["name"] = sender.Text("displayName"), ["address"] = sender.Text("mail") } };
        var text = Body(message["body"]);
        var values = new Dictionary<string, object?>
        {
            ["subject"] = message["subject"]?.ToString() ?? "",
            ["body"] = text,
            ["bodyPreview"] = Preview(text),
            ["importance"] = Importance(message["importance"]),
            ["from"] = from,
            ["sender"] = from.DeepClone(),
            ["hasAttachments"] = message["attachments"] is JsonArray { Count: > 0 },
            ["internetMessageHeaders"] = Headers(message["internetMessageHeaders"]),
            ["internetMessageId"] = $"<{Guid.NewGuid():N}@northwind.example>",
            ["conversationId"] = $"AAQkAGI1{Guid.NewGuid():N}",
            ["isDraft"] = false,
            ["createdDateTime"] = now,
            ["lastModifiedDateTime"] = now,
            ["sentDateTime"] = now,
            ["receivedDateTime"] = now,
        };
        foreach (var list in Lists)
        {
            values[list] = Recipients(message[list]);
        }

        return Addresses(values).Count() is > 0 and <= MostRecipients ? values : throw new GraphRefusal(400, "ErrorInvalidRecipients", "At least one recipient is not valid., Recipients are missing or too many.");
    }

    private static JsonArray Recipients(JsonNode? list) => list switch
    {
        null => [],
        JsonArray recipients => new JsonArray([.. recipients.Select(Recipient)]),
        _ => throw GraphRefusal.Body("An unexpected 'StartObject' node was found for a collection of 'microsoft.graph.recipient'."),
    };

    private static JsonNode Recipient(JsonNode? recipient)
    {
        var address = recipient?["emailAddress"];
        return address?["address"]?.ToString() is { } text && Address().IsMatch(text)
            ? new JsonObject { ["emailAddress"] = new JsonObject { ["name"] = address["name"]?.ToString() ?? text, ["address"] = text } }
            : throw new GraphRefusal(400, "ErrorInvalidRecipients", "At least one recipient is not valid.");
    }

    private static JsonObject Body(JsonNode? body)
    {
        var kind = body?["contentType"]?.ToString().ToLowerInvariant() ?? "text";
        return kind is "text" or "html"
            ? new JsonObject { ["contentType"] = kind, ["content"] = body?["content"]?.ToString() ?? "" }
            : throw GraphRefusal.Body($"Requested value '{kind}' was not found.");
    }

    private static string Importance(JsonNode? importance) => importance?.ToString().ToLowerInvariant() switch
    {
        null => "normal",
        "low" or "normal" or "high" => importance.ToString().ToLowerInvariant(),
        var other => throw GraphRefusal.Body($"Requested value '{other}' was not found."),
    };

    private static JsonArray Headers(JsonNode? headers)
    {
        if (headers is not JsonArray list)
        {
            return [];
        }

        if (list.Count > MostHeaders)
        {
            throw new GraphRefusal(400, "InvalidInternetMessageHeaderCollection", $"Maximum number of headers in one message should be less than or equal to {MostHeaders}.");
        }

        return new JsonArray([.. list.Select(header => header?["name"]?.ToString() is { } name && name.StartsWith("x-", StringComparison.OrdinalIgnoreCase)
            ? (JsonNode)new JsonObject { ["name"] = name, ["value"] = header["value"]?.ToString() }
            : throw new GraphRefusal(400, "InvalidInternetMessageHeader", $"The internet message header name '{header?["name"]}' should start with 'x-' or 'X-'."))]);
    }

    private static string Preview(JsonObject body)
    {
        var text = body["content"]!.ToString();
        var plain = body["contentType"]!.ToString() == "html" ? WebUtility.HtmlDecode(Markup().Replace(text, " ")) : text;
        plain = Blank().Replace(plain, " ").Trim();
        return plain.Length > PreviewLength ? plain[..PreviewLength] : plain;
    }

    private static Func<Record, bool> Filter(GraphCall call) => (call.Option("$filter"), call.Option("$search")) switch
    {
        (null, _) => _ => true,
        (_, not null) => throw new GraphRefusal(400, "SearchWithFilter", "The query parameter '$filter' is not supported with '$search'."),
        var (filter, _) => ODataFilter.Parse(filter, Microsoft365Schema.MessageType),
    };

    /// <summary>"text" or "property:text" in quotation marks, over subject, body, from and recipients.</summary>
    private static Func<Record, bool> Search(GraphCall call)
    {
        if (call.Option("$search") is not { } search)
        {
            return _ => true;
        }

        if (call.Option("$orderby") is not null)
        {
            throw new GraphRefusal(400, "SearchWithOrderBy", "The query parameter '$orderby' is not supported with '$search'.");
        }

        var clause = search.Trim('"');
        var (property, text) = clause.Split(':', 2) is [var name, var rest] && name is "subject" or "from" or "to" or "body" or "participants" ? (clause.Split(':', 2)[0], clause.Split(':', 2)[1]) : (null, clause);
        string[] fields = property switch
        {
            "subject" => ["subject"],
            "body" => ["body"],
            "from" => ["from"],
            "to" => ["toRecipients"],
            "participants" => ["from", "toRecipients", "ccRecipients"],
            _ => ["subject", "body", "from", "toRecipients"],
        };
        return message => fields.Any(field => (message[field] is JsonNode node ? node.ToJsonString() : message.Text(field))?.Contains(text, StringComparison.OrdinalIgnoreCase) == true);
    }

    private static IEnumerable<Record> Ordered(GraphCall call, IEnumerable<Record> messages)
    {
        var (name, descending) = call.Option("$orderby")?.Split(' ') switch
        {
            null => ("receivedDateTime", true),
            [var only] => (only, false),
            [var first, "asc"] => (first, false),
            [var first, "desc"] => (first, true),
            _ => throw GraphRefusal.Query("Only one property may be given in $orderby."),
        };
        var field = Microsoft365Schema.MessageType.Find(name) is { Type: FieldType.DateTime or FieldType.Text or FieldType.Boolean } known ? known.Name : throw GraphRefusal.Query($"Could not find a property named '{name}' on type 'microsoft.graph.message'.");
        return descending
            ? messages.OrderByDescending(message => message[field] as IComparable).ThenByDescending(message => message.Sequence)
            : messages.OrderBy(message => message[field] as IComparable).ThenBy(message => message.Sequence);
    }

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
    private static partial Regex Address();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Markup();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
