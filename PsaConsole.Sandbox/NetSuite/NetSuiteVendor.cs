using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;
using PsaConsole.Sandbox.NetSuite.SuiteQl;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>NetSuite OneWorld, as the sample customer has set it up: SuiteTalk REST with OAuth 2.0 machine to machine.</summary>
internal sealed class NetSuiteVendor : Vendor
{
    private const string Record = "/services/rest/record/v1";
    private const string Async = "/services/rest/async/v1/job";
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly AccessTokens _tokens;
    private readonly Records _records;
    private readonly RecordApi _api;
    private readonly SuiteQlApi _suiteQl;
    private readonly AsyncJobs _jobs;

    public NetSuiteVendor(World world)
        : base("netsuite", 4, NetSuiteSchema.Tables, world)
    {
        _tokens = new AccessTokens(world.Clock);
        _records = new Records(Store);
        _api = new RecordApi(Store, _records, Root);
        _suiteQl = new SuiteQlApi(Store, world.Clock, Root);
        _jobs = new AsyncJobs(Store, world.Clock, Root);
        ConcurrentCalls = 5;
    }

    public override JsonObject Credentials => new()
    {
        ["account"] = AccessTokens.Account,
        ["clientId"] = AccessTokens.ClientId,
        ["certificateId"] = AccessTokens.CertificateId,
        ["privateKeyPem"] = SampleKey.Read(AccessTokens.KeyName),
        ["ecCertificateId"] = AccessTokens.CurveCertificateId,
        ["ecPrivateKeyPem"] = SampleKey.Read(AccessTokens.CurveKeyName),
    };

    public override void Map(WebApplication app)
    {
        app.MapPost(AccessTokens.Path, TokenAsync);
        string[] methods = ["GET", "POST", "PATCH", "PUT", "DELETE"];
        foreach (var path in new[] { "/metadata-catalog", "/metadata-catalog/{type}", "/{type}", "/{type}/{id}", "/{type}/{id}/{sublist}" })
        {
            // One handler; the patterns give the call log its routes.
            app.MapMethods(Record + path, methods, context => AnswerAsync(context, Record, _api.Answer));
        }

        app.MapPost(SuiteQlApi.Path, context => AnswerAsync(context, SuiteQlApi.Path, _suiteQl.Answer));
        foreach (var path in new[] { "/{job}", "/{job}/task", "/{job}/task/{task}", "/{job}/task/{task}/result" })
        {
            app.MapGet(Async + path, context => AnswerAsync(context, Async, call => _jobs.Read(call.Path)));
        }

        app.MapGet("/services/rest/system/v1/governanceLimits", context => AnswerAsync(context, "/services/rest/system/v1/governanceLimits", _ => new NetSuiteReply(200, new JsonObject
        {
            ["accountConcurrencyLimit"] = ConcurrentCalls,
            ["accountUnallocatedConcurrencyLimit"] = ConcurrentCalls,
            ["integrationLimitType"] = "accountLimit",
        })));
    }

    public override Task WriteErrorAsync(HttpContext context, int status)
    {
        if (context.Request.Path.Equals(AccessTokens.Path, StringComparison.OrdinalIgnoreCase) && status < 500)
        {
            return WriteTokenErrorAsync(context, status, status == StatusCodes.Status401Unauthorized ? "invalid_client" : "invalid_request");
        }

        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{AccessTokens.Account}\", error=\"invalid_token\", error_description=\"Invalid login attempt.\"";
        }

        return WriteAsync(context, NetSuiteReply.Of(NetSuiteRefusal.OfStatus(status)));
    }

    public override Task WriteThrottleAsync(HttpContext context) => WriteAsync(context, NetSuiteReply.Of(NetSuiteRefusal.Concurrency()));

    /// <summary>Signing in isn't counted.</summary>
    public override bool CountsTowardsConcurrency(HttpRequest request) => !request.Path.Equals(AccessTokens.Path, StringComparison.OrdinalIgnoreCase);

    public override IEnumerable<Func<ActivityFact>> LiveDay(DateOnly day, Random random) =>
    [
        () =>
        {
            Store.Transact(() =>
            {
                Journals.Rates(Store, day);
                return true;
            });
            return new ActivityFact(0, day, Name, "rates-loaded", "", "The treasury loaded the exchange rates of the day.");
        },
        .. Invoicing.Ready(Store).Select(job => (Func<ActivityFact>)(() => new ActivityFact(0, day, Name, "invoiced", job, $"{Invoicing.Run(_records, Store, job, day)} milestones of {Store["job"].Find(job)?.Text("entityId")} were invoiced."))),
    ];

    public override void Seed(SampleFirm firm) => new NetSuiteSeed(_records, Store, firm).Fill();

    public override void ExpireTokens() => _tokens.Expire();

    private string Root() => Url.GetLeftPart(UriPartial.Authority);

    private async Task TokenAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            await WriteTokenErrorAsync(context, StatusCodes.Status400BadRequest, "invalid_request");
            return;
        }

        var (token, error) = _tokens.Issue(await context.Request.ReadFormAsync(context.RequestAborted), Url.Authority);
        await (error is not null
            ? WriteTokenErrorAsync(context, StatusCodes.Status400BadRequest, error)
            : context.Response.WriteAsJsonAsync(new { access_token = token, expires_in = 3600, token_type = "Bearer" }, context.RequestAborted));
    }

    private static Task WriteTokenErrorAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error }, context.RequestAborted);
    }

    private async Task AnswerAsync(HttpContext context, string root, Func<NetSuiteCall, NetSuiteReply> answer)
    {
        var bearer = AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var header) && header.Scheme == "Bearer" ? header.Parameter : null;
        if (!_tokens.Accepts(bearer))
        {
            await WriteErrorAsync(context, StatusCodes.Status401Unauthorized);
            return;
        }

        NetSuiteReply reply;
        try
        {
            var call = await CallAsync(context, root);
            NoteKey(context, call);
            reply = AsyncJobs.IsAsked(call.Headers) && root != Async ? _jobs.Submit(call, answer) : answer(call);
        }
        catch (NetSuiteRefusal refusal)
        {
            reply = NetSuiteReply.Of(refusal);
        }

        await WriteAsync(context, reply);
    }

    private static void NoteKey(HttpContext context, NetSuiteCall call)
    {
        if (call.Headers[AsyncJobs.KeyHeader].ToString() is { Length: > 0 } key)
        {
            context.NoteKey(key);
        }
        else if (call.Path is [_, ['e', 'i', 'd', ':', .. var external], ..])
        {
            context.NoteKey(external);
        }
        else if (call is { Method: "POST", Body: { ValueKind: JsonValueKind.Object } body } && body.TryGetProperty("externalId", out var sent))
        {
            context.NoteKey(sent.ToString());
        }
    }

    private static async Task<NetSuiteCall> CallAsync(HttpContext context, string root)
    {
        var request = context.Request;
        return new NetSuiteCall
        {
            Method = request.Method,
            Path = request.Path.Value![Math.Min(root.Length, request.Path.Value!.Length)..].Split('/', StringSplitOptions.RemoveEmptyEntries),
            Query = request.Query,
            Headers = request.Headers,
            Body = request.Method is "POST" or "PATCH" or "PUT" ? await BodyAsync(request) : null,
        };
    }

    private static async Task<JsonElement?> BodyAsync(HttpRequest request)
    {
        if (request.ContentLength == 0)
        {
            return null;
        }

        var media = request.ContentType ?? "";
        if (!media.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) && !media.StartsWith("application/vnd.oracle.resource+json", StringComparison.OrdinalIgnoreCase))
        {
            throw NetSuiteRefusal.OfStatus(StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            return await JsonSerializer.DeserializeAsync<JsonElement>(request.Body, cancellationToken: request.HttpContext.RequestAborted);
        }
        catch (JsonException)
        {
            throw NetSuiteRefusal.Content("Invalid JSON in the request body.");
        }
    }

    private static async Task WriteAsync(HttpContext context, NetSuiteReply reply)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        response.Headers["X-N-OperationId"] = Guid.NewGuid().ToString();
        if (reply.Location is { } location)
        {
            response.Headers.Location = location;
        }

        if (reply.Accepted)
        {
            response.Headers["Preference-Applied"] = "respond-async";
        }

        if (reply.Warning is { } unknown)
        {
            response.Headers.Warning = $"199 - \"Unknown field names were ignored: {unknown}\"";
        }

        if (reply.Body is { } body)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(body, Plain);
            response.ContentType = reply.ContentType;
            response.ContentLength = bytes.Length;
            await response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }
}
