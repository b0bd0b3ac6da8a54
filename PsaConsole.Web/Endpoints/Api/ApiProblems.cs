using System.Security.Claims;
using System.Text.Json;
using PsaConsole.Engine.Access;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Endpoints.Api;

/// <summary>Every error of the API as a problem document (RFC 9457): what, about which object, what to do.</summary>
public static class ApiProblems
{
    public static void AddApiProblems(this IServiceCollection services)
    {
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = context =>
            context.ProblemDetails.Detail ??= context.Exception is BadHttpRequestException bad ? Words(bad) : null);

        // What is wrong with a request is said in every environment; the handlers below turn it into an answer.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }

    /// <summary>Turns what was thrown, and answers without a body, into problem documents. A stack trace stays in the log.</summary>
    public static void UseApiProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = problem => problem is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
        });
        app.UseStatusCodePages();
    }

    /// <summary>A refusal of the engine, in the status that a program understands.</summary>
    public static async ValueTask<object?> OfRefusalAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (RefusedException refused)
        {
            return Of(refused);
        }
    }

    /// <summary>The caller, when they may look at what the right is about.</summary>
    /// <exception cref="RefusedException">They may not.</exception>
    public static Actor DemandLooking(ClaimsPrincipal person, Right right)
    {
        var actor = ConsoleIdentity.ActorOf(person);
        return Decision.OfLooking(actor, right) is { Allowed: false, Why: var why } ? throw new RefusedException(why!, RefusedBecause.Right) : actor;
    }

    private static IResult Of(RefusedException refused) => Results.Problem(refused.Message, statusCode: refused.Because switch
    {
        RefusedBecause.Right => StatusCodes.Status403Forbidden,
        RefusedBecause.Stale => StatusCodes.Status409Conflict,
        RefusedBecause.Missing => StatusCodes.Status404NotFound,
        _ => StatusCodes.Status422UnprocessableEntity,
    });

    private static string Words(BadHttpRequestException bad) => bad.InnerException is JsonException json ? $"{bad.Message} {json.Message}" : bad.Message;
}
