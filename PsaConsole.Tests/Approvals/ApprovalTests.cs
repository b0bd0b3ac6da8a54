using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Sandbox;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Approvals;

/// <summary>A second person decides on what is large, on the deal as it is at the moment of the decision.</summary>
public sealed class ApprovalTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private const decimal Large = 400_000_000m;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Large_project_waits_for_a_controller_and_for_nobody_else()
    {
        var (deal, asked) = await AskAsync();
        Assert.Equal((ApprovalKind.ProjectCreation, Large), (asked.Kind, asked.Amount));
        Assert.Contains("400,000,000", asked.Reason, StringComparison.Ordinal);
        var actions = firm.Get<ApprovalActions>();
        await Assert.ThrowsAsync<RefusedException>(() => actions.ApproveAsync(RunningFirm.Operations, asked.Id, asked.Version, "please", Token));
        await Assert.ThrowsAsync<RefusedException>(() => actions.ApproveAsync(RunningFirm.Controller, asked.Id, asked.Version - 1, "stale", Token));
        await Assert.ThrowsAsync<RefusedException>(() => actions.ApproveAsync(RunningFirm.Controller, asked.Id, asked.Version, " ", Token));
        var lead = RunningFirm.Controller with { Id = "tests:lead", Email = asked.Requesters[0] };
        await Assert.ThrowsAsync<RefusedException>(() => actions.ApproveAsync(lead, asked.Id, asked.Version, "my own project", Token));

        await actions.ApproveAsync(RunningFirm.Controller, asked.Id, asked.Version, "signed by the board", Token);
        var run = await firm.CompletedAsync(deal);

        Assert.Empty(await firm.CasesAsync(run));
        await Assert.ThrowsAsync<RefusedException>(() => actions.RejectAsync(RunningFirm.Controller, asked.Id, asked.Version + 1, "changed my mind", Token));
        await using var store = await firm.OpenStoreAsync();
        var decided = await store.Approvals.Include(item => item.Decisions).SingleAsync(item => item.RunId == run.Id, Token);
        Assert.Equal((ApprovalStatus.Approved, "signed by the board"), (decided.Status, Assert.Single(decided.Decisions).Reason));
        var trail = await store.AuditEntries.Where(entry => entry.Entity == $"approval:{asked.Id}").OrderBy(entry => entry.Id).Select(entry => entry.Allowed).ToListAsync(Token);
        Assert.Equal(3, trail.Count(allowed => !allowed));
        Assert.Single(trail, allowed => allowed);
        Assert.Equal("GOV-951", (await store.ExceptionCases.SingleAsync(item => item.BusinessKey == $"duty:SoD-1:tests:lead:approval:{asked.Id}", Token)).Code);
    }

    [Fact]
    public async Task Deal_that_changes_while_it_waits_is_asked_about_again()
    {
        var (deal, asked) = await AskAsync();

        await RaiseValueAsync(deal, Large + 1_000_000m);
        var again = await WaitingAsync(deal, item => item.Id != asked.Id);

        Assert.Equal(Large + 1_000_000m, again.Amount);
        await using var store = await firm.OpenStoreAsync();
        Assert.Equal(ApprovalStatus.Void, (await store.Approvals.SingleAsync(item => item.Id == asked.Id, Token)).Status);
        await Assert.ThrowsAsync<RefusedException>(() => firm.Get<ApprovalActions>().ApproveAsync(RunningFirm.Controller, asked.Id, asked.Version, "too late", Token));
        await firm.Get<ApprovalActions>().ApproveAsync(RunningFirm.Controller, again.Id, again.Version, "the new value is signed", Token);
        Assert.Equal(Large + 1_000_000m, (await firm.CompletedAsync(deal)).Amount);
    }

    [Fact]
    public async Task Rejected_project_stops_with_a_case_and_whoever_asks_again_does_not_decide()
    {
        var (deal, asked) = await AskAsync();
        await firm.Get<ApprovalActions>().RejectAsync(RunningFirm.Controller, asked.Id, asked.Version, "no contract is signed", Token);

        var run = await firm.ParkedAsync(deal);
        var raised = Assert.Single(await firm.CasesAsync(run));
        Assert.Equal("CHG-701", raised.Code);
        Assert.Contains("no contract is signed", raised.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RefusedException>(() => firm.Get<CaseActions>().ApproveAsync(RunningFirm.Controller, raised.Id, raised.Version, "by the back door", Token));
        await firm.Get<CaseActions>().RetryAsync(RunningFirm.Controller, raised.Id, raised.Version, "it is signed now", Token);

        var again = await WaitingAsync(deal, item => item.Id != asked.Id);
        await Assert.ThrowsAsync<RefusedException>(() => firm.Get<ApprovalActions>().ApproveAsync(RunningFirm.Controller, again.Id, again.Version, "by myself", Token));
        var second = new Actor("tests:second", "Second controller", new HashSet<string> { Roles.FinanceController });
        await firm.Get<ApprovalActions>().ApproveAsync(second, again.Id, again.Version, "seen the contract", Token);
        await firm.CompletedAsync(deal);
        Assert.Equal(CaseStatus.Resolved, Assert.Single(await firm.CasesAsync(run)).Status);
    }

    [Fact]
    public async Task Deal_that_is_lost_while_it_waits_leaves_nothing_to_decide()
    {
        var (deal, asked) = await AskAsync();

        await firm.ChangeDealAsync(deal, new { StageName = "Closed Lost" });
        await firm.RunOfAsync(deal, run => run.Status == RunStatus.Compensated);

        await using var store = await firm.OpenStoreAsync();
        Assert.Equal(ApprovalStatus.Void, (await store.Approvals.SingleAsync(item => item.Id == asked.Id, Token)).Status);
    }

    [Fact]
    public async Task Approval_that_nobody_gives_expires_and_becomes_a_case()
    {
        var (deal, asked) = await AskAsync();
        await using (var store = await firm.OpenStoreAsync())
        {
            // Ten business days later.
            var past = TimeProvider.System.GetUtcNow().AddMinutes(-1);
            await store.Approvals.Where(item => item.Id == asked.Id).ExecuteUpdateAsync(set => set.SetProperty(item => item.ExpiresAt, past), Token);
            await store.Runs.Where(run => run.Id == asked.RunId).ExecuteUpdateAsync(set => set.SetProperty(run => run.ResumeAt, past), Token);
            await Lanes.WakeAsync(store, $"opportunity:salesforce:{deal}", past, Token);
        }

        var parked = await firm.ParkedAsync(deal);
        Assert.Contains("Nobody decided in time", Assert.Single(await firm.CasesAsync(parked)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deputy_is_named_by_whoever_holds_the_role_and_decides_in_their_place()
    {
        var (deal, asked) = await AskAsync();
        var deputy = RunningFirm.Operations with { Id = $"tests:{Guid.NewGuid():n}" };
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var actions = firm.Get<ApprovalActions>();
        await Assert.ThrowsAsync<RefusedException>(() => firm.Get<Deputies>().NameAsync(RunningFirm.Operations, deputy.Id, Roles.FinanceController, today, today.AddDays(1), "holiday", Token));
        await Assert.ThrowsAsync<RefusedException>(() => actions.ApproveAsync(deputy, asked.Id, asked.Version, "not yet", Token));

        await firm.Get<Deputies>().NameAsync(RunningFirm.Controller, deputy.Id, Roles.FinanceController, today, today.AddDays(1), "holiday", Token);
        await actions.ApproveAsync(deputy, asked.Id, asked.Version, "as agreed", Token);

        await firm.CompletedAsync(deal);
        await using var store = await firm.OpenStoreAsync();
        Assert.Equal(RunningFirm.Controller.Id, (await store.ApprovalDecisions.SingleAsync(item => item.ApprovalId == asked.Id, Token)).OnBehalfOf);
    }

    private async Task<(string Deal, Approval Asked)> AskAsync()
    {
        var deal = firm.NewDeal("Percent Complete", like: firm.Sandbox.IsOfOneEntity);
        await RaiseValueAsync(deal, Large);
        await firm.WinAsync(deal);
        return (deal, await WaitingAsync(deal, _ => true));
    }

    private async Task<Approval> WaitingAsync(string deal, Func<Approval, bool> wanted)
    {
        Approval? found = null;
        await firm.RunOfAsync(deal, run => run.Status == RunStatus.WaitingApproval && (found = Waiting(run.Id)) is not null && wanted(found));
        return found!;
    }

    private Approval? Waiting(Guid run)
    {
        using var store = firm.Get<IDbContextFactory<PsaConsole.Engine.Store.EngineDbContext>>().CreateDbContext();
        return store.Approvals.AsNoTracking().SingleOrDefault(item => item.RunId == run && item.Status == ApprovalStatus.Waiting);
    }

    private async Task RaiseValueAsync(string deal, decimal amount)
    {
        var store = firm.Sandbox.Host.Vendor("salesforce").Store;
        var lines = store["OpportunityLineItem"].FindBy("OpportunityId", deal);
        store.Update("OpportunityLineItem", lines[0].Id, new Dictionary<string, object?> { ["TotalPrice"] = amount - lines.Skip(1).Sum(line => line.Number("TotalPrice")!.Value) });
        await firm.ChangeDealAsync(deal, new { Amount = amount });
    }
}
