using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Approvals;

/// <summary>
/// What people do with approvals. A decision checks the right of the person who really acts, refuses a stale view, is written with its audit entry in one
/// transaction, and wakes the run: its step then looks at the data again before it believes the decision.
/// </summary>
public sealed class ApprovalActions(IDbContextFactory<EngineDbContext> stores, DutyGuard duties, Deputies deputies, TimeProvider time)
{
    /// <exception cref="RefusedException">The person may not, the view is stale, or no reason is given.</exception>
    public Task ApproveAsync(Actor actor, long id, int version, string reason, CancellationToken cancellationToken) =>
        DecideAsync(actor, id, version, approved: true, reason, cancellationToken);

    /// <exception cref="RefusedException">The person may not, the view is stale, or no reason is given.</exception>
    public Task RejectAsync(Actor actor, long id, int version, string reason, CancellationToken cancellationToken) =>
        DecideAsync(actor, id, version, approved: false, reason, cancellationToken);

    private async Task DecideAsync(Actor actor, long id, int version, bool approved, string reason, CancellationToken cancellationToken)
    {
        var said = Needed(reason);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        // The lane first, then the approval: in the order in which the runner takes them.
        await store.Database.ExecuteSqlAsync($"select 1 from lane where key = (select run.lane_key from run join approval on approval.run_id = run.id where approval.id = {id}) for update", cancellationToken);
        var about = await store.Approvals.Include(item => item.Decisions).SingleOrDefaultAsync(item => item.Id == id, cancellationToken)
            ?? throw new RefusedException($"There is no approval {id}.", RefusedBecause.Missing);
        var now = time.GetUtcNow();
        var delegations = await deputies.ForWhomAsync(actor, cancellationToken);
        var verdict = ApprovalRights.Of(actor, about, delegations, now, DateOnly.FromDateTime(now.UtcDateTime));
        if (verdict.Conflict is { } conflict)
        {
            await duties.RecordAsync(store, actor, conflict, Word(approved), $"approval:{about.Id}", said, cancellationToken);
        }
        else
        {
            store.AuditEntries.Add(Entry(actor, about, verdict, approved, said));
        }

        if (!verdict.Permission.Allowed)
        {
            await store.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            throw new RefusedException(verdict.Permission.Why!, RefusedBecause.Right);
        }

        if (version != about.Version)
        {
            throw Stale(id);
        }

        await ConcludeAsync(store, about, Decided(actor, about, verdict.By, approved, said), cancellationToken);
        try
        {
            await store.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw Stale(id);
        }

        await store.Database.ExecuteSqlAsync($"select pg_notify({ChangeFeed.Channel}, {"approval " + id})", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ConcludeAsync(EngineDbContext store, Approval about, ApprovalDecision decision, CancellationToken cancellationToken)
    {
        about.Decisions.Add(decision);
        about.Version++;
        if (decision.Approved && about.Decisions.Count < about.Chain.Length)
        {
            return;
        }

        about.Status = decision.Approved ? ApprovalStatus.Approved : ApprovalStatus.Rejected;
        about.ClosedAt = decision.At;
        var run = await store.Runs.SingleAsync(item => item.Id == about.RunId, cancellationToken);
        if (run.Status == RunStatus.WaitingApproval)
        {
            run.ResumeAfresh();
        }

        // Also when its step is asking again at this moment: it must not go on waiting for what is decided.
        await Lanes.WakeAsync(store, run.LaneKey, decision.At, cancellationToken);
    }

    private ApprovalDecision Decided(Actor actor, Approval about, Delegation? by, bool approved, string reason) => new()
    {
        Actor = actor.Id,
        ActorName = actor.Name,
        OnBehalfOf = by?.Delegator,
        Role = about.NextRole!,
        Approved = approved,
        Reason = reason,
        At = time.GetUtcNow(),
    };

    private AuditEntry Entry(Actor actor, Approval about, ApprovalVerdict verdict, bool approved, string reason) => new()
    {
        At = time.GetUtcNow(),
        Actor = actor.Id,
        Role = about.NextRole,
        Session = actor.Session,
        Action = Word(approved),
        Entity = $"approval:{about.Id}",
        Reason = reason,
        Allowed = verdict.Permission.Allowed,
        After = JsonSerializer.Serialize(
            new { about.Subject, about.Amount, about.Currency, onBehalfOf = verdict.By?.Delegator, about.Fingerprint, verdict.Permission.Why }, MappingSets.Json),
    };

    private static string Word(bool approved) => approved ? "approval.approve" : "approval.reject";

    private static RefusedException Stale(long id) => new($"Approval {id} has changed since you opened it. Look at it again, then decide.", RefusedBecause.Stale);

    private static string Needed(string reason) => string.IsNullOrWhiteSpace(reason)
        ? throw new RefusedException("Say why: the reason stays with the decision.")
        : reason.Trim() is { Length: <= 2000 } text ? text : reason.Trim()[..2000];
}
