using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>Microsoft 365 as the sample customer has set it up: the Entra token endpoint, Graph v1.0 and a Teams workflow.</summary>
internal sealed class Microsoft365Vendor : Vendor, IDisposable
{
    /// <summary>Real answers say from one second to some minutes.</summary>
    public const string RetryAfterSeconds = "1";
    private const string Graph = "/v1.0";
    private const string TokenRoute = "/{tenant}/oauth2/v2.0/token";
    private const string JsonType = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
    private const int MostBytes = 4 * 1024 * 1024;
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly EntraTokens _tokens;
    private readonly GraphApi _api;
    private readonly GraphBatch _batch;
    private readonly TeamsWorkflow _teams;

    public Microsoft365Vendor(World world)
        : base("microsoft365", 5, Microsoft365Schema.Tables, world)
    {
        _tokens = new EntraTokens(world.Clock);
        _api = new GraphApi(Store, world, Root);
        _batch = new GraphBatch(_api, world);
        _teams = new TeamsWorkflow(Store, world.Clock);
        Store.Changed += _api.Tell;
    }

    public override JsonObject Credentials => new()
    {
        ["tenantId"] = EntraTokens.TenantId,
        ["clientId"] = EntraTokens.ClientId,
        ["clientSecret"] = EntraTokens.ClientSecret,
        ["teamsWebhookUrl"] = TeamsWorkflow.Address(Url),
        ["mailSender"] = Microsoft365Seed.Sender,
    };

    public override void Map(WebApplication app)
    {
        app.MapPost(TokenRoute, TokenAsync);
        app.MapPost(TeamsWorkflow.Route, CardAsync);
        app.MapPost(Graph + "/$batch", context => AnswerAsync(context, _batch.AnswerAsync));
        foreach (var route in GraphApi.Routes)
        {
            // One handler; the patterns give the call log its routes.
            app.Map(Graph + route, context => AnswerAsync(context, _api.AnswerAsync));
        }
    }

    public override Task WriteErrorAsync(HttpContext context, int status)
    {
        if (IsToken(context.Request))
        {
            return WriteTokenAsync(context, status, _tokens.OfStatus(status));
        }

        return IsWorkflow(context.Request) ? WriteWorkflowAsync(context, GraphRefusal.OfStatus(status)) : WriteAsync(context, Refused(context, GraphRefusal.OfStatus(status)));
    }

    public override Task WriteThrottleAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return WriteErrorAsync(context, StatusCodes.Status429TooManyRequests);
    }

    public override void Seed(SampleFirm firm) => new Microsoft365Seed(Store, firm).Fill();

    public override void ExpireTokens() => _tokens.Expire();

    /// <summary>Cards that arrived in Teams and mails that were sent.</summary>
    public override IEnumerable<JsonObject> Delivered()
        => _teams.Delivered().Concat(Store[Microsoft365Schema.Messages].Scan().Where(mail => mail.Text("folder") is "sentitems" or "notsaved").Select(mail => new JsonObject
        {
            ["kind"] = "mail",
            ["at"] = GraphJson.Instant((DateTimeOffset)mail["sentDateTime"]!),
            ["subject"] = mail.Text("subject"),
            ["content"] = GraphJson.Entity(mail, [.. GraphJson.MessageDefault, "internetMessageHeaders"]),
        }));

    public void Dispose() => _api.Dispose();

    private string Root() => Url.GetLeftPart(UriPartial.Authority) + Graph;

    private static bool IsToken(HttpRequest request) => request.Path.Value!.EndsWith("/oauth2/v2.0/token", StringComparison.OrdinalIgnoreCase);

    private static bool IsWorkflow(HttpRequest request) => request.Path.StartsWithSegments("/workflows", StringComparison.OrdinalIgnoreCase);

    private async Task TokenAsync(HttpContext context)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
        var (status, body) = _tokens.Answer((string)context.GetRouteValue("tenant")!, form);
        await WriteTokenAsync(context, status, body);
    }

    private async Task CardAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (_teams.Take((string)context.GetRouteValue("workflow")!, context.Request.Query, body.ToArray()) is { } refusal)
        {
            await WriteWorkflowAsync(context, refusal);
            return;
        }

        context.Response.Headers["x-ms-workflow-run-id"] = Guid.NewGuid().ToString("N");
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private async Task AnswerAsync(HttpContext context, Func<GraphCall, CancellationToken, Task<GraphReply>> answer)
    {
        GraphReply reply;
        try
        {
            Authorise(context.Request);
            var call = await CallAsync(context.Request);
            NoteKey(context, call);
            reply = await answer(call, context.RequestAborted);
        }
        catch (GraphRefusal refusal)
        {
            reply = Refused(context, refusal);
        }

        await WriteAsync(context, reply);
    }

    private void Authorise(HttpRequest request)
    {
        var bearer = AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) && header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? header.Parameter : null;
        if (string.IsNullOrEmpty(bearer))
        {
            throw new GraphRefusal(401, "InvalidAuthenticationToken", "Access token is empty.");
        }

        if (!_tokens.Accepts(bearer))
        {
            throw GraphRefusal.OfStatus(StatusCodes.Status401Unauthorized);
        }
    }

    private static async Task<GraphCall> CallAsync(HttpRequest request)
    {
        JsonElement? body = null;
        if (request.Method is "POST" or "PATCH" or "PUT")
        {
            if (request.ContentLength > MostBytes)
            {
                throw GraphRefusal.OfStatus(StatusCodes.Status413PayloadTooLarge);
            }

            try
            {
                body = request.ContentLength == 0 ? null : await JsonSerializer.DeserializeAsync<JsonElement>(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            }
            catch (JsonException)
            {
                throw GraphRefusal.Query("Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.");
            }
        }

        return GraphCall.Of(request.Method, request.Path.Value![Graph.Length..], request.QueryString.Value ?? "", name => request.Headers[name], body);
    }

    /// <summary>Mails carry their sender's key in a header of their own.</summary>
    private static void NoteKey(HttpContext context, GraphCall call)
    {
        if (call is { Method: "POST", Path: [_, _, var action] } && action.Equals("sendMail", StringComparison.OrdinalIgnoreCase) && call.Body is { ValueKind: JsonValueKind.Object }
            && (call.Object()["message"] as JsonObject)?["internetMessageHeaders"] is JsonArray headers && headers.Select(header => (header as JsonObject)?["value"]?.ToString()).FirstOrDefault() is { } key)
        {
            context.NoteKey(key);
        }
    }

    private GraphReply Refused(HttpContext context, GraphRefusal refusal)
    {
        var (request, client) = Ids(context);
        return new GraphReply(refusal.Status, refusal.ToBody(request, client, World.Clock.GetUtcNow())) { Location = refusal.Location };
    }

    private static (string Request, string Client) Ids(HttpContext context)
    {
        var request = context.Items["graph.request-id"] as string ?? Guid.NewGuid().ToString();
        context.Items["graph.request-id"] = request;
        return (request, context.Request.Headers["client-request-id"].ToString() is { Length: > 0 } client ? client : request);
    }

    private static async Task WriteAsync(HttpContext context, GraphReply reply)
    {
        var (response, ids) = (context.Response, Ids(context));
        response.StatusCode = reply.Status;
        response.Headers["request-id"] = ids.Request;
        response.Headers["client-request-id"] = ids.Client;
        response.Headers["OData-Version"] = "4.0";
        if (reply.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", client_id=\"00000003-0000-0000-c000-000000000000\"";
        }

        if (reply.Location is { } location)
        {
            response.Headers.Location = location;
        }

        if (reply.PreferenceApplied is { } preference)
        {
            response.Headers["Preference-Applied"] = preference;
        }

        if (reply.Body is { } body)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(body, Plain);
            response.ContentType = reply.IsError ? "application/json" : JsonType;
            response.ContentLength = bytes.Length;
            await response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    private static Task WriteTokenAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store, no-cache";
        return context.Response.WriteAsJsonAsync(body, context.RequestAborted);
    }

    /// <summary>The workflow is no part of Graph: its errors have no innerError.</summary>
    private static Task WriteWorkflowAsync(HttpContext context, GraphRefusal refusal)
    {
        context.Response.StatusCode = refusal.Status;
        return context.Response.WriteAsJsonAsync(new JsonObject { ["error"] = new JsonObject { ["code"] = refusal.Code, ["message"] = refusal.Message } }, context.RequestAborted);
    }
}
