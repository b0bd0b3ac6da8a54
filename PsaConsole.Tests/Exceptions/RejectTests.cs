using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Sandbox;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Exceptions;

/// <summary>What is turned down is not done: a posting is left out of the books, a hand-off is taken back.</summary>
public sealed class RejectTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rejected_expense_is_not_posted_and_can_be_claimed_anew()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials", "GB01");
        var claims = new ExpenseClaims(firm, sheets);
        var claim = await claims.ClaimApprovedAsync(sheets.Person(), "Hotel", 300.01m);
        var run = await claims.RunOfAsync(claim, item => item.Status == RunStatus.Parked);
        var about = await firm.CaseAsync(run, "EXP-504");
        var operations = new Actor("tests:finance", "Finance operations", new HashSet<string> { Roles.FinanceOperations });
        await Assert.ThrowsAsync<RefusedException>(() => firm.Get<CaseActions>().RejectAsync(RunningFirm.Operations, about.Id, about.Version, "tests", Token));
        await Assert.ThrowsAsync<RefusedException>(() => firm.Get<CaseActions>().RejectAsync(operations, about.Id, about.Version, " ", Token));

        await firm.Get<CaseActions>().RejectAsync(operations, about.Id, about.Version, "Not for this client", Token);

        var ended = await claims.RunOfAsync(claim, item => item.Status == RunStatus.Ended);
        var settled = Assert.Single(await firm.CasesAsync(ended));
        Assert.Equal((CaseStatus.Resolved, "Not for this client"), (settled.Status, settled.History.Last(entry => entry.Action == "reject").Text));
        Assert.Empty(await claims.PostingsAsync(claim));
        Assert.Empty(claims.Journals(claim));
        await using var store = await firm.OpenStoreAsync();
        Assert.True(await store.AuditEntries.AnyAsync(entry => entry.Action == "exception.reject" && entry.Entity == $"case:{about.Id}" && entry.Allowed && entry.Role == Roles.FinanceOperations, Token));

        var next = await claims.ClaimApprovedAsync(sheets.Person(), "Hotel", 120m);
        await claims.PostedAsync(next);
    }

    [Fact]
    public async Task Rejected_hand_off_is_taken_back_and_its_cases_close()
    {
        var deal = firm.NewDeal("Time and Materials", "Rejected", firm.Sandbox.IsOfOneEntity);
        await firm.ChangeDealAsync(deal, new { Project_Manager__c = (string?)null });
        await firm.WinAsync(deal);
        var run = await firm.ParkedAsync(deal);
        var about = await firm.CaseAsync(run, "HND-002");

        await firm.Get<CaseActions>().RejectAsync(RunningFirm.Controller, about.Id, about.Version, "Sales has to make the contract first", Token);

        var back = await firm.RunOfAsync(deal, item => item.Status == RunStatus.Compensated);
        Assert.All(await firm.CasesAsync(back), item => Assert.Equal(CaseStatus.Resolved, item.Status));
    }
}
