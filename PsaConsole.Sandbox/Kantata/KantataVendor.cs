using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>Kantata OX as the sample customer has set it up: API v1 with access tokens that do not expire until they are revoked.</summary>
internal sealed class KantataVendor : Vendor
{
    private const string Api = "/api/v1";
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly KantataResources _resources;
    private readonly KantataApprovals _approvals;
    private readonly KantataTokens _tokens = new();

    public KantataVendor(World world)
        : base("kantata", 2, KantataSchema.Tables, world)
    {
        _resources = new KantataResources(Store, world.Clock);
        _approvals = new KantataApprovals(Store);
        Store.Changed += new SubscribedEvents(Store).Tell;
    }

    public override JsonObject Credentials => new()
    {
        ["accessToken"] = KantataTokens.Sample,
        ["clientId"] = KantataTokens.ClientId,
        ["clientSecret"] = KantataTokens.ClientSecret,
        ["authorizationCode"] = KantataTokens.AuthorizationCode,
    };

    public override void Map(WebApplication app)
    {
        app.MapPost("/oauth/token", TokenAsync);
        app.MapGet(Api + "/subscribed_events/event_types.json", context => AnswerAsync(context, SubscribedEvents.Types));
        foreach (var suffix in new[] { "", ".json" })
        {
            app.MapPost($"{Api}/external_references/create_or_update{suffix}", context => AnswerBodyAsync(context, body => _resources.CreateOrUpdateReference(body, context.Request.Query)));
        }

        foreach (var kind in new[] { KantataApprovals.Timesheets, KantataApprovals.ExpenseReports })
        {
            app.MapPost($"{Api}/{kind}.json", context => AnswerBodyAsync(context, body => _approvals.Submit(kind, body)));
            app.MapPut($"{Api}/{kind}/{{id}}/{{verb}}.json", (HttpContext context, string id, string verb) => AnswerAsync(context, () =>
                KantataApprovals.Verbs.Contains(verb) ? _approvals.Decide(kind, id, verb) : throw KantataRefusal.OfStatus(StatusCodes.Status404NotFound)));
        }

        app.MapGet(Api + "/{table}.json", (HttpContext context, string table) => AnswerAsync(context, () => _resources.List(table, context.Request.Query)));
        app.MapGet(Api + "/{table}/{id}.json", (HttpContext context, string table, string id) => AnswerAsync(context, () => _resources.Show(table, id, context.Request.Query)));
        app.MapPost(Api + "/{table}.json", (HttpContext context, string table) => AnswerBodyAsync(context, body => _resources.Create(table, body, context.Request.Query)));
        app.MapPut(Api + "/{table}/{id}.json", (HttpContext context, string table, string id) => AnswerBodyAsync(context, body => _resources.Update(table, id, body, context.Request.Query)));
        foreach (var action in new[] { "activate", "deactivate" })
        {
            app.MapPut($"{Api}/account_memberships/{{id}}/{action}.json", (HttpContext context, string id) => AnswerAsync(context, () => _resources.Activate(id, action == "activate", context.Request.Query)));
        }

        app.MapDelete(Api + "/{table}/{id}.json", (HttpContext context, string table, string id) => AnswerAsync(context, () =>
        {
            _resources.Delete(table, id);
            return null;
        }));
    }

    public override Task WriteErrorAsync(HttpContext context, int status) => WriteAsync(context, status, KantataRefusal.OfStatus(status).Body);

    /// <summary>No Retry-After and no numbers: the vendor does not disclose its limits.</summary>
    public override Task WriteThrottleAsync(HttpContext context) => WriteErrorAsync(context, StatusCodes.Status429TooManyRequests);

    public override void ExpireTokens() => _tokens.Expire();

    public override void Seed(SampleFirm firm) => new KantataSeed(Store, firm).Fill();

    public override IEnumerable<Func<ActivityFact>> LiveDay(DateOnly day, Random random) => new KantataLife(Store).Day(day, new Random(day.DayNumber + PortOffset));

    private async Task TokenAsync(HttpContext context)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
        var (status, body) = _tokens.Answer(form, context.Request.Headers.Authorization);
        context.Response.Headers.CacheControl = "no-store";
        await WriteAsync(context, status, body);
    }

    private async Task AnswerBodyAsync(HttpContext context, Func<JsonElement, JsonObject?> answer)
    {
        JsonElement body;
        try
        {
            body = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException)
        {
            await WriteErrorAsync(context, StatusCodes.Status400BadRequest);
            return;
        }

        NoteKey(context, body);
        await AnswerAsync(context, () => answer(body));
    }

    /// <summary>The external id that a write carries.</summary>
    private static void NoteKey(HttpContext context, JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Object && body.EnumerateObject().FirstOrDefault().Value is { ValueKind: JsonValueKind.Object } item
            && (item.TryGetProperty("service_model_ref", out var key) || (item.TryGetProperty(KantataInput.Reference, out var reference) && reference.ValueKind == JsonValueKind.Object && reference.TryGetProperty("service_model_ref", out key))))
        {
            context.NoteKey(key.ToString());
        }
    }

    private async Task AnswerAsync(HttpContext context, Func<JsonObject?> answer)
    {
        int status;
        JsonObject? body;
        try
        {
            body = _tokens.Accepts(context.Request.Headers.Authorization) ? answer() : throw KantataRefusal.OfStatus(StatusCodes.Status401Unauthorized);
            status = body is null ? StatusCodes.Status204NoContent : StatusCodes.Status200OK;
        }
        catch (KantataRefusal refusal)
        {
            (status, body) = (refusal.Status, refusal.Body);
        }

        await WriteAsync(context, status, body);
    }

    private static async Task WriteAsync(HttpContext context, int status, JsonObject? body)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["x-request-id"] = Guid.NewGuid().ToString();
        if (body is not null)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(body, Plain);
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }
}
