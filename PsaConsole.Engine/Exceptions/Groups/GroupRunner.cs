using System.Data.Common;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Exceptions.Groups;

/// <summary>
/// Carries group actions on, one replica at a time: asks the cases of a wave, some at once, in one transaction together with the members' results, waits for
/// what their checks find, and begins the next wave or stops. Killed whenever, it goes on with the first member that has no result.
/// </summary>
public sealed class GroupRunner(IDbContextFactory<EngineDbContext> stores, CaseActions actions, ChangeFeed feed, TimeProvider time, ILogger<GroupRunner> logger)
{
    /// <summary>Cases that are asked in one transaction; then it is looked whether the group was paused, and the next group has its turn.</summary>
    private const int AtOnce = 50;

    // A lost notice costs this time and nothing else.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(2);

    /// <summary>Works until no group has anything left to do or to wait for. A second call, here or in another replica, returns at once.</summary>
    public async Task WorkAsync(CancellationToken cancellationToken)
    {
        await using var turn = await stores.CreateDbContextAsync(cancellationToken);
        await using var held = await turn.Database.BeginTransactionAsync(cancellationToken);
        if (!await turn.TryTakeTurnAsync("group runner", cancellationToken))
        {
            return;
        }

        var news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var subscription = feed.Subscribe(item => _ = item.Kind is "case" or "run" or "group" or "all" && news.Writer.TryWrite(true));
        while (await PassAsync(cancellationToken) is { Live: true } pass)
        {
            if (!pass.Moved)
            {
                await NewsAsync(news.Reader, cancellationToken);
            }
        }
    }

    private async Task NewsAsync(ChannelReader<bool> news, CancellationToken cancellationToken)
    {
        using var enough = new CancellationTokenSource(LongestSleep, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancellationToken);
        try
        {
            await news.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // A quiet while: look all the same.
        }
    }

    private async Task<(bool Live, bool Moved)> PassAsync(CancellationToken cancellationToken)
    {
        List<GroupAction> groups;
        await using (var store = await stores.CreateDbContextAsync(cancellationToken))
        {
            groups = await store.GroupActions.AsNoTracking()
                .Where(group => group.Status == GroupStatus.Running || store.GroupMembers.Any(member => member.GroupId == group.Id && member.Result == MemberResult.Asked))
                .OrderBy(group => group.Id)
                .ToListAsync(cancellationToken);
        }

        var moved = false;
        foreach (var group in groups)
        {
            moved |= await CarryOnAsync(group, cancellationToken);
        }

        return (groups.Count > 0, moved);
    }

    private async Task<bool> CarryOnAsync(GroupAction group, CancellationToken cancellationToken)
    {
        var settled = await SettleAsync(group.Id, cancellationToken);
        if (group.Status != GroupStatus.Running)
        {
            return settled > 0;
        }

        List<int> next;
        await using (var store = await stores.CreateDbContextAsync(cancellationToken))
        {
            next = await store.GroupMembers
                .Where(member => member.GroupId == group.Id && member.Result == MemberResult.Waiting && member.Position <= group.WaveTo)
                .OrderBy(member => member.Position).Take(AtOnce).Select(member => member.Position)
                .ToListAsync(cancellationToken);
        }

        if (next.Count > 0 && !await AskAsync(group, next, cancellationToken))
        {
            // One stands in the way of all: each by itself, so that it stops itself alone.
            foreach (var position in next)
            {
                await AskAsync(group, [position], cancellationToken);
            }
        }

        return await ConcludeAsync(group, settled + next.Count > 0, cancellationToken) || next.Count > 0 || settled > 0;
    }

    /// <summary>What the checks have found of the cases that were asked.</summary>
    private async Task<int> SettleAsync(long groupId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.Database.ExecuteSqlAsync(
            $"""
            update group_member as member
            set result = case about.status when 'Resolved' then 'Verified' when 'Waived' then 'Superseded' else 'Failed' end,
                text = case about.status when 'Resolved' then null when 'Waived' then 'Somebody left it out meanwhile.' else left(about.message, 2000) end,
                settled_at = {time.GetUtcNow()}
            from exception_case as about
            where member.group_id = {groupId} and member.result = 'Asked' and about.id = member.case_id and about.status <> 'Retrying'
            """,
            cancellationToken);
    }

    /// <summary>Asks the cases and notes the results, all of it or nothing.</summary>
    /// <returns>False when nothing came of it, since a case was changed meanwhile or is at odds with us.</returns>
    private async Task<bool> AskAsync(GroupAction group, List<int> positions, CancellationToken cancellationToken)
    {
        try
        {
            await using var store = await stores.CreateDbContextAsync(cancellationToken);
            // What fails is begun anew as a whole.
            store.Database.AutoSavepointsEnabled = false;
            await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
            await AskAsync(store, group, positions, cancellationToken);
            await store.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            logger.LogInformation("Members {From} to {To} of group {Group} were changed while they were asked; they are asked again.", positions[0], positions[^1], group.Id);
            return false;
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or DbException or DbUpdateException))
        {
            logger.LogError(fault, "A fault of our own among members {From} to {To} of group {Group}.", positions[0], positions[^1], group.Id);
            if (positions is [var only])
            {
                await FailAsync(group.Id, only, $"The engine met a fault of its own ({fault.GetType().Name}: {fault.Message}).", cancellationToken);
            }

            return false;
        }
    }

    private async Task AskAsync(EngineDbContext store, GroupAction group, List<int> positions, CancellationToken cancellationToken)
    {
        var members = await store.GroupMembers
            .FromSql($"select * from group_member where group_id = {group.Id} and position = any ({positions}) and result = 'Waiting' order by position for update")
            .ToListAsync(cancellationToken);
        var ids = members.Select(member => member.CaseId).ToList();
        var cases = await store.ExceptionCases.Where(item => ids.Contains(item.Id)).ToDictionaryAsync(item => item.Id, cancellationToken);
        // What only looks again, or says who or what, is right whatever has changed; a decision is about what was looked at.
        var decides = group.Action is CaseAction.Skip or CaseAction.Approve or CaseAction.Reject;
        var asked = members.Select(member => new CaseActions.Asked(cases[member.CaseId], decides ? member.Version : null)).ToList();
        var refusals = await actions.TryAsync(store, group.Actor, asked, actions.OrderOf(group.Actor, group.Request), cancellationToken);
        foreach (var (member, refusal) in members.Zip(refusals))
        {
            Note(member, group.Action, refusal);
        }
    }

    private void Note(GroupMember member, CaseAction action, CaseActions.Refusal? refusal)
    {
        member.Text = refusal?.Why;
        member.Result = refusal switch
        {
            null when action == CaseAction.Retry => MemberResult.Asked,
            null => MemberResult.Verified,
            { IsSuperseded: true } => MemberResult.Superseded,
            _ => MemberResult.Skipped,
        };
        member.SettledAt = member.Result == MemberResult.Asked ? null : time.GetUtcNow();
    }

    private async Task FailAsync(long groupId, int position, string why, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await store.GroupMembers
            .Where(member => member.GroupId == groupId && member.Position == position && member.Result == MemberResult.Waiting)
            .ExecuteUpdateAsync(set => set.SetProperty(member => member.Result, MemberResult.Failed).SetProperty(member => member.Text, why).SetProperty(member => member.SettledAt, now), cancellationToken);
    }

    /// <summary>Ends the wave when it is over: a larger one begins, or the group stops or ends.</summary>
    /// <returns>True when the group stands otherwise now.</returns>
    private async Task<bool> ConcludeAsync(GroupAction group, bool moved, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var now = await store.GroupActions.FromSql($"select * from group_action where id = {group.Id} for update").SingleAsync(cancellationToken);
        if (now.Status != GroupStatus.Running || now.WaveTo != group.WaveTo)
        {
            return true;
        }

        var stood = (now.WaveTo, now.Status);
        now.MovedAt = moved ? time.GetUtcNow() : now.MovedAt;
        var wave = await store.GroupMembers.Where(member => member.GroupId == group.Id && member.Position > now.WaveFrom && member.Position <= now.WaveTo).CountAsync(cancellationToken);
        Conclude(now, wave);
        if (!now.IsLive)
        {
            now.EndedAt = time.GetUtcNow();
            store.AuditEntries.Add(await EndedAsync(store, now, cancellationToken));
        }

        await store.SaveChangesAsync(cancellationToken);
        if (moved || stood != (now.WaveTo, now.Status))
        {
            await GroupActions.TellAsync(store, group.Id, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return stood != (now.WaveTo, now.Status);
    }

    private void Conclude(GroupAction group, GroupCounts wave)
    {
        if (wave.Unsettled > 0)
        {
            if (wave.Waiting == 0 && time.GetUtcNow() - group.MovedAt > Ramp.Patience)
            {
                group.Status = GroupStatus.Stopped;
                group.Why = $"{wave.Asked} were asked and nothing has come back for {Ramp.Patience.TotalMinutes:0} minutes. Nothing more was asked for.";
            }

            return;
        }

        var next = Ramp.After(wave.Total, wave);
        if (next.Stop is { } stop)
        {
            (group.Status, group.Why) = (GroupStatus.Stopped, stop);
        }
        else if (group.WaveTo >= group.ToDo)
        {
            group.Status = GroupStatus.Ended;
        }
        else
        {
            group.WaveFrom = group.WaveTo;
            group.WaveTo = (int)Math.Min((long)group.WaveTo + next.Size, group.ToDo);
        }
    }

    private async Task<AuditEntry> EndedAsync(EngineDbContext store, GroupAction group, CancellationToken cancellationToken)
    {
        var counts = await store.GroupMembers.Where(member => member.GroupId == group.Id).CountAsync(cancellationToken);
        return new AuditEntry
        {
            At = time.GetUtcNow(),
            Actor = CaseBook.Engine,
            Action = "group." + group.Status.ToString().ToLowerInvariant(),
            Entity = $"group:{group.Id}",
            Reason = group.Why,
            After = JsonSerializer.Serialize(counts, MappingSets.Json),
        };
    }
}
