using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Endpoints.Api;

/// <summary>
/// Version 1 of the API, under <c>/api/v1</c>; its document is at <c>/api/v1/openapi.json</c>. What stands in the published document stays: fields and addresses are
/// added, never taken away or given another meaning.
/// </summary>
public static class ApiEndpoints
{
    private const int RequestsASecond = 50;
    private const string Policy = "api";
    private const string Document = "v1";

    public static void AddApi(this IServiceCollection services)
    {
        services.AddApiProblems();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddRateLimiter(limits => limits.AddPolicy(Policy, context => RateLimitPartition.GetTokenBucketLimiter(
            ConsoleIdentity.ActorOf(context.User).Id,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = 2 * RequestsASecond,
                TokensPerPeriod = RequestsASecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            })));
        services.AddOpenApi(Document, Describe);
    }

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi($"/api/{{documentName}}/openapi.json").AllowAnonymous();
        var api = routes.MapGroup(ConsoleUrls.Api)
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(ApiSignIn.Scheme).RequireAuthenticatedUser())
            .RequireRateLimiting(Policy)
            .AddEndpointFilter(ApiProblems.OfRefusalAsync)
            .AddEndpointFilter(AnswerCallerAsync)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        api.MapApiHealth();
        api.MapApiExceptions();
        api.MapApiApprovals();
        api.MapApiJourneys();
        api.MapApiServices();
    }

    /// <summary>Everything that is read for the request is read in the caller's scope.</summary>
    private static ValueTask<object?> AnswerCallerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.RequestServices.GetRequiredService<CurrentReader>().Answer(context.HttpContext.User);
        return next(context);
    }

    private static void Describe(OpenApiOptions options)
    {
        options.ShouldInclude = endpoint => endpoint.RelativePath?.StartsWith(ConsoleUrls.Api[1..], StringComparison.Ordinal) is true;
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // Money is exact: a reader that takes it for a binary number loses cents.
            schema.Format = context.JsonTypeInfo.Type == typeof(decimal) ? "decimal" : schema.Format;
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) => DescribeWhole(document));
    }

    private static Task DescribeWhole(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "PsaConsole",
            Version = "1",
            Description = "What the console knows and does, for programs. Every list is read page by page through `next`; every request that changes something carries an "
                + "`Idempotency-Key` and may be sent again safely; every error is a problem document (RFC 9457).",
        };

        // Where the console stands is the reader's own knowledge, and differs by proxy.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key of the console (psac_…), or an access token of the sign-in provider." },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] }];
        return Task.CompletedTask;
    }
}
