using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Exceptions;

/// <summary>
/// What people do with cases. Each use case checks the right, refuses a stale view, changes case and run in one transaction with its audit entry, and
/// wakes the lane. None of them closes a case by itself: a retry is closed by the verification that passes.
/// </summary>
public sealed class CaseActions(IDbContextFactory<EngineDbContext> stores, WorkflowList workflows, DutyGuard duties, TimeProvider time)
{
    /// <summary>
    /// Tries the failed step again with new attempts. A verification is only read again: nothing is rewritten. A change that was set aside is looked at again.
    /// </summary>
    public Task RetryAsync(Actor actor, long caseId, int version, string? reason, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, version, CaseAction.Retry, reason, (about, behind) =>
        {
            about.Status = CaseStatus.Retrying;
            Resume(behind.Run);
            behind.Replay();
        }, cancellationToken);

    /// <summary>
    /// Changes fields of the run's state and does the step again, together with what it verifies. The original stays in the history.
    /// </summary>
    /// <param name="edits">New values by the names in <see cref="Workflow.EditableFields"/>; null clears a field.</param>
    /// <exception cref="RefusedException">A field can't be edited here, or a value is not of its form.</exception>
    public Task EditAndRetryAsync(
        Actor actor, long caseId, int version, IReadOnlyDictionary<string, string?> edits, string reason, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, version, CaseAction.EditAndRetry, reason, (about, behind) =>
        {
            var edited = behind.Run ?? throw new RefusedException("There is no run behind this case that could be edited.");
            foreach (var path in edits.Keys)
            {
                if (CaseRights.OfField(actor, path, about) is { Allowed: false } permission)
                {
                    throw new RefusedException($"{path}: {permission.Why}");
                }
            }

            var before = Edit(edited, edits);
            Redo(edited, about.StepKey);
            about.Status = CaseStatus.Retrying;
            about.History.Add(CaseBook.Entry(time.GetUtcNow(), actor.Id, "edited", before));
            edited.ResumeAfresh();
        }, cancellationToken);

    /// <summary>
    /// Leaves the failed step, or the change that was set aside, out for good and with a reason; the run goes on after it. Of a check only what this case found
    /// is left out: what else it finds, now or later, still stops the run.
    /// </summary>
    public Task SkipAsync(Actor actor, long caseId, int version, string reason, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, version, CaseAction.Skip, Needed(reason), (about, behind) =>
        {
            LeaveOut(behind.Run, about, actor, reason);
            behind.LeaveOut(reason);
            about.Status = CaseStatus.Waived;
            about.ClosedAt = time.GetUtcNow();
        }, cancellationToken);

    /// <summary>
    /// Accepts what this case found. The run goes on unless its check finds something else: another case's finding, or one that differs since the data changed.
    /// </summary>
    public Task ApproveAsync(Actor actor, long caseId, int version, string reason, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, version, CaseAction.Approve, Needed(reason), (about, behind) =>
        {
            Accept(behind.Run, about, actor, reason);
            about.Status = CaseStatus.Resolved;
            about.ClosedAt = time.GetUtcNow();
        }, cancellationToken);

    /// <summary>Takes back everything the run did, last first.</summary>
    public Task CompensateAsync(Actor actor, long caseId, int version, string reason, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, version, CaseAction.Compensate, Needed(reason), (_, behind) => behind.Run?.TurnBack(reason), cancellationToken);

    /// <summary>Gives the case to somebody; an empty name gives it back to its group.</summary>
    public Task AssignAsync(Actor actor, long caseId, int version, string? assignee, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, version, CaseAction.Assign, assignee ?? "nobody", (about, _) => about.Assignee = string.IsNullOrWhiteSpace(assignee) ? null : assignee, cancellationToken);

    /// <summary>Adds a comment; it stays through every retry.</summary>
    public Task CommentAsync(Actor actor, long caseId, string text, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, null, CaseAction.Comment, Needed(text), (_, _) => { }, cancellationToken);

    private async Task ActAsync(
        Actor actor, long caseId, int? version, CaseAction action, string? text, Action<ExceptionCase, BehindCase> act, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var about = await store.ExceptionCases.SingleOrDefaultAsync(item => item.Id == caseId, cancellationToken)
            ?? throw new RefusedException($"There is no case {caseId}.");
        if (await DutyConflictAsync(store, actor, action, about, cancellationToken) is { } conflict)
        {
            await duties.RecordAsync(store, actor, conflict, "exception." + Word(action), $"case:{about.Id}", text, cancellationToken);
            await store.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            throw new RefusedException($"{conflict.Rule}: {conflict.Message}");
        }

        var permission = CaseRights.Of(actor, action, about);
        if (!permission.Allowed)
        {
            store.AuditEntries.Add(Refused(actor, action, about, text, permission.Why));
            await store.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            throw new RefusedException(permission.Why!);
        }

        if (version is not null && version != about.Version)
        {
            throw new RefusedException($"Case {caseId} has changed since you opened it. Look at it again, then decide.");
        }

        var behind = await BehindCase.LockAsync(store, about, cancellationToken);
        var before = about.Status;
        about.History.Add(CaseBook.Entry(time.GetUtcNow(), actor.Id, Word(action), text));
        act(about, behind);
        about.Version++;
        store.AuditEntries.Add(Audit(actor, action, about, text, permission.Role, before));
        await SaveAsync(store, about, cancellationToken);
        await behind.WakeAsync(store, time.GetUtcNow(), cancellationToken);
        await store.Database.ExecuteSqlAsync($"select pg_notify({ChangeFeed.Channel}, {"case " + about.Id})", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>What this person did to the case before may bar them from this: who edited what is to be approved asked for it.</summary>
    private static async Task<DutyConflict?> DutyConflictAsync(
        EngineDbContext store, Actor actor, CaseAction action, ExceptionCase about, CancellationToken cancellationToken)
    {
        var now = action switch
        {
            CaseAction.Approve or CaseAction.Reject => Duty.Approve,
            CaseAction.Waive => Duty.OverrideConflict,
            _ => Duty.Change,
        };
        var entity = $"case:{about.Id}";
        var edited = now == Duty.Approve && await store.AuditEntries.AnyAsync(
            entry => entry.Entity == entity && entry.Actor == actor.Id && entry.Action == "exception.edit-and-retry" && entry.Allowed, cancellationToken);
        return SegregationOfDuties.Of(actor, now, edited ? new HashSet<Duty> { Duty.Request } : new HashSet<Duty>(), about.Exposure, false);
    }

    private static async Task SaveAsync(EngineDbContext store, ExceptionCase about, CancellationToken cancellationToken)
    {
        try
        {
            await store.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new RefusedException($"Case {about.Id} has changed since you opened it. Look at it again, then decide.");
        }
    }

    /// <returns>What the fields were before, for the history.</returns>
    private string Edit(Run run, IReadOnlyDictionary<string, string?> edits)
    {
        var fields = workflows.Of(run).EditableFields;
        var state = JsonNode.Parse(run.State)!.AsObject();
        var changes = new List<string>();
        foreach (var (path, value) in edits)
        {
            if (!fields.TryGetValue(path, out var label))
            {
                throw new RefusedException($"{path} can't be edited here. Correct it in the system that owns it.");
            }

            var old = JsonPath.Read(state, path);
            JsonPath.Write(state, path, Typed(old, value, label));
            changes.Add($"{label}: {JsonPath.Text(old) ?? "empty"} → {value ?? "empty"}");
        }

        run.State = state.ToJsonString();
        try
        {
            workflows.Of(run).Describe(run);
        }
        catch (JsonException problem)
        {
            throw new RefusedException($"The new value is not of the right form: {problem.Message}");
        }

        return string.Join("; ", changes);
    }

    private static JsonValue? Typed(JsonNode? old, string? value, string label)
    {
        if (value is null)
        {
            return null;
        }

        if (old?.GetValueKind() != JsonValueKind.Number)
        {
            return JsonValue.Create(value);
        }

        return decimal.TryParse(value, System.Globalization.NumberStyles.Number, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : throw new RefusedException($"{label} must be a number, such as 1250.50.");
    }

    private void Redo(Run run, string? stepKey)
    {
        var steps = workflows.Of(run).StepsFor(run.State);
        var redoes = steps.SingleOrDefault(step => step.Key == stepKey)?.Redoes;
        foreach (var row in run.Steps.Where(row => row.Key == redoes || row.Key == stepKey))
        {
            row.Status = StepStatus.Pending;
        }
    }

    private void LeaveOut(Run? run, ExceptionCase about, Actor actor, string reason)
    {
        var failed = run?.Steps.SingleOrDefault(row => row.Key == about.StepKey && row.Status is (StepStatus.Failed or StepStatus.Retrying));
        if (failed is { Kind: not StepKind.Do } && !IsTechnical(about.Code))
        {
            Accept(run, about, actor, reason);
            return;
        }

        failed?.Status = StepStatus.Skipped;
        Resume(run);
    }

    private void Accept(Run? run, ExceptionCase about, Actor actor, string reason)
    {
        run?.Accept(JsonSerializer.Deserialize<List<Finding>>(about.Findings, MappingSets.Json)!, actor.Id, reason, time.GetUtcNow());
        Resume(run);
    }

    /// <summary>The step could not be carried out at all, so it has found nothing that could be accepted.</summary>
    private static bool IsTechnical(string code) => code.StartsWith("INT-", StringComparison.Ordinal);

    /// <summary>Lets a run go on that is parked, or that waits for something: it looks at once.</summary>
    private static void Resume(Run? run)
    {
        if (run is { Status: RunStatus.Parked or RunStatus.Waiting })
        {
            run.ResumeAfresh();
        }
    }

    private AuditEntry Audit(Actor actor, CaseAction action, ExceptionCase about, string? reason, string? role, CaseStatus before) => new()
    {
        At = time.GetUtcNow(),
        Actor = actor.Id,
        Role = role,
        Session = actor.Session,
        Action = "exception." + Word(action),
        Entity = $"case:{about.Id}",
        Reason = reason,
        Before = JsonSerializer.Serialize(new { about.Code, Status = before.ToString() }, MappingSets.Json),
        After = JsonSerializer.Serialize(new { about.Code, Status = about.Status.ToString(), about.Assignee }, MappingSets.Json),
    };

    private AuditEntry Refused(Actor actor, CaseAction action, ExceptionCase about, string? reason, string? why) => new()
    {
        At = time.GetUtcNow(),
        Actor = actor.Id,
        Role = string.Join(",", actor.Roles.Order(StringComparer.Ordinal)),
        Session = actor.Session,
        Action = "exception." + Word(action),
        Entity = $"case:{about.Id}",
        Reason = reason,
        Allowed = false,
        After = JsonSerializer.Serialize(new { about.Code, Refused = why }, MappingSets.Json),
    };

    private static string Word(CaseAction action) => action switch
    {
        CaseAction.EditAndRetry => "edit-and-retry",
        _ => action.ToString().ToLowerInvariant(),
    };

    private static string Needed(string? reason) => string.IsNullOrWhiteSpace(reason)
        ? throw new RefusedException("Say why: the reason stays with the case.")
        : reason;
}
