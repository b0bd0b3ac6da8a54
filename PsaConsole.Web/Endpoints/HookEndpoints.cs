using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.Features;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Inbox;

namespace PsaConsole.Web.Endpoints;

/// <summary>
/// <c>/hooks/{system}</c>: where outside systems tell of changes. A notice is answered once it is saved: 202, or the vendor's own receipt with 200;
/// 401 when its proof is wrong, 404 for a system that sends none, 413 and 429 when there is too much of it.
/// </summary>
public static class HookEndpoints
{
    private const long LargestNotice = 1024 * 1024;
    private const int NoticesASecond = 500;
    private const string Policy = "hooks";

    public static void AddHooks(this IServiceCollection services) => services.AddRateLimiter(limits =>
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.OnRejected = (context, _) =>
        {
            context.HttpContext.Response.Headers.RetryAfter = "1";
            return ValueTask.CompletedTask;
        };
        limits.AddPolicy(Policy, context => RateLimitPartition.GetTokenBucketLimiter(
            context.Connection.RemoteIpAddress?.ToString() ?? "",
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = 2 * NoticesASecond,
                TokensPerPeriod = NoticesASecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            }));
    });

    public static void MapHooks(this IEndpointRouteBuilder routes) =>
        routes.MapPost(ConsoleUrls.Hook("{system}"), ReceiveAsync).AllowAnonymous().DisableAntiforgery().RequireRateLimiting(Policy);

    private static async Task<IResult> ReceiveAsync(string system, HttpContext context, NoticeIntake notices, CancellationToken cancellationToken)
    {
        if (await ReadAsync(context.Request, cancellationToken) is not { } body)
        {
            return Results.Problem($"A notice may have up to {LargestNotice} bytes.", statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        var request = new NoticeRequest(
            context.Request.Query.ToDictionary(value => value.Key, value => value.Value.ToString(), StringComparer.Ordinal),
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body);
        return await notices.ReceiveAsync(system, request, cancellationToken) switch
        {
            null => Results.Problem("No such system sends notices.", statusCode: StatusCodes.Status404NotFound),
            // Why is for the audit trail: who knocks without a proof is told nothing more.
            { Refusal: not null } => Results.Problem("The notice does not prove where it comes from.", statusCode: StatusCodes.Status401Unauthorized),
            { Answer: { } answer, ContentType: var type } => Results.Text(answer, type),
            _ => Results.StatusCode(StatusCodes.Status202Accepted),
        };
    }

    /// <summary>The whole body; null when it is larger than a notice may be.</summary>
    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > LargestNotice)
        {
            return null;
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestNotice;
        }

        try
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellationToken);
            return body.ToArray();
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }
}
