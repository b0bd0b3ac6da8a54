using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Exceptions.Groups;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;
using PsaConsole.Tests.Sandbox;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Exceptions;

/// <summary>One action on many cases: a frozen set, a canary before the crowd, and a report that adds up (ambition 3 and 14).</summary>
public sealed class GroupActionTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cause_that_remains_is_met_by_the_canary_alone_and_the_rest_follows_when_it_is_gone()
    {
        var name = $"Taxless {Guid.NewGuid():n}"[..20];
        var selection = new CaseSelection { Code = "HND-008", Search = name };
        await firm.FaultAsync(new { system = "netsuite", path = "/services/rest/record/v1/job", effect = "omit:custentity_psac_tax_code" });
        var deals = new List<string>();
        for (var deal = 0; deal < 4; deal++)
        {
            deals.Add(firm.NewDeal("Percent Complete", name, firm.Sandbox.IsOfOneEntity));
            await firm.WinAsync(deals[^1]);
        }

        foreach (var deal in deals)
        {
            await firm.ParkedAsync(deal);
        }

        var group = await StartAsync(RunningFirm.Controller, CaseAction.Retry, selection);
        var stopped = await TurnedAsync(group, GroupStatus.Stopped);
        Assert.Equal((4, 4), (stopped.Requested, stopped.ToDo));
        Assert.Contains("the cause remains", stopped.Why, StringComparison.Ordinal);
        Assert.Equal(new GroupCounts(Waiting: 3, Asked: 0, Verified: 0, Failed: 1, Skipped: 0, Superseded: 0), await CountAsync(group));
        await using (var store = await firm.OpenStoreAsync())
        {
            Assert.Equal(1, await store.CaseEntries.CountAsync(entry => entry.Action == "retry" && selection.Of(store, "", TimeProvider.System.GetUtcNow()).Any(item => item.Id == entry.CaseId), Token));
        }

        // One that comes later is no member.
        var late = firm.NewDeal("Percent Complete", name, firm.Sandbox.IsOfOneEntity);
        await firm.WinAsync(late);
        await firm.ParkedAsync(late);
        await firm.ClearFaultsAsync();
        var code = await MissingAsync(selection);
        foreach (var job in firm.Table("netsuite", "job").Scan().Where(job => job.Text("companyName")?.Contains(name, StringComparison.Ordinal) == true).ToList())
        {
            firm.Sandbox.Host.Vendor("netsuite").Store.Update("job", job.Id, new Dictionary<string, object?> { ["custentity_psac_tax_code"] = code });
        }

        await firm.Get<GroupActions>().ResumeAsync(RunningFirm.Controller, group, Token);
        await TurnedAsync(group, GroupStatus.Ended);
        Assert.Equal(new GroupCounts(0, 0, Verified: 3, Failed: 1, Skipped: 0, Superseded: 0), await CountAsync(group));
        await firm.ParkedAsync(late);
    }

    [Fact]
    public async Task Every_member_has_a_result_and_the_results_add_up()
    {
        var name = await RaiseAsync("INT-904", 24);
        await RaiseAsync("HND-002", 2, name);
        long group, changed, settled;
        await using (var store = await firm.OpenStoreAsync())
        {
            await using var held = await HoldAsync(store);
            group = await StartAsync(RunningFirm.Operations, CaseAction.Skip, new CaseSelection { Search = name });
            var some = await store.ExceptionCases.AsNoTracking().Where(item => item.Subject == name && item.Code == "INT-904").OrderBy(item => item.Id).Take(2).ToListAsync(Token);
            (changed, settled) = (some[0].Id, some[1].Id);
            await firm.Get<CaseActions>().CommentAsync(RunningFirm.Operations, changed, "Wait, this one is special.", Token);
            await firm.Get<CaseActions>().SkipAsync(RunningFirm.Operations, settled, some[1].Version, "done by hand", Token);
            await RaiseAsync("INT-904", 1, name);
        }

        await firm.Get<GroupRunner>().WorkAsync(Token);
        var ended = await TurnedAsync(group, GroupStatus.Ended);

        var counts = await CountAsync(group);
        Assert.Equal(new GroupCounts(0, 0, Verified: 22, Failed: 0, Skipped: 2, Superseded: 2), counts);
        Assert.Equal((26, 24, ended.Requested), (ended.Requested, ended.ToDo, counts.Total));
        await using var after = await firm.OpenStoreAsync();
        Assert.Equal(
            [(CaseStatus.Open, 4), (CaseStatus.Waived, 23)],
            (await after.ExceptionCases.Where(item => item.Subject == name).GroupBy(item => item.Status).Select(part => new { part.Key, Count = part.Count() }).ToListAsync(Token)).Select(part => (part.Key, part.Count)).Order());
        var why = await after.GroupMembers.Where(member => member.GroupId == group && member.CaseId == changed).Select(member => member.Text).SingleAsync(Token);
        Assert.Contains("has changed since", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Group_is_held_and_let_go_on_and_ended_by_who_started_it()
    {
        var name = await RaiseAsync("INT-906", 12);
        var groups = firm.Get<GroupActions>();
        var selection = new CaseSelection { Search = name };
        await using (var store = await firm.OpenStoreAsync())
        {
            await using var held = await HoldAsync(store);
            var first = await StartAsync(RunningFirm.Operations, CaseAction.Skip, selection with { Ids = await store.ExceptionCases.Where(item => item.Subject == name).OrderBy(item => item.Id).Select(item => item.Id).Take(6).ToListAsync(Token) });
            await Assert.ThrowsAsync<RefusedException>(() => groups.PauseAsync(RunningFirm.Controller, first, Token));
            await groups.PauseAsync(RunningFirm.Operations, first, Token);
            await Assert.ThrowsAsync<RefusedException>(() => groups.PauseAsync(RunningFirm.Operations, first, Token));
            await groups.CancelAsync(RunningFirm.Operations, first, "the wrong ones", Token);
            await Assert.ThrowsAsync<RefusedException>(() => groups.ResumeAsync(RunningFirm.Operations, first, Token));
            Assert.Equal(new GroupCounts(0, 0, 0, 0, Skipped: 6, 0), await CountAsync(first));
        }

        var second = await StartAsync(RunningFirm.Operations, CaseAction.Skip, selection);
        await TurnedAsync(second, GroupStatus.Ended);
        Assert.Equal(12, (await CountAsync(second)).Verified);
    }

    [Fact]
    public async Task Runner_that_is_stopped_in_the_middle_asks_no_case_twice_and_leaves_out_none()
    {
        var name = await RaiseAsync("INT-904", 40);
        var group = await StartAsync(RunningFirm.Operations, CaseAction.Comment, new CaseSelection { Search = name });
        for (var stops = 0; stops < 4; stops++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var heard = 0;
            using var listening = firm.Get<ChangeFeed>().Subscribe(item => _ = item.Kind == "case" && Interlocked.Increment(ref heard) == 5 && TryCancel(stop));
            try
            {
                await firm.Get<GroupRunner>().WorkAsync(stop.Token);
            }
            catch (OperationCanceledException) when (!Token.IsCancellationRequested)
            {
                continue;
            }
        }

        await firm.Get<GroupRunner>().WorkAsync(Token);
        await TurnedAsync(group, GroupStatus.Ended);
        await using var store = await firm.OpenStoreAsync();
        var comments = await store.CaseEntries.Where(entry => entry.Action == "comment" && store.ExceptionCases.Any(item => item.Id == entry.CaseId && item.Subject == name)).GroupBy(entry => entry.CaseId).Select(entries => entries.Count()).ToListAsync(Token);
        Assert.Equal(Enumerable.Repeat(1, 40), comments);
    }

    [Fact]
    public async Task Nobody_does_with_many_cases_what_they_may_not_do_with_one()
    {
        var name = await RaiseAsync("INT-904", 3);
        var auditor = new Actor("tests:auditor", "Auditor", new HashSet<string> { Roles.Auditor });
        var selection = new CaseSelection { Search = name };

        var preview = await firm.Get<GroupActions>().PreviewAsync(auditor, CaseAction.Skip, selection, Token);
        Assert.Equal((3, 0), (preview.Matching, preview.Allowed));
        Assert.Contains("Needs the role", Assert.Single(preview.LeftOut).Key, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RefusedException>(() => StartAsync(auditor, CaseAction.Skip, selection));
        await Assert.ThrowsAsync<RefusedException>(() => StartAsync(RunningFirm.Operations, CaseAction.Compensate, selection));
        await Assert.ThrowsAsync<RefusedException>(() => firm.Get<GroupActions>().StartAsync(RunningFirm.Operations, new GroupOrder(CaseAction.Skip, " "), selection, "tests", Token));
    }

    private static bool TryCancel(CancellationTokenSource stop)
    {
        stop.Cancel();
        return true;
    }

    private Task<long> StartAsync(Actor actor, CaseAction action, CaseSelection selection) =>
        firm.Get<GroupActions>().StartAsync(actor, new GroupOrder(action, "tests"), selection, "tests", Token);

    /// <summary>Keeps the runner from working until the answer is disposed.</summary>
    private static async Task<IDbContextTransaction> HoldAsync(EngineDbContext store)
    {
        var held = await store.Database.BeginTransactionAsync(Token);
        await store.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('group runner', 0))", Token);
        return held;
    }

    private async Task<GroupCounts> CountAsync(long group)
    {
        await using var store = await firm.OpenStoreAsync();
        return await store.GroupMembers.Where(member => member.GroupId == group).CountAsync(Token);
    }

    private async Task<GroupAction> TurnedAsync(long id, GroupStatus status)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (await again.WaitForNextTickAsync(Token))
        {
            await using var store = await firm.OpenStoreAsync();
            var group = await store.GroupActions.AsNoTracking().SingleAsync(item => item.Id == id, Token);
            if (group.Status == status)
            {
                return group;
            }

            Assert.True(TimeProvider.System.GetUtcNow() < until, $"The group is {group.Status} in wave {group.WaveFrom}–{group.WaveTo}: {group.Why} {await CountAsync(id)}");
        }

        throw new OperationCanceledException(Token);
    }

    private async Task<string> RaiseAsync(string code, int count, string? name = null)
    {
        name ??= $"Group {Guid.NewGuid():n}";
        await using var store = await firm.OpenStoreAsync();
        for (var index = 0; index < count; index++)
        {
            store.ExceptionCases.Add(new ExceptionCase
            {
                Code = code,
                BusinessKey = $"tests:{Guid.NewGuid():n}",
                Subject = name,
                Message = "Raised by a test.",
                Findings = "[]",
                Severity = nameof(CaseSeverity.Medium),
                OwnerGroup = CaseKinds.Of(code).Owner.ToString(),
                RaisedAt = TimeProvider.System.GetUtcNow(),
            });
        }

        await store.SaveChangesAsync(Token);
        return name;
    }

    /// <summary>The value that the cases say is missing.</summary>
    private async Task<string> MissingAsync(CaseSelection selection)
    {
        await using var store = await firm.OpenStoreAsync();
        var findings = await selection.Of(store, "", TimeProvider.System.GetUtcNow()).Select(item => item.Findings).FirstAsync(Token);
        return Assert.Single(JsonSerializer.Deserialize<List<Finding>>(findings, MappingSets.Json)!).Expected!;
    }
}
