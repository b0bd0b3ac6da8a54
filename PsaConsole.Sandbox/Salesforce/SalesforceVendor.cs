using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>Salesforce, as the sample customer has set it up.</summary>
internal sealed class SalesforceVendor : Vendor
{
    private const int LongestUri = 16_384;
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Sessions _sessions;
    private readonly ApiUsage _usage;
    private readonly RestApi _api;
    private readonly OutboundMessages _messages;

    public SalesforceVendor(World world)
        : base("salesforce", 1, SalesforceSchema.Tables, world)
    {
        _sessions = new Sessions(world.Clock);
        _usage = new ApiUsage(world.Clock);
        _api = new RestApi(Store, world.Clock, _usage);
        _messages = new OutboundMessages(this);
        Store.Changed += _messages.OnChanged;
    }

    public override JsonObject Credentials => new()
    {
        ["clientId"] = Sessions.ClientId,
        ["clientSecret"] = Sessions.ClientSecret,
        ["username"] = Sessions.Username,
        ["privateKeyPem"] = SampleKey.Read(Sessions.KeyName),
        ["organizationId"] = Sessions.OrganizationId,
        ["apiVersion"] = "66.0",
    };

    public override void Map(WebApplication app)
    {
        new OAuthRoutes(this, _sessions).Map(app);
        app.MapGet("/services/data", context => context.Response.WriteAsJsonAsync(
            RestApi.Versions.Select(version => new { label = Label(version), url = $"/services/data/v{version}", version }), context.RequestAborted));
        string[] methods = ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD"];
        foreach (var path in new[] { "", "/limits", "/query", "/queryAll", "/query/{locator}", "/sobjects", "/sobjects/{type}", "/sobjects/{type}/describe", "/sobjects/{type}/updated",
            "/sobjects/{type}/deleted", "/sobjects/{type}/{id}", "/sobjects/{type}/{field}/{value}", "/composite", "/composite/sobjects", "/composite/sobjects/{type}", "/composite/sobjects/{type}/{field}" })
        {
            // One handler; the patterns give the call log its routes.
            app.MapMethods("/services/data/v{version}" + path, methods, AnswerAsync);
        }
    }

    public override Task WriteErrorAsync(HttpContext context, int status)
    {
        if (status is StatusCodes.Status502BadGateway or StatusCodes.Status504GatewayTimeout)
        {
            // Failures at the edge are HTML.
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync("<html><head><title>Error</title></head><body><h1>Service temporarily unavailable</h1></body></html>", context.RequestAborted);
        }

        if (context.Request.Path.StartsWithSegments("/services/oauth2", StringComparison.Ordinal) && status < 500)
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsJsonAsync(new { error = "invalid_request", error_description = "invalid request" }, context.RequestAborted);
        }

        var refusal = SalesforceRefusal.OfStatus(status);
        return WriteAsync(context, new RestReply(refusal.Status, writer => SalesforceJson.WriteErrors(writer, refusal)));
    }

    public override Task WriteThrottleAsync(HttpContext context)
    {
        // Too many long calls at once; the daily allowance (Sforce-Limit-Info) still has room.
        var refusal = SalesforceRefusal.Call(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.");
        return WriteAsync(context, new RestReply(refusal.Status, writer => SalesforceJson.WriteErrors(writer, refusal)));
    }

    public override void Seed(SampleFirm firm)
    {
        new SalesforceSeed(_api.Records, Store, firm).Fill();
        if (_messages.Address is { } address)
        {
            _messages.SendTo(address);
        }
    }

    public override void ExpireTokens() => _sessions.Expire();

    public override void NotifyAt(Uri? address) => _messages.SendTo(address?.AbsoluteUri);

    public override void LimitCalls(int callsPerDay) => _usage.Most = callsPerDay;

    public override IEnumerable<Func<ActivityFact>> LiveDay(DateOnly day, Random random) => new SalesforceLife(_api.Records, Store, Firm).Day(day, random);

    /// <summary>The token of an Authorization header; null when there is none.</summary>
    public static string? BearerOf(HttpContext context)
        => AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var header) && header.Scheme is "Bearer" or "OAuth" ? header.Parameter : null;

    private async Task AnswerAsync(HttpContext context)
    {
        RestReply reply;
        try
        {
            if (context.Request.Path.Value!.Length + (context.Request.QueryString.Value?.Length ?? 0) > LongestUri)
            {
                throw SalesforceRefusal.OfStatus(StatusCodes.Status414UriTooLong);
            }

            if (BearerOf(context) is not { } token || !_sessions.Use(token))
            {
                throw SalesforceRefusal.OfStatus(StatusCodes.Status401Unauthorized);
            }

            _usage.Count();
            reply = _api.Answer(await CallAsync(context, token));
        }
        catch (SalesforceRefusal refusal)
        {
            reply = refusal.Status == 300 ? Choices(context, refusal) : new RestReply(refusal.Status, writer => SalesforceJson.WriteErrors(writer, refusal));
        }

        if (reply.Key is { } key)
        {
            context.NoteKey(key);
        }

        await WriteAsync(context, reply);
    }

    private static async Task<RestCall> CallAsync(HttpContext context, string token)
    {
        var request = context.Request;
        var version = (string)context.GetRouteValue("version")!;
        var path = request.Path.Value![($"/services/data/v{version}".Length)..];
        return new RestCall
        {
            Method = request.Method,
            Version = version,
            Path = path.Split('/', StringSplitOptions.RemoveEmptyEntries),
            Query = request.Query.ToDictionary(pair => pair.Key, pair => pair.Value),
            Body = request.Method is "POST" or "PATCH" or "PUT" ? await BodyAsync(request) : null,
            Session = token,
            BatchSize = BatchSize(request.Headers["Sforce-Query-Options"].ToString()),
        };
    }

    private static async Task<JsonElement> BodyAsync(HttpRequest request)
    {
        if (!request.HasJsonContentType())
        {
            throw SalesforceRefusal.OfStatus(StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            return await JsonSerializer.DeserializeAsync<JsonElement>(request.Body, cancellationToken: request.HttpContext.RequestAborted);
        }
        catch (JsonException mistake)
        {
            throw SalesforceRefusal.Call(400, "JSON_PARSER_ERROR", mistake.Message);
        }
    }

    /// <summary>From 200 to 2,000; a hint outside of that is brought inside.</summary>
    private static int BatchSize(string options)
    {
        const string Name = "batchSize=";
        var at = options.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        var digits = at < 0 ? "" : string.Concat(options[(at + Name.Length)..].TakeWhile(char.IsAsciiDigit));
        return int.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out var size) ? Math.Clamp(size, 200, 2_000) : 2_000;
    }

    /// <summary>Several records hold the external id: their addresses.</summary>
    private static RestReply Choices(HttpContext context, SalesforceRefusal refusal) => new(300, writer =>
    {
        writer.WriteStartArray();
        foreach (var id in refusal.Message.Split(','))
        {
            writer.WriteStringValue($"/services/data/v{context.GetRouteValue("version")}/sobjects/{context.GetRouteValue("type")}/{id}");
        }

        writer.WriteEndArray();
    });

    private async Task WriteAsync(HttpContext context, RestReply reply)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        response.Headers["Sforce-Limit-Info"] = _usage.Header;
        if (reply.Location is { } location)
        {
            response.Headers.Location = location;
        }

        if (reply.Body is null)
        {
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(4_096);
        await using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            reply.Body(writer);
        }

        response.ContentType = "application/json;charset=UTF-8";
        response.ContentLength = buffer.WrittenCount;
        await response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private static string Label(string version)
    {
        var number = int.Parse(version.AsSpan(0, 2), System.Globalization.CultureInfo.InvariantCulture);
        var release = (number % 3) switch { 0 => "Spring", 1 => "Summer", _ => "Winter" };

        // v64 is Summer '25, v65 Winter '26, v66 Spring '26: the year changes with Winter.
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{release} '{(number + 13) / 3}");
    }
}
