using System.Security.Claims;
using PsaConsole.Engine.Access;
using PsaConsole.Web.Components.Pages.Systems;
using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Web.Endpoints.Api;

/// <summary><c>/api/v1/health</c>: how the console and the systems around it do, for whoever watches them.</summary>
public static class ApiHealth
{
    public static void MapApiHealth(this IEndpointRouteBuilder api) => api.MapGet("/health", ReadAsync).WithTags("Health").WithSummary("How the console and its systems do");

    private static async Task<ConsoleHealth> ReadAsync(ClaimsPrincipal person, SystemQueries systems, Readiness readiness, CancellationToken cancellationToken)
    {
        ApiProblems.DemandLooking(person, Right.SeeDashboards);
        var reasons = await readiness.ReasonsAgainstAsync(cancellationToken);
        var all = await systems.ListAsync(cancellationToken);
        return new ConsoleHealth(reasons.Count == 0, [.. reasons], [.. all.Select(Of)]);
    }

    private static ApiSystem Of(SystemView system) => new(
        system.Name, system.Title, system.Tone is Tone.Good, system.State, system.Problem, system.PausedAt, system.LastGoodRead, system.Inbox, system.Waiting, system.Cases);
}

/// <summary>How everything does.</summary>
/// <param name="Ready">Whether the console can be used; if not, <paramref name="Reasons"/> says why.</param>
public sealed record ConsoleHealth(bool Ready, IReadOnlyList<string> Reasons, IReadOnlyList<ApiSystem> Systems);

/// <summary>How an outside system does.</summary>
/// <param name="Well">Whether nothing is the matter with it.</param>
/// <param name="State">The matter in words.</param>
/// <param name="ChangesWaiting">Changes of it that nobody has looked at yet.</param>
/// <param name="StepsWaiting">Steps that wait for it to answer again.</param>
/// <param name="OpenExceptions">Open exceptions about it.</param>
public sealed record ApiSystem(
    string Name, string Title, bool Well, string State, string? Problem, DateTimeOffset? PausedAt, DateTimeOffset? LastGoodRead, int ChangesWaiting, int StepsWaiting, int OpenExceptions);
