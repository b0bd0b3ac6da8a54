using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Workday;

/// <summary>Workday, as the sample customer has set it up: the tenant northwind with an integration system user.</summary>
internal sealed class WorkdayVendor : Vendor
{
    private const string ServicePrefix = "/ccx/service";
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Services = ["absenceManagement", "common", "staffing"];
    private readonly Access _access;
    private readonly HumanResources _office;
    private readonly RestApi _rest;
    private readonly SoapApi _soap;
    private readonly Roster _roster;

    public WorkdayVendor(World world)
        : base("workday", 3, WorkdaySchema.Tables, world)
    {
        _access = new Access(world.Clock);
        _office = new HumanResources(Store, world.Clock);
        _rest = new RestApi(Store, () => Url.GetLeftPart(UriPartial.Authority));
        _soap = new SoapApi(new GetWorkers(Store, world.Clock), _access);
        _roster = new Roster(Store);
    }

    public override JsonObject Credentials => new()
    {
        ["tenant"] = Access.Tenant,
        ["clientId"] = Access.ClientId,
        ["clientSecret"] = Access.ClientSecret,
        ["refreshToken"] = Access.RefreshToken,
        ["username"] = $"{Access.User}@{Access.Tenant}",
        ["password"] = Access.Password,
    };

    public override void Map(WebApplication app)
    {
        app.MapPost("/ccx/oauth2/{tenant}/token", TokenAsync);
        app.MapPost(ServicePrefix + "/{tenant}/Human_Resources/{version}", context => OfTenant(context) ? SoapAsync(context) : WriteErrorAsync(context, StatusCodes.Status404NotFound));
        app.MapGet(ServicePrefix + "/customreport2/{tenant}/{owner}/{report}", ReportAsync);
        foreach (var path in new[] { "/workers", "/workers/{id}", "/workers/{id}/{part}", "/values/{subject}/{field}", "/organizations", "/organizationTypes", "/currencies", "/supervisoryOrganizations", "/supervisoryOrganizations/{id}", "/supervisoryOrganizations/{id}/workers" })
        {
            // One handler; the patterns give the call log its routes.
            app.MapGet("/ccx/api/{service}/v1/{tenant}" + path, context => RestAsync(context, (string)context.GetRouteValue("service")!, 5));
            app.MapGet("/ccx/api/v1/{tenant}" + path, context => RestAsync(context, "common", 4));
        }
    }

    public override Task WriteErrorAsync(HttpContext context, int status)
    {
        var path = context.Request.Path;
        if (status is StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout)
        {
            // Maintenance is a web page, whatever was called.
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync("<!DOCTYPE html><html><head><title>Workday is currently unavailable</title></head><body><h1>Workday is currently unavailable.</h1><p>We are performing scheduled maintenance.</p></body></html>", context.RequestAborted);
        }

        if (path.StartsWithSegments(ServicePrefix, StringComparison.OrdinalIgnoreCase) && context.Request.Method == "POST" && status is not (StatusCodes.Status401Unauthorized or StatusCodes.Status404NotFound))
        {
            return status < 500
                ? SoapApi.WriteFaultAsync(context, status == StatusCodes.Status400BadRequest ? StatusCodes.Status500InternalServerError : status, SoapFault.Validation("Validation error occurred. Invalid request."))
                : SoapApi.WriteFaultAsync(context, status, new SoapFault(false, "Processing error occurred. The task could not be completed at this time."));
        }

        return path.StartsWithSegments("/ccx/oauth2", StringComparison.OrdinalIgnoreCase) && status < 500
            ? WriteAsync(context, status, new JsonObject { ["error"] = status == StatusCodes.Status401Unauthorized ? "invalid_client" : "invalid_request" })
            : WriteAsync(context, WorkdayRefusal.OfStatus(status));
    }

    public override Task WriteThrottleAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return WriteAsync(context, WorkdayRefusal.OfStatus(StatusCodes.Status429TooManyRequests));
    }

    public override void Seed(SampleFirm firm) => new WorkdaySeed(_office, firm).Fill();

    public override void ExpireTokens() => _access.Expire();

    public override IEnumerable<Func<ActivityFact>> LiveDay(DateOnly day, Random random) => new WorkdayLife(_office, Store, Firm).Day(day, random);

    private static bool OfTenant(HttpContext context) => (string?)context.GetRouteValue("tenant") == Access.Tenant;

    private async Task TokenAsync(HttpContext context)
    {
        if (!OfTenant(context) || !context.Request.HasFormContentType)
        {
            await WriteAsync(context, StatusCodes.Status400BadRequest, new JsonObject { ["error"] = "invalid_request" });
            return;
        }

        var (token, error) = _access.Issue(context.Request.Headers.Authorization, await context.Request.ReadFormAsync(context.RequestAborted));
        await (error is null
            ? WriteAsync(context, StatusCodes.Status200OK, new JsonObject { ["access_token"] = token, ["token_type"] = "Bearer", ["refresh_token"] = Access.RefreshToken })
            : WriteAsync(context, error == "invalid_client" ? StatusCodes.Status401Unauthorized : StatusCodes.Status400BadRequest, new JsonObject { ["error"] = error }));
    }

    private Task SoapAsync(HttpContext context)
    {
        _office.TakeEffect();
        return _soap.AnswerAsync(context);
    }

    private async Task RestAsync(HttpContext context, string service, int prefix)
    {
        if (!_access.AcceptsBearer(context.Request.Headers.Authorization))
        {
            await WriteErrorAsync(context, StatusCodes.Status401Unauthorized);
            return;
        }

        if (!OfTenant(context) || !Services.Contains(service, StringComparer.OrdinalIgnoreCase))
        {
            await WriteErrorAsync(context, StatusCodes.Status404NotFound);
            return;
        }

        try
        {
            _office.TakeEffect();
            var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries)[prefix..];
            await WriteAsync(context, StatusCodes.Status200OK, _rest.Answer(service, path, context.Request.Query));
        }
        catch (WorkdayRefusal refusal)
        {
            await WriteAsync(context, refusal);
        }
    }

    private async Task ReportAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization;
        if (!_access.AcceptsBearer(authorization) && !Access.AcceptsBasic(authorization))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Workday\"";
            await WriteErrorAsync(context, StatusCodes.Status401Unauthorized);
            return;
        }

        var query = context.Request.Query;
        var (asOf, format) = ((DateOnly?)null, query["format"].ToString());
        if (!OfTenant(context) || (string?)context.GetRouteValue("owner") != Roster.Owner || (string?)context.GetRouteValue("report") != Roster.Name)
        {
            await WriteErrorAsync(context, StatusCodes.Status404NotFound);
            return;
        }

        if (query["Effective_as_of_Date"].ToString() is { Length: > 0 } prompt)
        {
            if (prompt.Length < 10 || !DateOnly.TryParseExact(prompt.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                await WriteAsync(context, WorkdayRefusal.Invalid($"The prompt Effective_as_of_Date must be a date such as 2026-03-01-08:00, not '{prompt}'."));
                return;
            }

            asOf = day;
        }

        _office.TakeEffect();
        var employee = query["Employee_ID"].ToString() is { Length: > 0 } number ? number : null;
        await (format switch
        {
            "json" => WriteAsync(context, StatusCodes.Status200OK, _roster.Json(asOf, employee)),
            "csv" => WriteTextAsync(context, "text/csv; charset=utf-8", _roster.Csv(asOf, employee)),
            "" or "simplexml" => WriteTextAsync(context, "text/xml; charset=utf-8", _roster.Xml(asOf, employee).ToString(System.Xml.Linq.SaveOptions.DisableFormatting)),
            _ => WriteAsync(context, WorkdayRefusal.Invalid($"The format '{format}' is not available.")),
        });
    }

    private static Task WriteAsync(HttpContext context, WorkdayRefusal refusal)
    {
        var body = new JsonObject { ["error"] = refusal.Message };
        if (refusal.Errors.Count > 0)
        {
            body["errors"] = new JsonArray([.. refusal.Errors.Select(error => new JsonObject { ["error"] = error })]);
        }

        return WriteAsync(context, refusal.Status, body);
    }

    private static async Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, Plain);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json;charset=utf-8";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static Task WriteTextAsync(HttpContext context, string type, string text)
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
