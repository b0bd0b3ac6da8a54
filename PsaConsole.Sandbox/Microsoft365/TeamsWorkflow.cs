using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>
/// The Teams workflow "When a Teams webhook request is received": its address holds its secret, it takes a message with Adaptive Cards and answers 202 without a body.
/// https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
/// </summary>
internal sealed class TeamsWorkflow(RecordStore store, TimeProvider clock)
{
    public const string Route = "/workflows/{workflow}/triggers/manual/paths/invoke";
    private const string Workflow = "3f1d0c5be2a94c77b6d8e41a90c2f635";
    private const string Signature = "u2Vh0mQkP7sandboxTeamsWorkflowSignature";
    private const string ApiVersion = "2016-06-01";
    private const string CardType = "application/vnd.microsoft.card.adaptive";
    private const int MostBytes = 28 * 1024;
    private static readonly Version NewestCard = new(1, 6);

    public static string Address(Uri root) => $"{root.GetLeftPart(UriPartial.Authority)}/workflows/{Workflow}/triggers/manual/paths/invoke?api-version={ApiVersion}&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={Signature}";

    /// <summary>Null when the card was taken.</summary>
    public GraphRefusal? Take(string workflow, IQueryCollection query, byte[] body)
    {
        if (workflow != Workflow)
        {
            return new GraphRefusal(404, "WorkflowNotFound", $"The workflow '{workflow}' could not be found.");
        }

        if (query["api-version"] != ApiVersion)
        {
            return new GraphRefusal(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.");
        }

        if (query["sig"] != Signature || query["sp"] != "/triggers/manual/run" || query["sv"] != "1.0")
        {
            return new GraphRefusal(401, "DirectApiAuthorizationRequired", "The request does not have a valid signature (sp, sv and sig).");
        }

        if (body.Length > MostBytes)
        {
            return new GraphRefusal(413, "RequestEntityTooLarge", $"The request content of {body.Length.ToString(CultureInfo.InvariantCulture)} bytes exceeds the maximum of {MostBytes.ToString(CultureInfo.InvariantCulture)} bytes.");
        }

        var (message, mistake) = Read(body);
        if (mistake is not null)
        {
            return new GraphRefusal(400, "TriggerInputSchemaMismatch", $"The input body for trigger 'manual' of type 'Request' did not match its schema definition. Error details: '{mistake}'.");
        }

        var cards = message!["attachments"]!.AsArray();
        store.Transact(() => cards.Select(attachment => store.Insert(Microsoft365Schema.Cards, new Dictionary<string, object?>
        {
            ["workflow"] = workflow,
            ["receivedAt"] = clock.GetUtcNow(),
            ["card"] = attachment!["content"]!.DeepClone(),
            ["summary"] = Summary(attachment["content"]!),
        })).ToList());
        return null;
    }

    /// <summary>The cards that arrived, oldest first.</summary>
    public IEnumerable<JsonObject> Delivered() => store[Microsoft365Schema.Cards].Scan().Select(card => new JsonObject
    {
        ["kind"] = "card",
        ["at"] = GraphJson.Instant((DateTimeOffset)card["receivedAt"]!),
        ["subject"] = card.Text("summary"),
        ["content"] = ((JsonObject)card["card"]!).DeepClone(),
    });

    private static (JsonObject? Message, string? Mistake) Read(byte[] body)
    {
        JsonObject? message;
        try
        {
            message = JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return (null, "The body is not JSON.");
        }

        return message?["type"]?.ToString() != "message" ? (null, "Required property 'type' must be 'message'.")
            : message["attachments"] is not JsonArray { Count: > 0 } attachments ? (null, "Required property 'attachments' expects a non-empty array.")
            : attachments.Select(Mistake).FirstOrDefault(mistake => mistake is not null) is { } mistake ? (null, mistake)
            : (message, null);
    }

    private static string? Mistake(JsonNode? attachment)
    {
        var card = (attachment as JsonObject)?["content"] as JsonObject;
        return (attachment as JsonObject)?["contentType"]?.ToString() != CardType ? $"contentType must be '{CardType}'."
            : card is null ? "content must be an object."
            : card["type"]?.ToString() != "AdaptiveCard" ? "content.type must be 'AdaptiveCard'."
            : !Version.TryParse(card["version"]?.ToString(), out var version) || version.Major != 1 || version > NewestCard ? "content.version must be 1.0 to 1.6."
            : card["body"] is not null and not JsonArray ? "content.body must be an array."
            : card["actions"] is not null and not JsonArray ? "content.actions must be an array."
            : (card["body"] as JsonArray ?? []).Concat(card["actions"] as JsonArray ?? []).Any(element => (element as JsonObject)?["type"] is null) ? "Every element and action of the card needs a 'type'."
            : null;
    }

    private static string Summary(JsonNode card) => (card["body"] as JsonArray ?? []).FirstOrDefault(element => element?["type"]?.ToString() == "TextBlock")?["text"]?.ToString() ?? "";
}
