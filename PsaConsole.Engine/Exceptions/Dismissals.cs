using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Exceptions;

/// <summary>
/// Lets a person take back that they skipped, waived or snoozed a case. A run that goes on after it rests for a moment first, visibly, so that there is
/// something to take back; once it has gone on there is not.
/// </summary>
public sealed class Dismissals(IDbContextFactory<EngineDbContext> stores, IOptions<EngineOptions> options, TimeProvider time)
{
    /// <summary>Actions that can be taken back.</summary>
    public static bool CanUndo(CaseAction action) => action is CaseAction.Skip or CaseAction.Waive or CaseAction.Snooze;

    /// <summary>Notes how it stood before, and lets the run rest. In the transaction of the dismissal, after it.</summary>
    internal async Task NoteAsync(EngineDbContext store, Actor actor, CaseAction action, ExceptionCase about, Stood before, BehindCase behind, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var until = now + Dismissal.Window;
        if (behind.Run is { Status: RunStatus.Running } run && before.Run is { Status: not RunStatus.Running })
        {
            (run.Status, run.ResumeAt) = (RunStatus.Waiting, now.AddSeconds(options.Value.UndoSeconds));
            run.Message = "It goes on in a moment: until then it can be taken back.";
            until = run.ResumeAt.Value - Dismissal.Margin;
        }

        var noted = await store.Dismissals.SingleOrDefaultAsync(item => item.CaseId == about.Id, cancellationToken);
        if (noted is null)
        {
            store.Dismissals.Add(new Dismissal { CaseId = about.Id, Action = action, Actor = actor.Id, Until = until, Version = about.Version, Before = Dismissal.Written(before) });
        }
        else
        {
            (noted.Action, noted.Actor, noted.Until, noted.Version, noted.Before) = (action, actor.Id, until, about.Version, Dismissal.Written(before));
        }
    }

    /// <summary>Until when this person can take back what they did to the case; null when they can't.</summary>
    public async Task<DateTimeOffset?> UntilAsync(EngineDbContext store, Actor actor, ExceptionCase about, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await store.Dismissals
            .Where(item => item.CaseId == about.Id && item.Actor == actor.Id && item.Version == about.Version && item.Until > now)
            .Select(item => (DateTimeOffset?)item.Until)
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Takes it back: case, run and changes stand as they stood.</summary>
    /// <exception cref="RefusedException">It was somebody else's, it is too late, or the case has changed since.</exception>
    public async Task UndoAsync(Actor actor, long caseId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var about = await store.ExceptionCases.SingleOrDefaultAsync(item => item.Id == caseId, cancellationToken) ?? throw new RefusedException($"There is no case {caseId}.", RefusedBecause.Missing);
        var noted = await store.Dismissals.SingleOrDefaultAsync(item => item.CaseId == caseId, cancellationToken);
        var behind = (await BehindCase.LockAsync(store, [about], cancellationToken))[0];
        var now = time.GetUtcNow();
        if (noted is null || noted.Version != about.Version || noted.Until <= now)
        {
            throw new RefusedException("It can't be taken back any more: too much time has passed, or it has gone on since.", RefusedBecause.Stale);
        }

        if (noted.Actor != actor.Id || CaseRights.Of(actor, noted.Action, about.Stake) is { Allowed: false })
        {
            store.AuditEntries.Add(Entry(actor, noted.Action, about, now, allowed: false));
            await store.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            throw new RefusedException("Whoever did it takes it back.", RefusedBecause.Right);
        }

        var stood = noted.Read();
        if (stood.Run is { } before && behind.Run is { } run)
        {
            Restore(run, before, about.StepKey);
        }

        var ids = stood.Changes.Select(item => item.Id).ToList();
        foreach (var change in await store.InboxItems.Where(item => ids.Contains(item.Id) && item.Status == InboxStatus.Ended).ToListAsync(cancellationToken))
        {
            var old = stood.Changes.First(item => item.Id == change.Id);
            (change.Status, change.Outcome, change.EndedAt) = (InboxStatus.Poisoned, old.Outcome, old.EndedAt);
        }

        (about.Status, about.ClosedAt, about.SnoozedUntil, about.SnoozedPast) = (stood.Status, stood.ClosedAt, stood.SnoozedUntil, stood.SnoozedPast);
        about.Version++;
        about.History.Add(CaseBook.Entry(now, actor.Id, "undo", null));
        store.Dismissals.Remove(noted);
        store.AuditEntries.Add(Entry(actor, noted.Action, about, now, allowed: true));
        try
        {
            await store.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException again) when (again is DbUpdateConcurrencyException || again.InnerException is Npgsql.PostgresException { SqlState: "23505" })
        {
            // Changed at the same moment, or found again meanwhile, as a case of its own.
            throw new RefusedException("It can't be taken back any more: the case has changed, or came back as another one.", RefusedBecause.Stale);
        }

        await store.Database.ExecuteSqlAsync($"select pg_notify({ChangeFeed.Channel}, {"case " + about.Id})", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static void Restore(Run run, StoodRun before, string? stepKey)
    {
        (run.Status, run.ResumeAt, run.Message, run.Accepted, run.Attempts, run.FailingSince) = (before.Status, before.ResumeAt, before.Message, before.Accepted, before.Attempts, before.FailingSince);
        foreach (var step in run.Steps.Where(step => step.Key == stepKey))
        {
            step.Status = before.Step.Count > 0 ? before.Step[0] : step.Status;
        }
    }

    private static AuditEntry Entry(Actor actor, CaseAction action, ExceptionCase about, DateTimeOffset now, bool allowed) => new()
    {
        At = now,
        Actor = actor.Id,
        Role = actor.RolesHeld,
        Session = actor.Session,
        Action = "exception.undo",
        Entity = $"case:{about.Id}",
        Allowed = allowed,
        After = JsonSerializer.Serialize(new { Undone = action.ToString(), Status = about.Status.ToString() }, MappingSets.Json),
    };
}
