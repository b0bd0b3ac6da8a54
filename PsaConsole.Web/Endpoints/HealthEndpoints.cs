namespace PsaConsole.Web.Endpoints;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can be used; if not, 503 and what is missing.</summary>
public static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(ConsoleUrls.Live(), () => Results.Json(new { status = "live" })).AllowAnonymous();
        routes.MapGet(ConsoleUrls.Ready(), ReadyAsync).AllowAnonymous();
    }

    private static async Task<IResult> ReadyAsync(Readiness readiness, CancellationToken cancellationToken)
    {
        var reasons = await readiness.ReasonsAgainstAsync(cancellationToken);
        return reasons.Count == 0
            ? Results.Json(new { status = "ready" })
            : Results.Json(new { status = "not ready", reasons }, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
