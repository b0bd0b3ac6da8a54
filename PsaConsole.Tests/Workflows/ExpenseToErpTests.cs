using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Sandbox.Kantata;

namespace PsaConsole.Tests.Workflows;

/// <summary>Approved expenses in Kantata become cost, and unbilled sales where the client pays, in NetSuite (3-workflows 3f).</summary>
public sealed class ExpenseToErpTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>As in example O-EX1: 120.00 gross at 20 %, all of the tax comes back.</summary>
    [Fact]
    public async Task Approved_expense_costs_its_net_and_is_charged_to_the_client()
    {
        var (sheets, claims) = await BritishAsync("Time and Materials");
        var claim = await claims.ClaimApprovedAsync(sheets.Person(), "Hotel", 120m, receipt: "R-77");

        var run = await claims.PostedAsync(claim);

        var postings = await claims.PostingsAsync(claim);
        Assert.Equal([(PostingKind.Cost, 100m), (PostingKind.Unbilled, 100m)], postings.Select(row => (row.Kind, row.Amount)));
        Assert.All(postings, row => Assert.Equal((PostingStatus.Verified, 0m, sheets.Day, "GBP", "Hotel", "R-77"), (row.Status, row.Hours, row.WorkDate, row.Currency, row.Category, row.Receipt)));
        Assert.All(run.Steps, step => Assert.Equal(StepStatus.Done, step.Status));
        var journals = claims.Journals(claim);
        Assert.Equal(postings.Select(row => row.Voucher).Order(), journals.Select(journal => journal.Text("tranId")).Order());
        Assert.All(journals, journal => Assert.Equal(("Hotel", "R-77"), (journal.Text("custbody_psac_category"), journal.Text("custbody_psac_receipt"))));
        using var kantata = firm.Sandbox.Kantata();
        var lockOf = Assert.Single(await kantata.ListAsync($"external_references.json?subject_type=Expense&subject_id={claim}"));
        Assert.Equal(string.Join(", ", postings.Select(row => row.Voucher)), lockOf.Text("external_message"));
    }

    [Fact]
    public async Task Expense_that_the_client_does_not_pay_is_cost_only()
    {
        var (sheets, claims) = await BritishAsync("Time and Materials");
        var (fixedSheets, fixedClaims) = await BritishAsync("Fixed Price - Installments");

        var own = await claims.ClaimApprovedAsync(sheets.Person(), "Train", 60m, billable: false, taxable: false);
        var inPrice = await fixedClaims.ClaimApprovedAsync(fixedSheets.Person(), "Train", 60m, taxable: false);

        await claims.PostedAsync(own);
        await fixedClaims.PostedAsync(inPrice);
        Assert.Equal((PostingKind.Cost, 60m), Assert.Single((await claims.PostingsAsync(own)).Select(row => (row.Kind, row.Amount))));
        Assert.Equal((PostingKind.Cost, 60m), Assert.Single((await fixedClaims.PostingsAsync(inPrice)).Select(row => (row.Kind, row.Amount))));
    }

    [Fact]
    public async Task Missing_receipt_stops_it_until_one_is_attached()
    {
        var (sheets, claims) = await BritishAsync("Time and Materials");
        var claim = await claims.ClaimApprovedAsync(sheets.Person(), "Taxi", 26m, receipt: null);
        var small = await claims.ClaimApprovedAsync(sheets.Person(), "Taxi", 25m, receipt: null);

        var run = await claims.RunOfAsync(claim, item => item.Status == RunStatus.Parked);
        Assert.Equal("EXP-501", Assert.Single(await firm.CasesAsync(run)).Code);
        await claims.PostedAsync(small);
        Assert.Empty(await claims.PostingsAsync(claim));

        await claims.RecallAsync(claim);
        await claims.AttachAsync(claim, "R-26");
        await claims.ApproveAsync(claim);

        await claims.PostedAsync(claim);
        Assert.Equal(CaseStatus.Resolved, Assert.Single(await firm.CasesAsync(run)).Status);
        Assert.All(await claims.PostingsAsync(claim), row => Assert.Equal("R-26", row.Receipt));
    }

    [Fact]
    public async Task Claim_above_its_limit_is_posted_when_finance_approves_it()
    {
        var (sheets, claims) = await BritishAsync("Time and Materials");
        var claim = await claims.ClaimApprovedAsync(sheets.Person(), "Hotel", 300.01m);

        var run = await claims.RunOfAsync(claim, item => item.Status == RunStatus.Parked);
        var raised = Assert.Single(await firm.CasesAsync(run));
        Assert.Equal(("EXP-504", 300.01m, "GBP"), (raised.Code, raised.Exposure, raised.ExposureCurrency));

        await firm.Get<CaseActions>().ApproveAsync(RunningFirm.Controller, raised.Id, raised.Version, "The fair was in town.", Token);
        await claims.PostedAsync(claim);
    }

    [Fact]
    public async Task What_was_claimed_twice_is_stopped_the_second_time()
    {
        var (sheets, claims) = await BritishAsync("Time and Materials");
        var person = sheets.Person();
        await claims.PostedAsync(await claims.ClaimApprovedAsync(person, "Train", 48.20m));
        var again = await claims.ClaimApprovedAsync(person, "Train", 48.20m);

        var run = await claims.RunOfAsync(again, item => item.Status == RunStatus.Parked);

        Assert.Equal("EXP-504", Assert.Single(await firm.CasesAsync(run)).Code);
    }

    [Fact]
    public async Task Own_approval_and_old_receipts_are_refused()
    {
        var (sheets, claims) = await BritishAsync("Time and Materials");
        var person = sheets.Person();
        var own = await claims.ClaimAsync(person, "Taxi", 20m);
        await claims.ApproveAsync(own, by: person);
        var old = await claims.ClaimApprovedAsync(sheets.Person(), "Taxi", 20m, day: firm.Sandbox.Host.Firm.Today.AddDays(-91));

        Assert.Equal("TIM-411", Assert.Single(await firm.CasesAsync(await claims.RunOfAsync(own, item => item.Status == RunStatus.Parked))).Code);
        Assert.Equal("EXP-504", Assert.Single(await firm.CasesAsync(await claims.RunOfAsync(old, item => item.Status == RunStatus.Parked))).Code);
    }

    [Fact]
    public async Task Category_that_nobody_mapped_is_waited_for()
    {
        var (sheets, claims) = await BritishAsync("Time and Materials");
        var claim = await claims.ClaimApprovedAsync(sheets.Person(), "Ferry", 40m);

        var run = await claims.RunOfAsync(claim, item => item.Status == RunStatus.Waiting && item.StepKey == "category:r1");
        Assert.Equal("EXP-503", Assert.Single(await firm.CasesAsync(run)).Code);
        await MapAsync("Ferry", "Travel");

        await claims.PostedAsync(claim);
        Assert.Equal(CaseStatus.Resolved, Assert.Single(await firm.CasesAsync(run)).Status);
    }

    [Fact]
    public async Task Recalled_expense_is_taken_back_exactly()
    {
        var (sheets, claims) = await BritishAsync("Time and Materials");
        var claim = await claims.ClaimApprovedAsync(sheets.Person(), "Hotel", 180m);
        var first = await claims.PostedAsync(claim);

        await claims.RecallAsync(claim);
        await claims.RunOfAsync(claim, run => run.Id != first.Id && run.Status == RunStatus.Completed);

        var postings = await claims.PostingsAsync(claim);
        Assert.Equal([150m, 150m, -150m, -150m], postings.Select(row => row.Amount));
        Assert.Equal(0m, claims.Journals(claim).Sum(journal => Net(journal)));
    }

    private async Task<(Timesheets Sheets, ExpenseClaims Claims)> BritishAsync(string billingType)
    {
        var sheets = await Timesheets.SharedAsync(firm, billingType, "GB01");
        return (sheets, new ExpenseClaims(firm, sheets));
    }

    private async Task MapAsync(string category, string to)
    {
        await using var store = await firm.OpenStoreAsync();
        var set = await store.MappingSets.AsNoTracking().Where(item => item.Name == "hub.expense-category").OrderByDescending(item => item.Version).FirstAsync(Token);
        var rules = JsonNode.Parse(set.Rules)!.AsArray();
        rules[0]!["values"]![category] = to;
        firm.Get<MappingSets>().Activate(new MappingSet { Name = set.Name, Version = set.Version, Rules = rules.ToJsonString(), Author = set.Author, CreatedAt = set.CreatedAt });
    }

    /// <summary>First line of an entry: debit less credit.</summary>
    private static decimal Net(PsaConsole.Sandbox.Core.Record journal)
    {
        var line = ((JsonArray)journal["line"]!)[0]!;
        return Side(line["debit"]) - Side(line["credit"]);
    }

    private static decimal Side(JsonNode? node) => node is null ? 0m : decimal.Parse(node.ToString(), System.Globalization.CultureInfo.InvariantCulture);
}
