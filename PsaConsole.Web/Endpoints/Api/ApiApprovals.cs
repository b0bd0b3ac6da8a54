using System.Security.Claims;
using System.Text.Json;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Web.Components.Pages.Approvals;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Endpoints.Api;

/// <summary><c>/api/v1/approvals</c>: what waits for a decision. Deciding is for people: a key can't, an access token of a person can.</summary>
public static class ApiApprovals
{
    private const string Path = ConsoleUrls.Api + "/approvals";

    public static void MapApiApprovals(this IEndpointRouteBuilder api)
    {
        var approvals = api.MapGroup("/approvals").WithTags("Approvals");
        approvals.MapGet("/", ListAsync).WithSummary("Approvals, the first to expire first").ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        approvals.MapGet("/{id:long}", ReadAsync).WithSummary("One approval with what would change").ProducesProblem(StatusCodes.Status404NotFound);
        approvals.MapPost("/{id:long}/decision", DecideAsync).WithSummary("Approve or reject, as a person").Produces<ApiApproval>().Once();
    }

    /// <param name="state">waiting or decided.</param>
    private static async Task<ApiPage<ApiApproval>> ListAsync(
        ClaimsPrincipal person, ApprovalQueries approvals, CancellationToken cancellationToken, string? state = null, string? search = null, string? after = null)
    {
        Demand(person);
        var filter = ApprovalFilter.Of(ApiPaging.OneOf("state", state, "waiting", ApprovalFilter.Decided), search, null) with { After = ApiPaging.Place(after, CasePosition.Parse) };
        var (rows, next) = await approvals.FindAsync(filter, cancellationToken);
        return ApiPaging.Page([.. rows.Select(ApiApproval.Of)], Path, next?.ToString(), ("state", state), ("search", search));
    }

    private static async Task<ApiApprovalDetails> ReadAsync(long id, ClaimsPrincipal person, ApprovalQueries approvals, CancellationToken cancellationToken)
    {
        Demand(person);
        var sight = Sight.Of(ConsoleIdentity.ActorOf(person));
        var found = await FindAsync(approvals, id, cancellationToken);
        return new ApiApprovalDetails(
            ApiApproval.Of(found),
            [.. JsonSerializer.Deserialize<List<ApprovalChange>>(found.Changes, MappingSets.Json)!.Select(change => new ApiChange(change.Field, sight.Show(change.Field, change.Before), sight.Show(change.Field, change.After)))],
            found.Records,
            [.. found.Decisions.OrderBy(decision => decision.Id).Select(decision => new ApiDecision(decision.At, decision.Actor, decision.Role, decision.Approved, decision.Reason))]);
    }

    private static async Task<ApiAnswer> DecideAsync(
        long id, ApiDecide asked, ClaimsPrincipal person, ApprovalQueries approvals, ApprovalActions actions, CancellationToken cancellationToken)
    {
        var actor = ConsoleIdentity.ActorOf(person);
        await (asked.Approve
            ? actions.ApproveAsync(actor, id, asked.Version, asked.Reason, cancellationToken)
            : actions.RejectAsync(actor, id, asked.Version, asked.Reason, cancellationToken));
        return new ApiAnswer(StatusCodes.Status200OK, ApiApproval.Of(await FindAsync(approvals, id, cancellationToken)));
    }

    private static async Task<Approval> FindAsync(ApprovalQueries approvals, long id, CancellationToken cancellationToken) =>
        await approvals.FindAsync(id, cancellationToken) ?? throw new RefusedException($"There is no approval {id}.", RefusedBecause.Missing);

    private static void Demand(ClaimsPrincipal person) => ApiProblems.DemandLooking(person, Right.SeeDashboards);
}

/// <summary>A decision that a second person must take.</summary>
/// <param name="NextRole">Whose turn it is; null when nobody's is.</param>
/// <param name="Version">Stands for the state that was read: a decision on another one is refused.</param>
public sealed record ApiApproval(
    long Id, ApprovalKind Kind, ApprovalStatus Status, string Subject, string Reason, string LegalEntity, Money Impact, Guid JourneyId, IReadOnlyList<string> Chain, string? NextRole,
    DateTimeOffset RequestedAt, DateTimeOffset ExpiresAt, DateTimeOffset? ClosedAt, int Version)
{
    public static ApiApproval Of(Approval item) => new(
        item.Id, item.Kind, item.Status, item.Subject, item.Reason, item.LegalEntity, new Money(item.Amount, item.Currency), item.RunId, item.Chain, item.NextRole,
        item.RequestedAt, item.ExpiresAt, item.ClosedAt, item.Version);
}

/// <summary>An approval with what would change, what it touches, and who has decided.</summary>
public sealed record ApiApprovalDetails(ApiApproval Approval, IReadOnlyList<ApiChange> Changes, IReadOnlyList<string> Records, IReadOnlyList<ApiDecision> Decisions);

/// <summary>A field before and after.</summary>
public sealed record ApiChange(string Field, string? Before, string? After);

/// <summary>A step of the chain, as it was decided.</summary>
public sealed record ApiDecision(DateTimeOffset At, string Actor, string Role, bool Approved, string Reason);

/// <summary>What a person decides.</summary>
public sealed record ApiDecide(bool Approve, int Version, string Reason) : IApiRequest;
