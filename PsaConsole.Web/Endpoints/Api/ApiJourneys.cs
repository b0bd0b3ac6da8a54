using System.Security.Claims;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Workflows;
using PsaConsole.Web.Components.Pages.Engagements;

namespace PsaConsole.Web.Endpoints.Api;

/// <summary><c>/api/v1/journeys</c>: every deal on its way through the systems, and any other run by its id.</summary>
public static class ApiJourneys
{
    private const string Path = ConsoleUrls.Api + "/journeys";

    public static string Url(Guid id) => $"{Path}/{id}";

    public static void MapApiJourneys(this IEndpointRouteBuilder api)
    {
        var journeys = api.MapGroup("/journeys").WithTags("Journeys");
        journeys.MapGet("/", ListAsync).WithSummary("Deals on their way, the last changed first").ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        journeys.MapGet("/{idOrNumber}", ReadAsync).WithSummary("One journey, by its id or a project's number").ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <param name="state">stopped, moving, verified or undone.</param>
    private static async Task<ApiPage<ApiJourney>> ListAsync(
        ClaimsPrincipal person, EngagementQueries engagements, CancellationToken cancellationToken, string? state = null, string? search = null, string? after = null)
    {
        Demand(person);
        var filter = EngagementFilter.Of(ApiPaging.OneOf("state", state, EngagementFilter.States.Keys), search, null) with { After = ApiPaging.Place(after, EngagementPosition.Parse) };
        var (runs, next) = await engagements.FindAsync(filter, cancellationToken);
        return ApiPaging.Page([.. runs.Select(ApiJourney.Of)], Path, next?.ToString(), ("state", state), ("search", search));
    }

    private static async Task<ApiJourneyDetails> ReadAsync(string idOrNumber, ClaimsPrincipal person, JourneyQueries journeys, CancellationToken cancellationToken)
    {
        Demand(person);
        var (run, cases) = await journeys.FindAsync(idOrNumber, cancellationToken) is { } id && await journeys.RunAsync(id, cancellationToken) is { } found
            ? found
            : throw new RefusedException($"There is no journey {idOrNumber}.", RefusedBecause.Missing);
        return new ApiJourneyDetails(
            ApiJourney.Of(run),
            [.. run.Steps.OrderBy(step => step.Position).Select(step => new ApiStep(step.Key, step.Title, step.Kind, step.SystemName, step.Status, step.Attempts, step.ExternalId, step.Message, step.StartedAt, step.EndedAt))],
            [.. cases.Select(ApiCase.Of)]);
    }

    private static void Demand(ClaimsPrincipal person) => ApiProblems.DemandLooking(person, Right.SeeDashboards);
}

/// <summary>One business object on its way through the systems.</summary>
/// <param name="Step">Key of the step that runs, or that stopped it.</param>
public sealed record ApiJourney(
    Guid Id, string Workflow, string BusinessKey, RunStatus Status, string Title, string? Client, Money? Value, string? LegalEntity, string? ProjectNumber, string? Step, string? Message,
    DateTimeOffset OccurredAt, DateTimeOffset StartedAt, DateTimeOffset UpdatedAt, DateTimeOffset? EndedAt)
{
    public static ApiJourney Of(Run run) => new(
        run.Id, run.Workflow, run.BusinessKey, run.Status, run.Title, run.ClientName, run is { Amount: { } amount, Currency: { } currency } ? new Money(amount, currency) : null,
        run.LegalEntity, run.ProjectNumber, run.StepKey, run.Message, run.OccurredAt, run.StartedAt, run.UpdatedAt, run.EndedAt);
}

/// <summary>A journey with its steps and its cases.</summary>
public sealed record ApiJourneyDetails(ApiJourney Journey, IReadOnlyList<ApiStep> Steps, IReadOnlyList<ApiCase> Exceptions);

/// <summary>A step of a journey.</summary>
/// <param name="ExternalId">The system's id of what the step made.</param>
public sealed record ApiStep(
    string Key, string Title, StepKind Kind, string? System, StepStatus Status, int Attempts, string? ExternalId, string? Message, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt);
