using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Inbox;

/// <summary>What a person may do with a lane that is held.</summary>
public enum LaneAction
{
    /// <summary>Everything in it that waits for another try is tried now, with new attempts.</summary>
    Release,

    /// <summary>The change at its head is left out for good.</summary>
    Skip,

    /// <summary>The change at its head goes behind all that wait now.</summary>
    PutBehind,
}

/// <summary>
/// What people do with lanes. Whoever works on the lane at that moment loses it: what it was about to commit is refused by its fence, and what it may have sent is
/// looked up by its key before it is sent again, as after a crash.
/// </summary>
public sealed class LaneActions(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    private static readonly string[] MoneyLanes = ["engagement", "time-entry", "expense", "milestone"];

    /// <summary>May this person do so with this lane, which they see? Releasing and reordering is the right to try again, leaving out the right to skip (9-access 9.1).</summary>
    public static Permission PermissionOf(Actor actor, LaneAction action, string lane) => PermissionOf(actor, action, lane, DataPlace.House);

    private static Permission PermissionOf(Actor actor, LaneAction action, string lane, DataPlace place)
    {
        var money = MoneyLanes.Contains(lane.Split(':')[0]);
        return Decision.Of(actor, action == LaneAction.Skip ? Right.Skip : Right.Retry, new RightSubject
        {
            Areas = money ? [Extent.FinanceCases] : new HashSet<Extent> { Extent.NonFinancial, Extent.Technical },
            AmountIsUnknown = money && action == LaneAction.Skip,
            Place = place,
        });
    }

    /// <summary>Does it.</summary>
    /// <param name="head">Number of the change that was seen at the head; null when none was.</param>
    /// <exception cref="RefusedException">The person may not, gave no reason, or the head is another by now.</exception>
    public async Task DoAsync(Actor actor, LaneAction action, string lane, long? head, string reason, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var place = await PlaceOfAsync(store, lane, cancellationToken);
        var permission = PermissionOf(actor, action, lane, place);
        if (permission.Allowed)
        {
            await ChangeAsync(store, actor, action, lane, head, Needed(reason), cancellationToken);
        }

        store.AuditEntries.Add(Entry(actor, action, lane, head, reason, permission, place));
        await store.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (!permission.Allowed)
        {
            throw new RefusedException(permission.Why!, RefusedBecause.Right);
        }
    }

    /// <summary>A lane belongs where the runs do that are on their way in it; one without is settled by who sees everything.</summary>
    private static async Task<DataPlace> PlaceOfAsync(EngineDbContext store, string lane, CancellationToken cancellationToken)
    {
        var runs = await store.Runs
            .Where(run => run.LaneKey == lane
                && (run.Status == RunStatus.Running || run.Status == RunStatus.Waiting || run.Status == RunStatus.WaitingApproval || run.Status == RunStatus.Parked || run.Status == RunStatus.Compensating))
            .Select(run => new { run.LegalEntities, run.Practices })
            .ToListAsync(cancellationToken);
        return new DataPlace([.. runs.SelectMany(run => run.LegalEntities).Distinct()], [.. runs.SelectMany(run => run.Practices).Distinct()]);
    }

    private async Task ChangeAsync(EngineDbContext store, Actor actor, LaneAction action, string lane, long? head, string reason, CancellationToken cancellationToken)
    {
        await store.Database.ExecuteSqlAsync($"select 1 from lane where key = {lane} for update", cancellationToken);
        var waiting = await store.InboxItems.Where(item => item.LaneKey == lane && item.Status == InboxStatus.Waiting).OrderBy(item => item.Place).ThenBy(item => item.Id).Take(2).ToListAsync(cancellationToken);
        if (waiting.FirstOrDefault()?.Id != head)
        {
            throw new RefusedException($"{lane} has moved on since you looked. Look again, then decide.", RefusedBecause.Stale);
        }

        switch (action)
        {
            case LaneAction.Release:
                await ReleaseAsync(store, lane, cancellationToken);
                break;
            case LaneAction.Skip when waiting.Count > 0:
                (waiting[0].Status, waiting[0].Outcome, waiting[0].EndedAt, waiting[0].ResumeAt) = (InboxStatus.Ended, $"Left out by {actor.Name}: {reason}", time.GetUtcNow(), null);
                break;
            case LaneAction.PutBehind when waiting.Count > 1:
                waiting[0].Place = 1 + await store.InboxItems.Where(item => item.LaneKey == lane && item.Status == InboxStatus.Waiting).MaxAsync(item => item.Place, cancellationToken);
                break;
            default:
                throw new RefusedException(action == LaneAction.Skip ? $"No change waits in {lane}: what holds it is a run, and its case is where it is settled." : $"Nothing waits behind it in {lane}.");
        }

        await TakeAwayAsync(store, lane, cancellationToken);
    }

    /// <summary>What was put in ahead for a later day stays there.</summary>
    private static async Task ReleaseAsync(EngineDbContext store, string lane, CancellationToken cancellationToken)
    {
        await store.InboxItems.Where(item => item.LaneKey == lane && item.Status == InboxStatus.Waiting && item.Attempts > 0).ExecuteUpdateAsync(
            set => set.SetProperty(item => item.ResumeAt, (DateTimeOffset?)null).SetProperty(item => item.Attempts, 0), cancellationToken);
        foreach (var run in await store.Runs.Where(run => run.LaneKey == lane && run.Status == RunStatus.Waiting).ToListAsync(cancellationToken))
        {
            run.ResumeAfresh();
        }
    }

    private async Task TakeAwayAsync(EngineDbContext store, string lane, CancellationToken cancellationToken)
    {
        await store.Database.ExecuteSqlAsync($"update lane set fence = fence + 1, lease_owner = null, lease_until = null where key = {lane}", cancellationToken);
        await Lanes.WakeAsync(store, lane, time.GetUtcNow(), cancellationToken);
    }

    private AuditEntry Entry(Actor actor, LaneAction action, string lane, long? head, string reason, Permission permission, DataPlace place) => new()
    {
        At = time.GetUtcNow(),
        Actor = actor.Id,
        Role = permission.Role,
        Session = actor.Session,
        Action = action switch
        {
            LaneAction.Release => "lane.release",
            LaneAction.Skip => "lane.skip",
            _ => "lane.put-behind",
        },
        Entity = $"lane:{lane}",
        Reason = reason,
        Allowed = permission.Allowed,
        LegalEntities = [.. place.LegalEntities],
        Practices = [.. place.Practices],
        After = JsonSerializer.Serialize(new { head, permission.Why }, MappingSets.Json),
    };

    private static string Needed(string reason) => string.IsNullOrWhiteSpace(reason) ? throw new RefusedException("Say why: whoever looks for the change later wants to know.") : reason.Trim();
}
