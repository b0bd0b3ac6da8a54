using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Notices;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Exceptions;

/// <summary>
/// What people do with cases. Each use case checks the right, refuses a stale view, changes case and run in one transaction with its audit entry, and
/// wakes the lane. None of them closes a case by itself: a retry is closed by the verification that passes.
/// </summary>
public sealed class CaseActions(IDbContextFactory<EngineDbContext> stores, WorkflowList workflows, DutyGuard duties, Dismissals dismissals, TimeProvider time)
{
    /// <summary>
    /// Tries the failed step again with new attempts. A verification is only read again: nothing is rewritten. A change that was set aside is looked at again.
    /// </summary>
    public Task RetryAsync(Actor actor, long caseId, int version, string? reason, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, version, OrderOf(actor, new CaseRequest(CaseAction.Retry, reason)), cancellationToken);

    /// <summary>
    /// Changes fields of the run's state and does the step again, together with what it verifies. The original stays in the history.
    /// </summary>
    /// <param name="edits">New values by the names in <see cref="Workflow.EditableFields"/>; null clears a field.</param>
    /// <exception cref="RefusedException">A field can't be edited here, or a value is not of its form.</exception>
    public Task EditAndRetryAsync(
        Actor actor, long caseId, int version, IReadOnlyDictionary<string, string?> edits, string reason, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, version, new Order(CaseAction.EditAndRetry, reason, (about, behind) =>
        {
            var edited = behind.Run ?? throw new RefusedException("There is no run behind this case that could be edited.");
            var before = RunEdit.Apply(workflows.Of(edited), edited, edits);
            Redo(edited, about.StepKey);
            about.Status = CaseStatus.Retrying;
            about.History.Add(CaseBook.Entry(time.GetUtcNow(), actor.Id, "edited", before));
            edited.ResumeAfresh();
        })
        {
            AlsoNeeds = about => edits.Keys.Select(path => CaseRights.OfField(actor, path, about) is { Allowed: false, Why: var why } ? Permission.No($"{path}: {why}") : Permission.Yes).FirstOrDefault(permission => !permission.Allowed, Permission.Yes),
        }, cancellationToken);

    /// <summary>
    /// Leaves the failed step, or the change that was set aside, out for good and with a reason; the run goes on after it. Of a check only what this case found
    /// is left out: what else it finds, now or later, still stops the run.
    /// </summary>
    public Task SkipAsync(Actor actor, long caseId, int version, string reason, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, version, OrderOf(actor, new CaseRequest(CaseAction.Skip, reason)), cancellationToken);

    /// <summary>
    /// Accepts what this case found. The run goes on unless its check finds something else: another case's finding, or one that differs since the data changed.
    /// </summary>
    public Task ApproveAsync(Actor actor, long caseId, int version, string reason, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, version, OrderOf(actor, new CaseRequest(CaseAction.Approve, reason)), cancellationToken);

    /// <summary>Turns down what the run is for: it is taken back, or for what would be posted ended without posting.</summary>
    public Task RejectAsync(Actor actor, long caseId, int version, string reason, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, version, OrderOf(actor, new CaseRequest(CaseAction.Reject, reason)), cancellationToken);

    /// <summary>Takes back everything the run did, last first.</summary>
    public Task CompensateAsync(Actor actor, long caseId, int version, string reason, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, version, OrderOf(actor, new CaseRequest(CaseAction.Compensate, reason)), cancellationToken);

    /// <summary>Gives the case to somebody; an empty name gives it back to its group.</summary>
    public Task AssignAsync(Actor actor, long caseId, int version, string? assignee, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, version, OrderOf(actor, new CaseRequest(CaseAction.Assign, null) { Assignee = assignee }), cancellationToken);

    /// <summary>Adds a comment; it stays through every retry.</summary>
    public Task CommentAsync(Actor actor, long caseId, string text, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, null, OrderOf(actor, new CaseRequest(CaseAction.Comment, text)), cancellationToken);

    /// <summary>Puts the case off, out of the lists; null wakes it. Neither its deadline nor its reminders wait.</summary>
    public Task SnoozeAsync(Actor actor, long caseId, int version, Snooze? snooze, string? reason, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, version, OrderOf(actor, new CaseRequest(CaseAction.Snooze, reason) { Snooze = snooze }), cancellationToken);

    /// <summary>Lets what this case found pass until a day: from then on it is a case again where it is still looked at.</summary>
    /// <param name="until">The last day, at most a year ahead.</param>
    public Task WaiveAsync(Actor actor, long caseId, int version, DateOnly? until, string reason, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, version, OrderOf(actor, new CaseRequest(CaseAction.Waive, reason) { Until = until }), cancellationToken);

    /// <summary>Does what a request asks for: any action but <see cref="EditAndRetryAsync"/>.</summary>
    public Task DoAsync(Actor actor, long caseId, int? version, CaseRequest request, CancellationToken cancellationToken) =>
        ActAsync(actor, caseId, version, OrderOf(actor, request), cancellationToken);

    /// <summary>What a request changes in a case and in what stands behind it.</summary>
    /// <exception cref="RefusedException">The reason is missing, or a day is out of range.</exception>
    internal Order OrderOf(Actor actor, CaseRequest request)
    {
        var text = request.Text;
        return request.Action switch
        {
            CaseAction.Retry => new Order(request.Action, text, (about, behind) =>
            {
                about.Status = CaseStatus.Retrying;
                Resume(behind.Run);
                behind.Replay();
            }),
            CaseAction.Skip => new Order(request.Action, Needed(text), (about, behind) =>
            {
                LeaveOut(behind.Run, about, actor, text!);
                behind.LeaveOut(text!);
                Close(about, CaseStatus.Waived);
            }),
            CaseAction.Approve => new Order(request.Action, Needed(text), (about, behind) =>
            {
                Accept(behind.Run, about, actor, text!, null);
                Close(about, CaseStatus.Resolved);
            }),
            CaseAction.Waive => WaiverOf(actor, Needed(text), request.Until),
            CaseAction.Reject => new Order(request.Action, Needed(text), (about, behind) => Reject(about, behind, text!)),
            CaseAction.Compensate => new Order(request.Action, Needed(text), (_, behind) => behind.Run?.TurnBack(text!)),
            CaseAction.Assign => new Order(request.Action, Nobody(request.Assignee) ? "nobody" : request.Assignee, (about, _) => about.Assignee = Nobody(request.Assignee) ? null : request.Assignee),
            CaseAction.Snooze => SnoozeOf(request.Snooze, text),
            CaseAction.Comment => new Order(request.Action, Needed(text), (_, _) => { }),
            _ => throw new ArgumentException($"{request.Action} is not asked for like this.", nameof(request)),
        };
    }

    private Order SnoozeOf(Snooze? snooze, string? reason) => snooze?.WhyNot(time.GetUtcNow()) is { } why
        ? throw new RefusedException(why)
        : new Order(CaseAction.Snooze, string.Join(": ", new[] { snooze?.Title ?? "Awake again", reason }.Where(part => !string.IsNullOrWhiteSpace(part))), (about, _) =>
        {
            about.SnoozedUntil = snooze?.Until;
            about.SnoozedPast = snooze?.MoreTimes is { } more ? about.Occurrences + more - 1 : null;
        });

    private Order WaiverOf(Actor actor, string reason, DateOnly? until)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (until is not { } last || last < today || last > today.AddYears(1))
        {
            throw new RefusedException("Say until when it is let pass: a day from today to a year ahead.");
        }

        return new Order(CaseAction.Waive, string.Create(CultureInfo.InvariantCulture, $"until {last:yyyy-MM-dd}: {reason}"), (about, behind) =>
        {
            if (about.Code.StartsWith("STF", StringComparison.Ordinal))
            {
                throw new RefusedException("A staffing rule is overridden for its days under Staffing.");
            }

            Accept(behind.Run, about, actor, reason, last);
            Close(about, CaseStatus.Waived);
        });
    }

    private async Task ActAsync(Actor actor, long caseId, int? version, Order order, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var about = await store.ExceptionCases.SingleOrDefaultAsync(item => item.Id == caseId, cancellationToken) ?? throw new RefusedException($"There is no case {caseId}.", RefusedBecause.Missing);
        Refusal? refusal;
        try
        {
            refusal = (await TryAsync(store, actor, [new Asked(about, version)], order with { CanBeUndone = Dismissals.CanUndo(order.Action) }, cancellationToken))[0];
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new RefusedException(Changed(caseId), RefusedBecause.Stale);
        }

        await transaction.CommitAsync(cancellationToken);
        if (refusal is not null)
        {
            throw new RefusedException(refusal.Why, refusal.IsSuperseded ? RefusedBecause.Stale : RefusedBecause.Right);
        }
    }

    /// <summary>Acts within the caller's transaction. Refusals are written down there as well, so the caller commits in either case.</summary>
    /// <param name="asked">Tracked by the store; all of them are saved together.</param>
    /// <returns>For each case null when it was done, otherwise why not.</returns>
    /// <exception cref="DbUpdateConcurrencyException">A case was changed at the same time; nothing is to be committed.</exception>
    internal async Task<IReadOnlyList<Refusal?>> TryAsync(EngineDbContext store, Actor actor, IReadOnlyList<Asked> asked, Order order, CancellationToken cancellationToken)
    {
        var refusals = new Dictionary<ExceptionCase, Refusal?>();
        foreach (var (about, version) in asked)
        {
            refusals[about] = await RefusalAsync(store, actor, about, version, order, cancellationToken);
        }

        var behind = await BehindCase.LockAsync(store, [.. asked.Select(one => one.About).Where(about => refusals[about] is null)], cancellationToken);
        foreach (var held in behind)
        {
            // Of those that are decided together an earlier one may have ended what this one is about.
            refusals[held.About] = Closed(held.About, order);
            if (refusals[held.About] is null)
            {
                await ActAsync(store, actor, held, order, cancellationToken);
            }
        }

        await store.SaveChangesAsync(cancellationToken);
        await BehindCase.WakeAsync(store, behind, time.GetUtcNow(), cancellationToken);
        var told = behind.Select(held => "case " + held.About.Id).ToList();
        await store.Database.ExecuteSqlAsync($"select pg_notify({ChangeFeed.Channel}, told) from unnest({told}) as told", cancellationToken);
        return [.. asked.Select(one => refusals[one.About])];
    }

    /// <summary>Why it is not done, written down; null when nothing is against it.</summary>
    private async Task<Refusal?> RefusalAsync(EngineDbContext store, Actor actor, ExceptionCase about, int? version, Order order, CancellationToken cancellationToken)
    {
        if (await DutyConflictAsync(store, actor, order.Action, about, cancellationToken) is { } conflict)
        {
            await duties.RecordAsync(store, actor, conflict, CaseAudit.ActionOf(order.Action), $"case:{about.Id}", order.Text, cancellationToken);
            return new Refusal($"{conflict.Rule}: {conflict.Message}");
        }

        var permission = CaseRights.Of(actor, order.Action, about);
        permission = permission.Allowed && order.AlsoNeeds is { } more ? more(about) : permission;
        var refusal = !permission.Allowed ? new Refusal(permission.Why!) { IsSuperseded = !about.IsOpen }
            : version is not null && version != about.Version ? new Refusal(Changed(about.Id)) { IsSuperseded = true }
            : null;
        if (refusal is not null)
        {
            store.AuditEntries.Add(CaseAudit.Refused(actor, order.Action, about, order.Text, refusal.Why, time.GetUtcNow()));
        }

        return refusal;
    }

    private static Refusal? Closed(ExceptionCase about, Order order) =>
        about.IsOpen || order.Action == CaseAction.Comment ? null : new Refusal(Changed(about.Id)) { IsSuperseded = true };

    private async Task ActAsync(EngineDbContext store, Actor actor, BehindCase behind, Order order, CancellationToken cancellationToken)
    {
        var (about, before, role) = (behind.About, behind.About.Status, CaseRights.Of(actor, order.Action, behind.About.Stake).Role);
        var stood = Dismissal.Of(about, behind);
        about.History.Add(CaseBook.Entry(time.GetUtcNow(), actor.Id, CaseAudit.Word(order.Action), order.Text));
        if (order.Action is not (CaseAction.Comment or CaseAction.Assign))
        {
            // Who acts on it wants to see what comes of it.
            (about.SnoozedUntil, about.SnoozedPast) = (null, null);
        }

        order.Act(about, behind);
        await behind.CloseOthersAsync(store, time.GetUtcNow(), cancellationToken);
        about.Version++;
        if (order.Action == CaseAction.Assign && about.Assignee is { } person && person != actor.Id)
        {
            await AssigneeNotice.PlanAsync(store, about, person, time.GetUtcNow(), cancellationToken);
        }

        if (order.CanBeUndone)
        {
            await dismissals.NoteAsync(store, actor, order.Action, about, stood, behind, cancellationToken);
        }

        store.AuditEntries.Add(CaseAudit.Done(actor, order.Action, about, order.Text, role, before, time.GetUtcNow()));
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
        if (failed is { Kind: StepKind.Check } && !IsTechnical(about.Code))
        {
            Accept(run, about, actor, reason, null);
            return;
        }

        failed?.Status = StepStatus.Skipped;
        Resume(run);
    }

    // What is taken back closes its cases when it has been; what ends at once closes them here.
    private void Reject(ExceptionCase about, BehindCase behind, string reason)
    {
        if (behind.Run is { } run)
        {
            workflows.Of(run).Reject(run, reason, time.GetUtcNow());
        }

        behind.LeaveOut(reason);
        if (behind.Run is not { Undoing: true })
        {
            Close(about, CaseStatus.Resolved);
        }
    }

    private void Accept(Run? run, ExceptionCase about, Actor actor, string reason, DateOnly? until)
    {
        run?.Accept(JsonSerializer.Deserialize<List<Finding>>(about.Findings, MappingSets.Json)!, actor.Id, reason, time.GetUtcNow(), until);
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

    private void Close(ExceptionCase about, CaseStatus status)
    {
        about.Status = status;
        about.ClosedAt = time.GetUtcNow();
    }

    private static string Needed(string? reason) => string.IsNullOrWhiteSpace(reason)
        ? throw new RefusedException("Say why: the reason stays with the case.")
        : reason;

    private static bool Nobody(string? assignee) => string.IsNullOrWhiteSpace(assignee);

    private static string Changed(long caseId) => $"Case {caseId} has changed since you opened it. Look at it again, then decide.";

    /// <summary>A case and the version that the decision is about; null when it does not depend on what has changed since.</summary>
    internal sealed record Asked(ExceptionCase About, int? Version);

    /// <summary>What is asked of a case, and what it changes.</summary>
    internal sealed record Order(CaseAction Action, string? Text, Action<ExceptionCase, BehindCase> Act)
    {
        /// <summary>One person looks at one case: what they do can be taken back. A group is cancelled instead.</summary>
        public bool CanBeUndone { get; init; }

        /// <summary>What it takes beyond the right to the action; null for nothing.</summary>
        public Func<ExceptionCase, Permission>? AlsoNeeds { get; init; }
    }

    /// <summary>Why something was not done.</summary>
    internal sealed record Refusal(string Why)
    {
        /// <summary>The case is not what was decided on any more: it was changed, or settled.</summary>
        public bool IsSuperseded { get; init; }
    }
}
