using System.Globalization;
using System.Text.Json;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Salesforce;

namespace PsaConsole.Sandbox.Control;

/// <summary>The sandbox's own API: what is there, and what should happen to it. JSON in and out; a mistake is answered 400 with one sentence.</summary>
internal static class ControlApi
{
    private const int MostCalls = 10_000;
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static void Map(WebApplication app, SandboxHost host)
    {
        app.Use(ExplainAsync);
        app.MapGet("/", context => IndexAsync(context, host));
        MapFirm(app, host);
        MapFaults(app, host.World.Faults);
        MapCalls(app, host.World.Calls);
        MapNotices(app, host);
        MapLimits(app, host);
        app.MapGet("/delivered", context => AnswerAsync(context, Delivered(host, context.Request.Query)));
        app.MapGet("/clock", context => AnswerAsync(context, new { now = host.World.Clock.GetUtcNow() }));
        app.MapPost("/clock", async context =>
        {
            var order = await ReadAsync<ClockOrder>(context);
            host.SetClock(order.Now);
            await AnswerAsync(context, new { now = host.World.Clock.GetUtcNow() });
        });
    }

    private static void MapFirm(WebApplication app, SandboxHost host)
    {
        app.MapGet("/firm", context => AnswerAsync(context, host.Firm));
        app.MapPost("/firm", async context =>
        {
            var order = await ReadAsync<FirmOrder>(context);
            host.Replace(new FirmState(Within(order.Consultants, 20, 50_000, "consultants"), Within(order.Seed, 0, int.MaxValue, "seed"), order.Today ?? host.World.Clock.Today));
            host.Activity.Forget();
            await AnswerAsync(context, Summary(host));
        });
        app.MapPost("/deals", async context =>
        {
            var order = await ReadAsync<DealsOrder>(context);
            var models = DealCopies.Sound(host).Where(deal => order.BillingType is null || deal.Text("Billing_Type__c") == order.BillingType).ToList();
            var count = models.Count > 0 ? Within(order.Count, 1, 100_000, "count") : throw new ArgumentException($"The firm has no sound deal of the billing type '{order.BillingType}'.");
            await AnswerAsync(context, new { ids = Enumerable.Range(1, count).Select(number => DealCopies.Add(host, models[number % models.Count], $"{order.Name} {number}").Id).ToList() }, StatusCodes.Status201Created);
        });
        app.MapGet("/activity", context => AnswerAsync(context, new { running = host.Activity.IsRunning, facts = host.Activity.Facts() }));
        app.MapPost("/activity", async context =>
        {
            var order = await ReadAsync<ActivityOrder>(context);
            var facts = await host.Activity.LiveAsync(Within(order.Days, 1, 366, "days"), Speed(order.Speed), context.RequestAborted);
            await AnswerAsync(context, new { running = host.Activity.IsRunning, facts });
        });
    }

    private static void MapFaults(WebApplication app, Faults faults)
    {
        app.MapGet("/faults", context => AnswerAsync(context, faults.All()));
        app.MapPost("/faults", async context =>
        {
            var fault = faults.Add(await ReadAsync<FaultOrder>(context));
            await AnswerAsync(context, fault, StatusCodes.Status201Created);
        });
        app.MapDelete("/faults", context => AnswerAsync(context, new { removed = faults.Remove(null) }));
        app.MapDelete("/faults/{id:int}", context => AnswerAsync(context, new { removed = faults.Remove(int.Parse((string)context.GetRouteValue("id")!, CultureInfo.InvariantCulture)) }));
    }

    private static void MapCalls(WebApplication app, CallLog calls)
    {
        app.MapGet("/calls", context =>
        {
            var query = context.Request.Query;
            var since = query["since"].FirstOrDefault() is { } text
                ? DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : throw new ArgumentException($"since must be a date and time, not '{text}'.")
                : (DateTimeOffset?)null;
            var after = Whole(query["after"].FirstOrDefault(), "after");
            var limit = Math.Clamp(Whole(query["limit"].FirstOrDefault(), "limit") ?? MostCalls, 1, MostCalls);
            return AnswerAsync(context, calls.Find(query["system"].FirstOrDefault(), since, after, (int)limit));
        });
        app.MapGet("/calls/summary", context => AnswerAsync(context, calls.Summary()));
        app.MapDelete("/calls", context =>
        {
            calls.Clear();
            return AnswerAsync(context, new { cleared = true });
        });
    }

    private static void MapNotices(WebApplication app, SandboxHost host)
    {
        app.MapGet("/notices", context => AnswerAsync(context, host.World.Notices.Counts()));
        app.MapPost("/notices", async context =>
        {
            var order = await ReadAsync<NoticeOrder>(context);
            var address = order.Url is null ? null
                : Uri.TryCreate(order.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url
                : throw new ArgumentException($"url must be an absolute http address, not '{order.Url}'.");
            host.Vendor(order.System).NotifyAt(address);
            await AnswerAsync(context, new { system = order.System, url = address });
        });
    }

    private static void MapLimits(WebApplication app, SandboxHost host)
        => app.MapPost("/limits", async context =>
        {
            var order = await ReadAsync<LimitOrder>(context);
            var vendor = host.Vendor(order.System);
            if (order.CallsAtOnce is { } atOnce)
            {
                vendor.LimitConcurrency(Within(atOnce, 1, 10_000, "callsAtOnce"));
            }

            if (order.CallsPerDay is { } perDay)
            {
                vendor.LimitCalls(Within(perDay, 1, int.MaxValue, "callsPerDay"));
            }

            await AnswerAsync(context, order);
        });

    /// <summary>What reached people: of one system or of all that deliver, of one kind (card, mail) or of all.</summary>
    private static object Delivered(SandboxHost host, IQueryCollection query)
    {
        var vendor = host.Vendor(query["system"].FirstOrDefault() ?? "microsoft365");
        var kind = query["kind"].FirstOrDefault();
        return new { delivered = vendor.Delivered().Where(item => kind is null || (string?)item["kind"] == kind) };
    }

    private static Task IndexAsync(HttpContext context, SandboxHost host)
    {
        var systems = host.Vendors.Select(vendor => new { name = vendor.Name, url = vendor.Url.GetLeftPart(UriPartial.Authority), credentials = vendor.Credentials });
        if (context.Request.Headers.Accept.Any(accept => accept?.Contains("json", StringComparison.Ordinal) == true))
        {
            return AnswerAsync(context, new { systems });
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(IndexPage.Render(host), context.RequestAborted);
    }

    private static object Summary(SandboxHost host) => new
    {
        consultants = host.Firm.Consultants.Count,
        clients = host.Firm.Clients.Count,
        deals = host.Firm.Deals.Count,
        projects = host.Firm.Projects.Count,
        today = host.Firm.Today,
        seed = host.Firm.Seed,
    };

    private static async Task ExplainAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception mistake) when (mistake is ArgumentException or JsonException or NotSupportedException or InvalidOperationException or KeyNotFoundException)
        {
            await AnswerAsync(context, new { error = mistake.Message }, StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpContext context)
        => await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Web, context.RequestAborted) ?? throw new ArgumentException("The body must be a JSON object.");

    private static Task AnswerAsync(HttpContext context, object? answer, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(answer, Web, context.RequestAborted);
    }

    private static int Within(int number, int least, int most, string name)
        => number >= least && number <= most ? number : throw new ArgumentException($"{name} must be from {least} to {most}, not {number}.");

    private static long? Whole(string? text, string name)
        => text is null ? null : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new ArgumentException($"{name} must be a whole number, not '{text}'.");

    private static double? Speed(string speed) => speed switch
    {
        "instant" => null,
        [.. var factor, 'x'] when double.TryParse(factor, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0 => number,
        _ => throw new ArgumentException($"speed must be \"instant\" or a factor such as \"1x\" or \"60x\", not '{speed}'."),
    };

    private sealed record ClockOrder(DateTimeOffset Now);

    private sealed record FirmOrder(int Consultants = 400, int Seed = 1, DateOnly? Today = null);

    private sealed record DealsOrder(int Count = 1, string? BillingType = null, string Name = "Deal");

    private sealed record ActivityOrder(int Days = 1, string Speed = "instant");

    private sealed record LimitOrder(string System, int? CallsPerDay = null, int? CallsAtOnce = null);

    private sealed record NoticeOrder(string System, string? Url);
}
