using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>
/// Change notifications: the address is checked by a call-back before a subscription is made; changes are then told at least once, in no order.
/// https://learn.microsoft.com/graph/change-notifications-delivery-webhooks
/// </summary>
internal sealed class GraphSubscriptions(RecordStore store, World world, Func<string> root) : IDisposable
{
    private const int LongestState = 128;
    private const int NoticeAttempts = 12;
    private static readonly TimeSpan DirectoryLifetime = TimeSpan.FromMinutes(41_760);

    // 4,230 minutes in the documentation that the sandbox was made from; newer pages say 10,080.
    private static readonly TimeSpan MailLifetime = TimeSpan.FromMinutes(4_230);
    private static readonly string[] ChangeTypes = ["created", "updated", "deleted"];
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(10) };

    public void Dispose() => _client.Dispose();

    public async Task<GraphReply> CreateAsync(GraphCall call, CancellationToken cancellationToken)
    {
        var body = call.Object();
        string Text(string name) => body[name]?.ToString() is { Length: > 0 } text ? text : throw Invalid($"Property '{name}' is required to create a subscription.");
        var (changes, resource, state) = (Text("changeType"), Text("resource").Trim('/'), body["clientState"]?.ToString());
        if (changes.Split(',').Any(change => !ChangeTypes.Contains(change.Trim())))
        {
            throw Invalid($"Invalid 'changeType' attribute: '{changes}'.");
        }

        if (state?.Length > LongestState)
        {
            throw Invalid("ClientState exceeds the maximum length of 128 characters.");
        }

        var until = Until(Text("expirationDateTime"), LifetimeOf(resource));

        // Graph itself takes https only; the sandbox calls its own machine.
        if (!Uri.TryCreate(Text("notificationUrl"), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw Invalid("The NotificationUrl property must be an absolute https address.");
        }

        await ValidateAsync(address, cancellationToken);
        var subscription = store.Insert(Microsoft365Schema.Subscriptions, new Dictionary<string, object?>
        {
            ["changeType"] = changes,
            ["clientState"] = state,
            ["expirationDateTime"] = until,
            ["lifecycleNotificationUrl"] = body["lifecycleNotificationUrl"]?.ToString(),
            ["notificationUrl"] = address.ToString(),
            ["resource"] = resource,
            ["latestSupportedTlsVersion"] = "v1_2",
        });
        return new GraphReply(201, Entity(subscription, withState: true)) { Location = $"{root()}/subscriptions('{subscription.Id}')" };
    }

    public GraphReply List() => new(200, GraphJson.Collection($"{root()}/$metadata#subscriptions", store[Microsoft365Schema.Subscriptions].Scan().Where(IsAlive).Select(item => (JsonNode)Plain(item, withState: false)), null));

    public GraphReply Read(string id) => new(200, Entity(Find(id), withState: false));

    public GraphReply Renew(GraphCall call, string id)
    {
        var (subscription, body) = (Find(id), call.Object());
        var text = body["expirationDateTime"]?.ToString() ?? throw Invalid("Property 'expirationDateTime' is required to update a subscription.");
        var until = Until(text, LifetimeOf(subscription.Text("resource")!));
        return new GraphReply(200, Entity(store.Update(Microsoft365Schema.Subscriptions, id, new Dictionary<string, object?> { ["expirationDateTime"] = until }), withState: false));
    }

    public GraphReply Delete(string id)
    {
        store.Delete(Microsoft365Schema.Subscriptions, Find(id).Id);
        return new GraphReply(204);
    }

    /// <summary>Tells the subscribers of a changed user or message.</summary>
    public void Tell(RecordChange change)
    {
        var (table, record) = (change.Table.Schema.Name, change.After);
        if (table is not (Microsoft365Schema.Users or Microsoft365Schema.Messages))
        {
            return;
        }

        // A new user comes as updated: the directory tells no other way.
        var kind = record.Deleted ? "deleted" : change.Before is null && table == Microsoft365Schema.Messages ? "created" : "updated";
        var resource = table == Microsoft365Schema.Users ? $"Users/{record.Id}" : $"Users/{record.Text("mailbox")}/Messages/{record.Id}";
        foreach (var subscription in store[Microsoft365Schema.Subscriptions].Scan().Where(item => IsAlive(item) && Concerns(item, record, table) && item.Text("changeType")!.Split(',').Any(wanted => wanted.Trim() == kind)))
        {
            Send(subscription, kind, resource, table == Microsoft365Schema.Users ? "User" : "Message", record);
        }
    }

    private void Send(Record subscription, string kind, string resource, string type, Record record)
    {
        var notice = new JsonObject
        {
            ["value"] = new JsonArray(new JsonObject
            {
                ["id"] = Guid.NewGuid().ToString(),
                ["subscriptionId"] = subscription.Id,
                ["subscriptionExpirationDateTime"] = GraphJson.Instant((DateTimeOffset)subscription["expirationDateTime"]!),
                ["clientState"] = subscription.Text("clientState"),
                ["changeType"] = kind,
                ["resource"] = resource,
                ["tenantId"] = EntraTokens.TenantId,
                ["resourceData"] = new JsonObject
                {
                    ["@odata.type"] = $"#Microsoft.Graph.{type}",
                    ["@odata.id"] = resource,
                    ["@odata.etag"] = $"W/\"{record.Revision.ToString("x16", CultureInfo.InvariantCulture)}\"",
                    ["id"] = record.Id,
                },
            }),
        };
        var (address, text) = (subscription.Text("notificationUrl")!, notice.ToJsonString());
        world.Notices.Send(new Notice
        {
            Vendor = "microsoft365",
            Attempts = NoticeAttempts,
            Request = () => new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(text, System.Text.Encoding.UTF8, "application/json") },
            Acknowledged = (response, _) => response.IsSuccessStatusCode,
        });
    }

    private bool Concerns(Record subscription, Record record, string table)
    {
        var parts = GraphCall.Parts(subscription.Text("resource")!);
        return (table, parts.Select(part => part.ToLowerInvariant()).ToArray()) switch
        {
            (Microsoft365Schema.Users, ["users"]) => true,
            (Microsoft365Schema.Users, ["users", _]) => IsUser(parts[1], record.Id),
            (Microsoft365Schema.Messages, ["users", _, "messages"]) => IsUser(parts[1], record.Text("mailbox")!),
            (Microsoft365Schema.Messages, ["users", _, "mailfolders", var folder, "messages"]) => IsUser(parts[1], record.Text("mailbox")!) && record.Text("folder") == folder,
            _ => false,
        };
    }

    private bool IsUser(string key, string id) => key == id || store[Microsoft365Schema.Users].FirstBy("userPrincipalName", key)?.Id == id;

    private static TimeSpan LifetimeOf(string resource) => GraphCall.Parts(resource).Select(part => part.ToLowerInvariant()).ToArray() switch
    {
        ["users"] or ["users", _] => DirectoryLifetime,
        ["users", _, "messages" or "events"] or ["users", _, "mailfolders", _, "messages"] => MailLifetime,
        _ => throw new GraphRefusal(400, "ExtensionError", $"Operation: Create; Exception: [Status Code: BadRequest; Reason: The resource '{resource}' is not supported.]"),
    };

    private DateTimeOffset Until(string text, TimeSpan longest)
    {
        var now = world.Clock.GetUtcNow();
        return !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var until)
            ? throw Invalid("Property 'expirationDateTime' is not a valid date and time.")
            : until <= now ? throw Invalid("Subscription expiration must be in the future.")
            : until > now + longest ? throw Invalid($"Subscription expiration can only be {longest.TotalMinutes.ToString(CultureInfo.InvariantCulture)} minutes in the future.")
            : until;
    }

    /// <summary>The address must answer a token with the token, as plain text, within ten seconds.</summary>
    private async Task ValidateAsync(Uri address, CancellationToken cancellationToken)
    {
        var token = $"Validation: Testing client application reachability for subscription Request-Id: {Guid.NewGuid()}";
        var call = $"{address}{(address.Query.Length > 0 ? '&' : '?')}validationToken={Uri.EscapeDataString(token)}";
        try
        {
            using var content = new StringContent("", System.Text.Encoding.UTF8, "text/plain");
            using var answer = await _client.PostAsync(call, content, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if ((int)answer.StatusCode != 200 || answer.Content.Headers.ContentType?.MediaType != "text/plain" || text != token)
            {
                throw Unreachable($"Validation response must be 200 and text/plain with the token; it was {(int)answer.StatusCode} {answer.Content.Headers.ContentType?.MediaType}.");
            }
        }
        catch (HttpRequestException)
        {
            throw Unreachable("The remote server could not be reached.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable("NotificationUrl timed out.");
        }
    }

    private static GraphRefusal Unreachable(string why) => new(400, "ValidationError", $"Subscription validation request failed. {why}");

    private static GraphRefusal Invalid(string message) => new(400, "InvalidRequest", message);

    private bool IsAlive(Record subscription) => (DateTimeOffset)subscription["expirationDateTime"]! > world.Clock.GetUtcNow();

    private Record Find(string id) => store[Microsoft365Schema.Subscriptions].Find(id) is { } found && IsAlive(found) ? found : throw new GraphRefusal(404, "ResourceNotFound", "The object was not found.");

    private JsonObject Entity(Record subscription, bool withState)
    {
        var json = Plain(subscription, withState);
        json.Insert(0, "@odata.context", $"{root()}/$metadata#subscriptions/$entity");
        return json;
    }

    /// <summary>The client state is told once, to whom it belongs.</summary>
    private static JsonObject Plain(Record subscription, bool withState)
    {
        var json = GraphJson.Entity(subscription, ["id", "resource", "changeType", "clientState", "notificationUrl", "lifecycleNotificationUrl", "expirationDateTime", "latestSupportedTlsVersion"]);
        json["applicationId"] = EntraTokens.ClientId;
        json["creatorId"] = EntraTokens.ClientId;
        if (!withState)
        {
            json["clientState"] = null;
        }

        return json;
    }
}
