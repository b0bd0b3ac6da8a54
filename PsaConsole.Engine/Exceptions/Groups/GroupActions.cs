using System.Globalization;
using System.Text.Json;
using Hangfire;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Jobs;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Exceptions.Groups;

/// <summary>What is asked of every case of a group.</summary>
/// <param name="Reason">Why; for a comment the comment.</param>
/// <param name="Assignee">Whom the cases are given to; empty gives them back to their teams.</param>
public sealed record GroupOrder(CaseAction Action, string Reason, string? Assignee = null)
{
    /// <summary>How long the cases are put off; null wakes them.</summary>
    public Snooze? Snooze { get; init; }
}

/// <summary>What a group action would do, before it is started.</summary>
/// <param name="Matching">Cases that were chosen.</param>
/// <param name="Allowed">Cases of them that would be asked.</param>
/// <param name="LeftOut">Why the others would not, and how many of them.</param>
/// <param name="AtRisk">Money that waits for those that would be asked.</param>
/// <param name="UpTo">The last case that there is now: what is raised later is not meant.</param>
public sealed record GroupPreview(
    int Matching, int Allowed, IReadOnlyList<KeyValuePair<string, int>> LeftOut, IReadOnlyList<Money> AtRisk, long UpTo);

/// <summary>
/// What people do with many cases at once: look at what would happen, start it on a frozen set, hold it, let it go on, end it. <see cref="GroupRunner"/>
/// does the work, case by case, with the right that each case asks for.
/// </summary>
public sealed class GroupActions(IDbContextFactory<EngineDbContext> stores, IBackgroundJobClient jobs, TimeProvider time)
{
    /// <summary>Cases in one group at most.</summary>
    public const int Most = 100_000;

    /// <summary>Actions that many cases can take at once. Taking back what was done, and editing, are looked at one by one.</summary>
    public static IReadOnlyList<CaseAction> Possible { get; } = [CaseAction.Retry, CaseAction.Approve, CaseAction.Reject, CaseAction.Skip, CaseAction.Assign, CaseAction.Snooze, CaseAction.Comment];

    /// <summary>What would happen.</summary>
    /// <exception cref="RefusedException">Too many cases match.</exception>
    public async Task<GroupPreview> PreviewAsync(Actor actor, CaseAction action, CaseSelection selection, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var last = await store.ExceptionCases.MaxAsync(item => (long?)item.Id, cancellationToken) ?? 0;
        var chosen = await ChooseAsync(actor, action, selection with { UpTo = last }, cancellationToken);
        return new GroupPreview(
            chosen.Count,
            chosen.Count(item => item.WhyNot is null),
            [.. chosen.Where(item => item.WhyNot is not null).GroupBy(item => item.WhyNot!).Select(why => KeyValuePair.Create(why.Key, why.Count())).OrderByDescending(why => why.Value)],
            [.. chosen
                .Where(item => item is { WhyNot: null, Stake: { Exposure: > 0m, ExposureCurrency: not null } })
                .GroupBy(item => item.Stake.ExposureCurrency!)
                .Select(money => new Money(money.Sum(item => item.Stake.Exposure!.Value), money.Key))
                .OrderByDescending(money => money.Amount)],
            last);
    }

    /// <summary>Freezes the set and begins. Cases that may not be asked are members too, with the reason, so that the report adds up.</summary>
    /// <param name="chosen">How the set was chosen, in words.</param>
    /// <returns>Number of the group.</returns>
    /// <exception cref="RefusedException">The reason is missing, nothing of it is allowed, or too many cases match.</exception>
    public async Task<long> StartAsync(Actor actor, GroupOrder order, CaseSelection selection, string chosen, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var id = await AddAsync(store, actor, order, selection, chosen, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Nudge();
        return id;
    }

    /// <summary>Starts it within the caller's transaction, who calls <see cref="Nudge"/> after it.</summary>
    internal async Task<long> AddAsync(EngineDbContext store, Actor actor, GroupOrder order, CaseSelection selection, string chosen, CancellationToken cancellationToken)
    {
        if (!Possible.Contains(order.Action))
        {
            throw new RefusedException("This is done one case at a time.");
        }

        if (selection.Shelf == CaseShelf.Settled)
        {
            throw new RefusedException("These cases are closed.");
        }

        var reason = Needed(order.Reason);
        var members = await ChooseAsync(actor, order.Action, selection, cancellationToken);
        var allowed = members.Count(item => item.WhyNot is null);
        if (allowed == 0)
        {
            throw new RefusedException(members.FirstOrDefault()?.WhyNot ?? "None of these cases is open any more.");
        }

        var now = time.GetUtcNow();
        var group = new GroupAction
        {
            Action = order.Action,
            Reason = reason,
            Assignee = order.Action == CaseAction.Assign ? order.Assignee ?? "" : null,
            SnoozeTitle = order.Snooze?.Title,
            SnoozeUntil = order.Snooze?.Until,
            SnoozeMoreTimes = order.Snooze?.MoreTimes,
            Chosen = chosen.Length <= 400 ? chosen : chosen[..400],
            StartedBy = actor.Id,
            StartedByName = actor.Name,
            Roles = [.. actor.Roles.Order(StringComparer.Ordinal)],
            Session = actor.Session,
            Scope = actor.Scope,
            Requested = members.Count,
            ToDo = allowed,
            // Nothing of the outside can go wrong where nothing of the outside is asked.
            WaveTo = order.Action is CaseAction.Assign or CaseAction.Comment or CaseAction.Snooze ? allowed : Ramp.First,
            StartedAt = now,
            MovedAt = now,
        };
        store.Add(group);
        await store.SaveChangesAsync(cancellationToken);
        await CopyAsync(store, group, [.. members.OrderBy(item => item.WhyNot is not null)], cancellationToken);
        store.AuditEntries.Add(Entry(actor, "group.start", group, reason, new { Action = order.Action.ToString(), group.Chosen, group.Requested, Allowed = allowed, group.Assignee }));
        await store.SaveChangesAsync(cancellationToken);
        await TellAsync(store, group.Id, cancellationToken);
        return group.Id;
    }

    /// <summary>Nothing more is asked until the group is let go on. What was asked already comes out as it will.</summary>
    /// <exception cref="RefusedException">The person may not, or it does not run.</exception>
    public Task PauseAsync(Actor actor, long id, CancellationToken cancellationToken) =>
        TurnAsync(actor, id, "group.pause", [GroupStatus.Running], GroupStatus.Paused, null, cancellationToken);

    /// <summary>Lets a group go on that was paused, or that stopped and whose cause is removed: it begins again with one case.</summary>
    /// <exception cref="RefusedException">The person may not, or it neither rests nor stopped.</exception>
    public Task ResumeAsync(Actor actor, long id, CancellationToken cancellationToken) =>
        TurnAsync(actor, id, "group.resume", [GroupStatus.Paused, GroupStatus.Stopped], GroupStatus.Running, null, cancellationToken);

    /// <summary>Ends the group: what was not asked yet is left out.</summary>
    /// <exception cref="RefusedException">The person may not, gave no reason, or it is over.</exception>
    public Task CancelAsync(Actor actor, long id, string reason, CancellationToken cancellationToken) =>
        TurnAsync(actor, id, "group.cancel", [GroupStatus.Running, GroupStatus.Paused, GroupStatus.Stopped], GroupStatus.Cancelled, Needed(reason), cancellationToken);

    /// <summary>Whoever started it holds it and ends it, and so may those who keep the technology going, where they see all that it acts on.</summary>
    public static Permission MayTurn(Actor actor, GroupAction group) => actor.Id == group.StartedBy || (actor.Is(Roles.IntegrationAdministrator) && actor.Scope.Contains(group.Scope))
        ? Permission.Yes
        : Permission.No($"{group.StartedByName} started it. They or an integration administrator may hold or end it.");

    internal static Task TellAsync(EngineDbContext store, long id, CancellationToken cancellationToken) =>
        store.Database.ExecuteSqlAsync($"select pg_notify({ChangeFeed.Channel}, {"group " + id})", cancellationToken);

    private async Task TurnAsync(
        Actor actor, long id, string action, IReadOnlyList<GroupStatus> from, GroupStatus to, string? reason, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var group = await store.GroupActions.FromSql($"select * from group_action where id = {id} for update").SingleOrDefaultAsync(cancellationToken)
            ?? throw new RefusedException($"There is no group action {id}.");
        var permission = MayTurn(actor, group);
        var turns = permission.Allowed && from.Contains(group.Status);
        if (turns)
        {
            await TurnAsync(store, group, to, reason, cancellationToken);
        }

        store.AuditEntries.Add(Entry(actor, action, group, reason, new { Status = group.Status.ToString() }, turns));
        await store.SaveChangesAsync(cancellationToken);
        await TellAsync(store, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (!turns)
        {
            throw new RefusedException(permission.Why ?? $"The group action is {group.Status.ToString().ToLowerInvariant()} already.");
        }

        Nudge();
    }

    private async Task TurnAsync(EngineDbContext store, GroupAction group, GroupStatus to, string? reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (to == GroupStatus.Cancelled)
        {
            await store.GroupMembers
                .Where(member => member.GroupId == group.Id && member.Result == MemberResult.Waiting)
                .ExecuteUpdateAsync(set => set.SetProperty(member => member.Result, MemberResult.Skipped).SetProperty(member => member.Text, "The group was cancelled before.").SetProperty(member => member.SettledAt, now), cancellationToken);
            group.EndedAt = now;
        }
        else if (group.Status == GroupStatus.Stopped)
        {
            group.WaveFrom = group.WaveTo;
            group.WaveTo = Math.Min(group.WaveTo + Ramp.First, group.ToDo);
            group.EndedAt = null;
        }

        group.Status = to;
        group.Why = reason;
        group.MovedAt = now;
    }

    /// <summary>Has the runner look at once at what was committed.</summary>
    internal void Nudge() => jobs.Enqueue<EngineJobs>(job => job.ActOnGroupsAsync(CancellationToken.None));

    /// <summary>The cases that are meant and that the person may see, the most pressing first, each with what bars the person from it.</summary>
    private async Task<List<Candidate>> ChooseAsync(Actor actor, CaseAction action, CaseSelection selection, CancellationToken cancellationToken)
    {
        await using var seen = await stores.CreateForAsync(actor, cancellationToken);
        var found = await (selection with { Payloads = Sight.Of(actor).Payloads }).Of(seen, actor.Id, time.GetUtcNow())
            .OrderBy(item => item.PriorityAt).ThenBy(item => item.Id)
            .Take(Most + 1)
            .Select(item => new { item.Id, item.Version, item.Code, item.Assignee, item.Exposure, item.ExposureCurrency, item.RunId, item.LegalEntities, item.Practices })
            .ToListAsync(cancellationToken);
        return found.Count <= Most
            ? found.ConvertAll(item =>
            {
                var stake = new CaseStake(item.Code, item.Assignee, item.Exposure, item.ExposureCurrency) { Place = ExceptionCase.PlaceOf(item.RunId, item.LegalEntities, item.Practices) };
                return new Candidate(item.Id, item.Version, stake, CaseRights.Of(actor, action, stake).Why);
            })
            : throw new RefusedException(string.Create(CultureInfo.InvariantCulture, $"More than {Most:N0} cases match. Choose a kind or search for part of them first."));
    }

    private async Task CopyAsync(EngineDbContext store, GroupAction group, IReadOnlyList<Candidate> members, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var import = await ((NpgsqlConnection)store.Database.GetDbConnection()).BeginBinaryImportAsync(
            "copy group_member (group_id, position, case_id, version, result, text, settled_at) from stdin (format binary)", cancellationToken);
        for (var index = 0; index < members.Count; index++)
        {
            var member = members[index];
            await import.StartRowAsync(cancellationToken);
            await import.WriteAsync(group.Id, cancellationToken);
            await import.WriteAsync(index + 1, cancellationToken);
            await import.WriteAsync(member.CaseId, cancellationToken);
            await import.WriteAsync(member.Version, cancellationToken);
            await import.WriteAsync((member.WhyNot is null ? MemberResult.Waiting : MemberResult.Skipped).ToString(), cancellationToken);
            if (member.WhyNot is null)
            {
                await import.WriteNullAsync(cancellationToken);
                await import.WriteNullAsync(cancellationToken);
            }
            else
            {
                await import.WriteAsync(member.WhyNot, cancellationToken);
                await import.WriteAsync(now, cancellationToken);
            }
        }

        await import.CompleteAsync(cancellationToken);
    }

    private AuditEntry Entry(Actor actor, string action, GroupAction group, string? reason, object after, bool allowed = true) => new()
    {
        At = time.GetUtcNow(),
        Actor = actor.Id,
        Role = actor.RolesHeld,
        Session = actor.Session,
        Action = action,
        Entity = $"group:{group.Id}",
        Reason = reason,
        Allowed = allowed,
        After = JsonSerializer.Serialize(after, MappingSets.Json),
    };

    private static string Needed(string? reason) => string.IsNullOrWhiteSpace(reason)
        ? throw new RefusedException("Say why: the reason stays with every case.")
        : reason.Length <= 2000 ? reason : throw new RefusedException("Say it in at most 2,000 letters.");

    private sealed record Candidate(long CaseId, int Version, CaseStake Stake, string? WhyNot);
}
