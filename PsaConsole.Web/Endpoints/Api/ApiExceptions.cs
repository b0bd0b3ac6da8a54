using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Model;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Endpoints.Api;

/// <summary><c>/api/v1/exceptions</c>: the queue, one case, and what can be done to it, with the rights and the audit of the console's own page.</summary>
public static class ApiExceptions
{
    private const string Path = ConsoleUrls.Api + "/exceptions";

    public static void MapApiExceptions(this IEndpointRouteBuilder api)
    {
        var cases = api.MapGroup("/exceptions").WithTags("Exceptions");
        cases.MapGet("/", ListAsync).WithSummary("Cases in the order of what it costs to leave them").ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        cases.MapGet("/{id:long}", ReadAsync).WithSummary("One case with what it found, its history, and what may be done").ProducesProblem(StatusCodes.Status404NotFound);
        cases.MapPost("/{id:long}/actions", ActAsync).WithSummary("Do something to a case").Produces<ApiCase>().Once();
    }

    /// <param name="state">open, mine, snoozed or settled.</param>
    private static async Task<ApiPage<ApiCase>> ListAsync(
        ClaimsPrincipal person, CaseQueries cases, CancellationToken cancellationToken, string? state = null, string? code = null, string? search = null, string? after = null, int? limit = null)
    {
        var actor = Demand(person);
        var shelf = ApiPaging.OneOf("state", state, "open", CaseFilter.Mine, CaseFilter.Snoozed, CaseFilter.Settled);
        var filter = CaseFilter.Of(shelf, code, search, null) with { After = ApiPaging.Place(after, CasePosition.Parse) };
        var (rows, next) = await cases.FindAsync(filter, actor.Id, ApiPaging.Take(limit), cancellationToken);
        return ApiPaging.Page(
            [.. rows.Select(ApiCase.Of)], Path, next?.ToString(), ("state", state), ("code", code), ("search", search), ("limit", limit?.ToString(CultureInfo.InvariantCulture)));
    }

    private static async Task<ApiCaseDetails> ReadAsync(long id, ClaimsPrincipal person, CaseQueries cases, CancellationToken cancellationToken)
    {
        var actor = Demand(person);
        var found = await FindAsync(cases, id, cancellationToken);
        var kind = CaseKinds.Of(found.Code);
        return new ApiCaseDetails(
            ApiCase.Of(found),
            kind.SuggestedFix,
            kind.ResolvesWhen,
            Shown(found.Findings, Sight.Of(actor)),
            [.. CaseOptions.For(actor, found, kind, found.RunId is not null).Select(option => new ApiCaseOption(option.Action, option.WhyNot is null, option.WhyNot))],
            [.. found.History.Select(entry => new ApiCaseEntry(entry.At, entry.Actor, entry.Action, entry.Text))]);
    }

    /// <summary>What was found, as far as the caller may see its values.</summary>
    private static JsonArray Shown(string findings, Sight sight) => new([.. JsonNode.Parse(findings)!.AsArray().Select(finding => Shown(finding!.AsObject(), sight))]);

    private static JsonObject Shown(JsonObject finding, Sight sight)
    {
        var shown = finding.DeepClone().AsObject();
        if (finding["field"]?.ToString() is { } field)
        {
            var values = ComparedField.Of(field, finding["expected"]?.ToString(), finding["actual"]?.ToString(), sight);
            (shown["expected"], shown["actual"]) = (values.Expected, values.Actual);
        }

        return shown;
    }

    private static async Task<ApiAnswer> ActAsync(long id, ApiCaseAction asked, ClaimsPrincipal person, CaseQueries cases, CaseActions actions, CancellationToken cancellationToken)
    {
        var actor = ConsoleIdentity.ActorOf(person);
        var before = await cases.FindAsync(id, cancellationToken);
        if (asked.Action is CaseAction.EditAndRetry)
        {
            await actions.EditAndRetryAsync(actor, id, asked.Version, asked.Edits ?? new Dictionary<string, string?>(), asked.Reason ?? "", cancellationToken);
        }
        else if (asked.Action is CaseAction.Retry or CaseAction.Skip or CaseAction.Approve or CaseAction.Reject or CaseAction.Waive or CaseAction.Compensate or CaseAction.Assign or CaseAction.Comment or CaseAction.Snooze)
        {
            await actions.DoAsync(actor, id, asked.Version, new CaseRequest(asked.Action, asked.Reason) { Assignee = asked.Assignee, Until = asked.Until, Snooze = SnoozeOf(asked) }, cancellationToken);
        }
        else
        {
            throw new RefusedException($"{asked.Action} is not done through the API.");
        }

        // Whoever gives a case away may not see it any more: they are answered with what they gave.
        var found = await cases.FindAsync(id, cancellationToken) ?? before ?? throw Missing(id);
        return new ApiAnswer(StatusCodes.Status200OK, ApiCase.Of(found));
    }

    private static Snooze? SnoozeOf(ApiCaseAction asked) => asked.SnoozeUntil is { } until
        ? new Snooze("api", string.Create(CultureInfo.InvariantCulture, $"Until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC"), until, null)
        : null;

    private static async Task<ExceptionCase> FindAsync(CaseQueries cases, long id, CancellationToken cancellationToken) =>
        await cases.FindAsync(id, cancellationToken) ?? throw Missing(id);

    private static RefusedException Missing(long id) => new($"There is no case {id}.", RefusedBecause.Missing);

    private static Actor Demand(ClaimsPrincipal person) => ApiProblems.DemandLooking(person, Right.SettleExceptions);
}

/// <summary>What a person must settle.</summary>
/// <param name="Version">Stands for the state that was read: an action on another one is refused.</param>
public sealed record ApiCase(
    long Id, string Code, string Title, string Severity, CaseStatus Status, string Subject, string Message, string BusinessKey, Guid? JourneyId, string? System, Money? AtRisk,
    string OwnerGroup, string? Assignee, DateTimeOffset RaisedAt, DateTimeOffset? DueAt, DateTimeOffset? ClosedAt, int Occurrences, long? CameBackFrom, int Version)
{
    public static ApiCase Of(ExceptionCase item) => new(
        item.Id, item.Code, CaseKinds.Of(item.Code).Title, item.Severity, item.Status, item.Subject, item.Message, item.BusinessKey, item.RunId, item.SystemName,
        item is { Exposure: { } amount, ExposureCurrency: { } currency } ? new Money(amount, currency) : null,
        item.OwnerGroup, item.Assignee, item.RaisedAt, item.DueAt, item.ClosedAt, item.Occurrences, item.CameBackFrom, item.Version);
}

/// <summary>A case with everything that is known about it.</summary>
/// <param name="Advice">What usually settles it.</param>
/// <param name="ClosesWhen">The check that closes it by itself when it passes again.</param>
/// <param name="Findings">What was found: policy, field, expected and actual value, where there are such.</param>
public sealed record ApiCaseDetails(ApiCase Case, string Advice, string ClosesWhen, JsonArray Findings, IReadOnlyList<ApiCaseOption> Actions, IReadOnlyList<ApiCaseEntry> History);

/// <summary>Something that can be done to a case, and if not by the caller or not now, why.</summary>
public sealed record ApiCaseOption(CaseAction Action, bool Allowed, string? WhyNot);

/// <summary>One thing that happened to a case.</summary>
public sealed record ApiCaseEntry(DateTimeOffset At, string Actor, string Action, string? Text);

/// <summary>What is to be done to a case.</summary>
/// <param name="Version">The version that was decided on.</param>
/// <param name="Reason">Why; stays with the case. For a comment the comment.</param>
/// <param name="Assignee">Whom it is given to; empty gives it back to its team.</param>
/// <param name="Until">The last day on which what it found is let pass, to waive it.</param>
/// <param name="SnoozeUntil">When it is shown again, to put it off; null wakes it.</param>
/// <param name="Edits">New values by field, to edit and retry; null clears a field.</param>
public sealed record ApiCaseAction(
    CaseAction Action, int Version, string? Reason = null, string? Assignee = null, DateOnly? Until = null, DateTimeOffset? SnoozeUntil = null, Dictionary<string, string?>? Edits = null) : IApiRequest;
