using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Workflows;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Tests.Workflows;

/// <summary>Recalls, corrections, deletes and closed periods of posted time: whatever the order of the notices, the net is what the source says last (3j).</summary>
public sealed class TimeCorrectionTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RecordStore Erp => firm.Sandbox.Host.Vendor("netsuite").Store;

    [Fact]
    public async Task Recalled_and_approved_anew_is_taken_back_exactly_and_posted_again()
    {
        // O18: 8 h, recalled, 6.5 h: the lines (+8), (−8), (+6.5).
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials");
        var person = sheets.Person();
        var bill = sheets.RatesOf(person).Bill;
        var entry = await sheets.EnterApprovedAsync(person, 8m);
        await sheets.PostedAsync(entry);

        await sheets.RecallAsync(entry);
        var recalled = await sheets.NetAsync(entry, 0m);
        Assert.Equal([8m, -8m], Unbilled(recalled).Select(row => row.Hours));
        await sheets.ChangeHoursAsync(entry, 6.5m);
        await sheets.ApproveAsync(entry);
        var postings = await sheets.NetAsync(entry, 6.5m);

        Assert.Equal([(8m, 8m * bill), (-8m, -8m * bill), (6.5m, 6.5m * bill)], Unbilled(postings).Select(row => (row.Hours, row.Amount)));
        Assert.Equal(6, sheets.Journals(entry).Count);
        Assert.All(postings, row => Assert.Equal(PostingStatus.Verified, row.Status));
        Assert.All(postings.Where(row => row.ReversalOf is not null), reversal =>
        {
            var original = postings.Single(row => row.Id == reversal.ReversalOf);
            Assert.Equal((-original.Hours, -original.Amount, -original.AccountingAmount, original.FxRate, original.AccountingDate), (reversal.Hours, reversal.Amount, reversal.AccountingAmount, reversal.FxRate, reversal.AccountingDate));
        });
    }

    [Fact]
    public async Task Change_that_is_seen_only_when_all_is_over_is_one_correction()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials");
        var entry = await sheets.EnterApprovedAsync(sheets.Person(), 8m);
        await sheets.PostedAsync(entry);
        sheets.CorrectAtOnce(entry, 6.5m);

        var postings = await sheets.NetAsync(entry, 6.5m);

        Assert.Equal(["r1", "r1", "r1", "r1", "r2", "r2"], postings.Select(row => $"r{row.Revision}"));
        Assert.Single(postings.Where(row => row.RunId != postings[0].RunId).Select(row => row.RunId).Distinct());
        Assert.Equal(6.5m, Unbilled(postings).Sum(row => row.Hours));
        Assert.Equal(6.5m, postings.Where(row => row.Kind == PostingKind.Cost).Sum(row => row.Hours));
        Assert.Single(postings.Select(row => row.PeriodId).Distinct());
    }

    [Theory]
    [InlineData("123")]
    [InlineData("132")]
    [InlineData("213")]
    [InlineData("231")]
    [InlineData("312")]
    [InlineData("321")]
    [InlineData("3311221")]
    public async Task Notices_in_any_order_and_number_end_in_the_same_net(string order)
    {
        // O18: every permutation and duplication of the three events. The source has gone through all of them when the notices come.
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials");
        var entry = await sheets.EnterApprovedAsync(sheets.Person(), 8m);
        await sheets.RecallAsync(entry);
        await sheets.ChangeHoursAsync(entry, 6.5m);
        await sheets.ApproveAsync(entry);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var revision in order)
        {
            await firm.Get<Intake>().ReceiveAsync("kantata", [new Change("time-entry", entry, $"{order} {revision}", now, null) { LaneKey = $"engagement:kantata:{sheets.Workspace}" }], Token);
        }

        var postings = await sheets.NetAsync(entry, 6.5m);

        Assert.Equal(6.5m, postings.Where(row => row.Kind == PostingKind.Cost).Sum(row => row.Hours));
        Assert.Equal(postings.Count, sheets.Journals(entry).Count);
        Assert.Equal(0, (postings.Count - 2) % 4);
    }

    [Fact]
    public async Task Recall_while_it_is_being_posted_is_followed_by_its_reversal()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials");
        await firm.FaultAsync(new { system = "netsuite", method = "PUT", path = "/services/rest/record/v1/journalEntry", effect = "status:503", count = 2 });
        var entry = await sheets.EnterApprovedAsync(sheets.Person(), 8m);
        await sheets.RunOfAsync(entry, run => run.StepKey == "send:cost:r1");

        await sheets.RecallAsync(entry);

        var postings = await sheets.NetAsync(entry, 0m);
        Assert.Equal(0m, postings.Sum(row => row.Amount));
        await firm.ClearFaultsAsync();
    }

    [Fact]
    public async Task Entry_that_was_recalled_and_deleted_is_taken_back()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Fixed Price - Milestones");
        var entry = await sheets.EnterApprovedAsync(sheets.Person(), 8m);
        await sheets.PostedAsync(entry);
        await sheets.RecallAsync(entry);
        await sheets.RunOfAsync(entry, run => run.BusinessKey.EndsWith("r2", StringComparison.Ordinal) && run.Status == RunStatus.Completed);
        await sheets.DeleteAsync(entry);

        Assert.Equal([8m, -8m], (await sheets.PostingsAsync(entry)).Select(row => row.Hours));
    }

    [Fact]
    public async Task Invoiced_time_is_not_taken_back_before_its_credit_note()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials");
        var entry = await sheets.EnterApprovedAsync(sheets.Person(), 8m);
        await sheets.PostedAsync(entry);
        await using (var store = await firm.OpenStoreAsync())
        {
            foreach (var row in store.Postings.Where(row => row.SourceId == entry))
            {
                row.InvoicedAt = TimeProvider.System.GetUtcNow();
            }

            await store.SaveChangesAsync(Token);
        }

        await sheets.RecallAsync(entry);

        var run = await sheets.RunOfAsync(entry, item => item.Status == RunStatus.Parked);
        Assert.Equal("TIM-406", Assert.Single(await firm.CasesAsync(run)).Code);
        Assert.Equal(2, (await sheets.PostingsAsync(entry)).Count);
    }

    [Fact]
    public async Task Work_of_a_closed_month_lands_on_the_first_open_day_and_so_does_its_reversal()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Fixed Price - Milestones");
        var worked = LastOfMonth;
        await ClosedAsync(worked, async () =>
        {
            var entry = await sheets.EnterApprovedAsync(sheets.Person(), 8m, worked);
            await sheets.PostedAsync(entry);
            await sheets.RecallAsync(entry);
            await sheets.RunOfAsync(entry, run => run.BusinessKey.EndsWith("r2", StringComparison.Ordinal) && run.Status == RunStatus.Completed);

            Assert.Equal([(worked, worked.AddDays(1), worked), (worked, worked.AddDays(1), worked)], (await sheets.PostingsAsync(entry)).Select(row => (row.WorkDate, row.AccountingDate, row.FxDate)));
        });
    }

    [Fact]
    public async Task Work_too_late_to_move_by_itself_is_held_until_finance_agrees()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Fixed Price - Milestones");
        var today = firm.Sandbox.Host.Firm.Today;
        var firstOpen = new DateOnly(today.Year, today.Month, 1).AddMonths(-1);
        var entry = await sheets.EnterApprovedAsync(sheets.Person(), 8m, firstOpen.AddDays(-40));
        var run = await sheets.RunOfAsync(entry, item => item is { Status: RunStatus.Waiting, StepKey: "period:r1" });
        var raised = Assert.Single(await firm.CasesAsync(run));
        Assert.Equal("TIM-402", raised.Code);

        await firm.Get<PsaConsole.Engine.Exceptions.CaseActions>().ApproveAsync(RunningFirm.Controller, raised.Id, raised.Version, "Agreed with the client", Token);
        await sheets.PostedAsync(entry);

        Assert.Equal(firstOpen, Assert.Single(await sheets.PostingsAsync(entry)).AccountingDate);
    }

    [Fact]
    public async Task Period_that_was_closed_meanwhile_moves_the_reversal_with_the_original_rate()
    {
        // O14b and 3j.5 against the real ledger: last month is closed after the posting.
        var sheets = await Timesheets.SharedAsync(firm, "Fixed Price - Milestones");
        var worked = LastOfMonth;
        var entry = await sheets.EnterApprovedAsync(sheets.Person(), 8m, worked);
        await sheets.PostedAsync(entry);
        await ClosedAsync(worked, async () =>
        {
            await sheets.RecallAsync(entry);
            await sheets.RunOfAsync(entry, run => run.BusinessKey.EndsWith("r2", StringComparison.Ordinal) && run.Status == RunStatus.Completed);
        });

        var postings = await sheets.PostingsAsync(entry);
        Assert.Equal([worked, worked.AddDays(1)], postings.Select(row => row.AccountingDate));
        Assert.Equal((0m, 1), (postings.Sum(row => row.AccountingAmount), postings.Select(row => row.FxRate).Distinct().Count()));
    }

    /// <summary>Last day of the month before this one, whose period is open in the sample firm.</summary>
    private DateOnly LastOfMonth => new DateOnly(firm.Sandbox.Host.Firm.Today.Year, firm.Sandbox.Host.Firm.Today.Month, 1).AddDays(-1);

    /// <summary>Does something while the period of a day is closed.</summary>
    private async Task ClosedAsync(DateOnly day, Func<Task> work)
    {
        var period = Erp["accountingPeriod"].Scan().Single(item => !item.Flag("isYear") && item.Date("startDate") <= day && item.Date("endDate") >= day);
        Erp.Update("accountingPeriod", period.Id, new Dictionary<string, object?> { ["closed"] = true });
        try
        {
            await work();
        }
        finally
        {
            Erp.Update("accountingPeriod", period.Id, new Dictionary<string, object?> { ["closed"] = false });
        }
    }

    private static List<PostingRow> Unbilled(IEnumerable<PostingRow> postings) => [.. postings.Where(row => row is { Kind: PostingKind.Unbilled, Chargeable: true })];
}
