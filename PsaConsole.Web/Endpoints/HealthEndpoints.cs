namespace PsaConsole.Web.Endpoints;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can be used; if not, what is missing.</summary>
public static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(ConsoleUrls.Live(), () => Results.Json(new { status = "live" })).AllowAnonymous();
    }
}
