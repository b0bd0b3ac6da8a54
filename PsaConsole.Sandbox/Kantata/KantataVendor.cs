using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>Kantata OX as the sample customer has set it up: API v1 with an access token that does not expire until it is revoked.</summary>
internal sealed class KantataVendor : Vendor
{
    private const string SampleToken = "sandbox-kantata-access-token";
    private readonly KantataResources resources;
    private bool revoked;

    public KantataVendor(World world)
        : base("kantata", 2, KantataSchema.Tables, world) => resources = new KantataResources(Store);

    public override JsonObject Credentials => new() { ["accessToken"] = SampleToken };

    public override void Map(WebApplication app)
    {
        app.MapGet("/api/v1/{table}.json", (HttpContext context, string table) => AnswerAsync(context, () => resources.List(table, context.Request.Query)));
        app.MapGet("/api/v1/{table}/{id}.json", (HttpContext context, string table, string id) => AnswerAsync(context, () => resources.Show(table, id, context.Request.Query)));
        app.MapPost("/api/v1/{table}.json", (HttpContext context, string table) => AnswerBodyAsync(context, body => resources.Create(table, body)));
        app.MapPut("/api/v1/{table}/{id}.json", (HttpContext context, string table, string id) => AnswerBodyAsync(context, body => resources.Update(table, id, body)));
        app.MapDelete("/api/v1/{table}/{id}.json", (HttpContext context, string table, string id) => AnswerAsync(context, () =>
        {
            resources.Delete(table, id);
            return null;
        }));
    }

    public override Task WriteErrorAsync(HttpContext context, int status) => WriteAsync(context, KantataRefusal.OfStatus(status));

    /// <summary>No Retry-After and no numbers: the vendor does not disclose its limits.</summary>
    public override Task WriteThrottleAsync(HttpContext context) => WriteErrorAsync(context, 429);

    /// <summary>A token lives until somebody revokes it; the fault revokes it for the next call only, as an administrator's renewal would.</summary>
    public override void ExpireTokens() => revoked = true;

    public override void Seed(SampleFirm firm) => new KantataSeed(Store, firm).Fill();

    private async Task AnswerBodyAsync(HttpContext context, Func<JsonElement, JsonObject?> answer)
    {
        JsonDocument document;
        try
        {
            document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException)
        {
            await WriteAsync(context, new KantataRefusal(400, "system", "There was a problem in the JSON you submitted."));
            return;
        }

        using (document)
        {
            await AnswerAsync(context, () => answer(document.RootElement));
        }
    }

    private async Task AnswerAsync(HttpContext context, Func<JsonObject?> answer)
    {
        context.Response.Headers["x-request-id"] = Guid.NewGuid().ToString("n");
        try
        {
            if (context.Request.Headers.Authorization != $"Bearer {SampleToken}" || Interlocked.Exchange(ref revoked, false))
            {
                throw KantataRefusal.OfStatus(401);
            }

            if (answer() is { } body)
            {
                await context.Response.WriteAsJsonAsync(body, context.RequestAborted);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
            }
        }
        catch (KantataRefusal refusal)
        {
            await WriteAsync(context, refusal);
        }
    }

    private static Task WriteAsync(HttpContext context, KantataRefusal refusal)
    {
        context.Response.StatusCode = refusal.Status;
        return context.Response.WriteAsJsonAsync(refusal.Body, context.RequestAborted);
    }
}
