using System.Text.Json;
using System.Text.Json.Nodes;

namespace PsaConsole.Engine.Connectors.Microsoft365;

/// <summary>
/// Change notifications of Microsoft Graph: at least once, unordered. The address is proven by echoing validationToken, each item by the clientState of
/// our subscription, which is Connectors:microsoft365:NoticeSecret.
/// https://learn.microsoft.com/graph/change-notifications-delivery-webhooks
/// </summary>
internal sealed class GraphNotices(Microsoft365Options options) : INoticeReader
{
    private const int LongestToken = 1024;
    private const int MostItems = 1000;

    public string SystemName => GraphHttp.System;

    public NoticeReading Read(NoticeRequest request, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(options.NoticeSecret))
        {
            return NoticeReading.Refused("Notices of Microsoft 365 are not set up: set Connectors:microsoft365:NoticeSecret.");
        }

        if (request.Query.GetValueOrDefault("validationToken") is { } token)
        {
            return token.Length <= LongestToken ? NoticeReading.Of([], "text/plain", token) : NoticeReading.Refused("The validation token is too long.");
        }

        return Items(request.Body) is { Count: > 0 and <= MostItems } items && items.TrueForAll(item => NoticeProof.Same(options.NoticeSecret, Text(item, "clientState")))
            ? NoticeReading.Of([.. items.Select(item => ToChange(item, now)).OfType<Change>()])
            : NoticeReading.Refused("The clientState is not that of our subscription.");
    }

    /// <summary>Users only: a lifecycle event carries no record, and the next delta read finds what it is about.</summary>
    private static Change? ToChange(JsonObject item, DateTimeOffset now)
    {
        var record = item["resourceData"] as JsonObject;
        var (kind, id) = (Text(record, "@odata.type"), Text(record, "id"));
        return string.Equals(kind, "#Microsoft.Graph.User", StringComparison.OrdinalIgnoreCase) && id is { Length: > 0 and <= 100 }
            ? new Change("user", id, $"notice-{Text(item, "id") ?? now.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture)}", now, null)
            : null;
    }

    private static List<JsonObject>? Items(ReadOnlyMemory<byte> body)
    {
        try
        {
            return (JsonNode.Parse(body.Span) as JsonObject)?["value"] is JsonArray items ? [.. items.OfType<JsonObject>()] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonObject? item, string name) => item?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
