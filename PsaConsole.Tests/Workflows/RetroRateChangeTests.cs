using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Workflows;
using Consultant = PsaConsole.Sandbox.Firm.Consultant;

namespace PsaConsole.Tests.Workflows;

/// <summary>A bill rate that changes after the hand-off (3-workflows 3h, example O-CH2): it holds once finance agrees, and then for what is posted and not invoiced as well.</summary>
public sealed class RetroRateChangeTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hours_that_are_posted_get_the_new_rate_once_finance_agrees_and_invoiced_ones_keep_theirs()
    {
        var project = await HandedOver.OfAsync(firm, "Time and Materials");
        var sheets = new Timesheets(firm, project.Number, project.Workspace.Id);
        var person = sheets.SoldPerson();
        var price = sheets.PriceOf(person);
        var (old, higher) = (sheets.RatesOf(person).Bill, Net(project, price.Number("UnitPrice")!.Value + 15m));
        var unbilled = await PostAsync(sheets, person, [10m, 10m, 10m]);
        var invoiced = await PostAsync(sheets, person, [16m]);
        await InvoiceAsync(invoiced);

        SetPrice(price.Id, price.Number("UnitPrice")!.Value + 15m);

        var asked = await project.AskedAsync("finance", _ => true);
        Assert.Equal((ApprovalKind.Change, 30m * (higher - old)), (asked.Kind, asked.Amount));
        Assert.Contains($"{new Money(16m * (higher - old), asked.Currency!)}", asked.Changes, StringComparison.Ordinal);

        // Nobody has agreed yet: what is approved meanwhile costs what it did.
        unbilled.AddRange(await PostAsync(sheets, person, [10m]));
        await AssertStandsAsync(sheets, unbilled[^1], 10m, old);
        await project.ApproveAsync(await project.AskedAsync("finance", item => item.Status == ApprovalStatus.Waiting));
        await project.ChangedAsync("finance");

        foreach (var entry in unbilled)
        {
            await AssertStandsAsync(sheets, entry, 10m, higher);
            var lines = await sheets.PostingsAsync(entry);
            Assert.Equal([10m * old, -10m * old, 10m * higher], lines.Where(row => row.Kind == PostingKind.Unbilled).Select(row => row.Amount));
            Assert.Single(lines, row => row.Kind == PostingKind.Cost);
            Assert.All(lines, row => Assert.Equal(PostingStatus.Verified, row.Status));
            Assert.Equal(lines.Select(row => row.Voucher).Order(), sheets.Journals(entry).Select(journal => journal.Text("tranId")).Order());
        }

        Assert.Equal(16m * old, Assert.Single(await sheets.PostingsAsync(invoiced[0]), row => row.Kind == PostingKind.Unbilled).Amount);
        await AssertStandsAsync(sheets, (await PostAsync(sheets, person, [4m]))[0], 4m, higher);
        SetPrice(price.Id, price.Number("UnitPrice")!.Value);
    }

    [Fact]
    public async Task Price_that_is_set_back_before_anybody_decided_changes_nothing()
    {
        var project = await HandedOver.OfAsync(firm, "Time and Materials");
        var sheets = new Timesheets(firm, project.Number, project.Workspace.Id);
        var person = sheets.SoldPerson();
        var price = sheets.PriceOf(person);
        var entry = (await PostAsync(sheets, person, [6m]))[0];

        SetPrice(price.Id, price.Number("UnitPrice")!.Value * 2m);
        await project.AskedAsync("finance", _ => true);
        SetPrice(price.Id, price.Number("UnitPrice")!.Value);

        await project.ChangeOfAsync("finance", run => run.Status == RunStatus.Ended);
        Assert.Equal(2, (await sheets.PostingsAsync(entry)).Count);
    }

    [Fact]
    public async Task Hours_that_wait_at_the_old_rate_are_priced_anew_before_they_are_posted()
    {
        var (project, sheets, person, price) = await SoldAsync();
        Limit(project, 1m);
        var entry = await sheets.EnterApprovedAsync(person, 5m, NextDay(sheets));
        await sheets.RunOfAsync(entry, run => run.Status == RunStatus.Waiting && run.StepKey == "funding:r1");
        SetPrice(price.Id, price.Number("UnitPrice")!.Value + 7m);

        await project.ApproveAsync(await project.AskedAsync("finance", _ => true));
        await project.ChangedAsync("finance");
        Limit(project, 1_000_000m);
        await sheets.PostedAsync(entry);

        await AssertStandsAsync(sheets, entry, 5m, Net(project, price.Number("UnitPrice")!.Value + 7m));
        Assert.Equal(2, (await sheets.PostingsAsync(entry)).Count);
        SetPrice(price.Id, price.Number("UnitPrice")!.Value);
    }

    [Fact]
    public async Task Hours_whose_new_price_is_turned_down_are_a_case_of_the_change_until_they_have_it()
    {
        var (project, sheets, person, price) = await SoldAsync();
        var old = Net(project, price.Number("UnitPrice")!.Value);
        var entry = (await PostAsync(sheets, person, [6m]))[0];
        Limit(project, (6m * old) + 1m);
        SetPrice(price.Id, price.Number("UnitPrice")!.Value + 9m);
        await project.ApproveAsync(await project.AskedAsync("finance", _ => true));
        var repriced = await sheets.RunOfAsync(entry, run => run.Status == RunStatus.Waiting && run.StepKey == "funding:r2");
        var beyond = Assert.Single(await firm.CasesAsync(repriced));

        await firm.Get<CaseActions>().RejectAsync(RunningFirm.Controller, beyond.Id, beyond.Version, "not beyond the limit", Token);

        var change = await project.ChangeOfAsync("finance", run => run.Status == RunStatus.Parked);
        var kept = Assert.Single(await firm.CasesAsync(change), item => item.Status == CaseStatus.Open);
        Assert.Equal("CHG-704", kept.Code);
        Assert.Contains(entry, kept.Message, StringComparison.Ordinal);
        Limit(project, 1_000_000m);
        await firm.RetryAsync(kept);
        await project.ChangedAsync("finance");
        await AssertStandsAsync(sheets, entry, 6m, Net(project, price.Number("UnitPrice")!.Value + 9m));
        SetPrice(price.Id, price.Number("UnitPrice")!.Value);
    }

    [Fact]
    public async Task Change_that_is_taken_back_gives_the_hours_their_old_rate()
    {
        var project = await HandedOver.OfAsync(firm, "Time and Materials");
        var sheets = new Timesheets(firm, project.Number, project.Workspace.Id);
        var person = sheets.SoldPerson();
        var price = sheets.PriceOf(person);
        var old = sheets.RatesOf(person).Bill;
        var entry = (await PostAsync(sheets, person, [6m]))[0];
        SetPrice(price.Id, price.Number("UnitPrice")!.Value + 3m);
        await project.ApproveAsync(await project.AskedAsync("finance", _ => true));
        var changed = await project.ChangedAsync("finance");

        await using (var store = await firm.OpenStoreAsync())
        {
            var run = await store.Runs.Include(item => item.Steps).SingleAsync(item => item.Id == changed.Id, Token);
            run.TurnBack("the client objects");
            await store.SaveChangesAsync(Token);
            await Lanes.WakeAsync(store, run.LaneKey, TimeProvider.System.GetUtcNow(), Token);
        }

        await project.ChangeOfAsync("finance", run => run.Status == RunStatus.Compensated);
        await sheets.RunOfAsync(entry, run => run.BusinessKey.EndsWith("r3", StringComparison.Ordinal) && run.Status == RunStatus.Completed);
        await AssertStandsAsync(sheets, entry, 6m, old);
        SetPrice(price.Id, price.Number("UnitPrice")!.Value);
    }

    [Fact]
    public async Task Hours_that_the_PSA_says_are_invoiced_are_left_alone()
    {
        var project = await HandedOver.OfAsync(firm, "Time and Materials");
        var sheets = new Timesheets(firm, project.Number, project.Workspace.Id);
        var person = sheets.SoldPerson();
        var price = sheets.PriceOf(person);
        var entry = (await PostAsync(sheets, person, [6m]))[0];
        firm.Sandbox.Host.Vendor("kantata").Store.Update("time_entries", entry, new Dictionary<string, object?> { ["is_invoiced"] = true });

        SetPrice(price.Id, price.Number("UnitPrice")!.Value + 1m);
        await project.ApproveAsync(await project.AskedAsync("finance", _ => true));
        await project.ChangedAsync("finance");

        Assert.Equal(2, (await sheets.PostingsAsync(entry)).Count);
        SetPrice(price.Id, price.Number("UnitPrice")!.Value);
    }

    private async Task<(HandedOver Project, Timesheets Sheets, Consultant Person, PsaConsole.Sandbox.Core.Record Price)> SoldAsync()
    {
        var project = await HandedOver.OfAsync(firm, "Time and Materials");
        var sheets = new Timesheets(firm, project.Number, project.Workspace.Id);
        var person = sheets.SoldPerson();
        return (project, sheets, person, sheets.PriceOf(person));
    }

    private void Limit(HandedOver project, decimal limit) => firm.Sandbox.Host.Vendor("netsuite").Store.Update("job", project.Job.Id, new Dictionary<string, object?> { ["custentity_psac_nte"] = limit });

    private static async Task<List<string>> PostAsync(Timesheets sheets, Consultant person, decimal[] hours)
    {
        List<string> entries = [];
        foreach (var each in hours)
        {
            entries.Add(await sheets.EnterApprovedAsync(person, each, NextDay(sheets)));
        }

        foreach (var entry in entries)
        {
            await sheets.PostedAsync(entry);
        }

        return entries;
    }

    private static int days;

    /// <summary>Another day with every call: one person may work in several of these tests, a day has twenty-four hours, and an entry like another one is suspected to be it.</summary>
    private static DateOnly NextDay(Timesheets sheets) => sheets.Day.AddDays(-Interlocked.Increment(ref days) % 20);

    private async Task InvoiceAsync(List<string> entries)
    {
        await using var store = await firm.OpenStoreAsync();
        foreach (var row in store.Postings.Where(row => entries.Contains(row.SourceId) && row.Kind == PostingKind.Unbilled))
        {
            row.InvoicedAt = TimeProvider.System.GetUtcNow();
        }

        await store.SaveChangesAsync(Token);
    }

    private static async Task AssertStandsAsync(Timesheets sheets, string entry, decimal hours, decimal rate)
    {
        var charged = (await sheets.PostingsAsync(entry)).Where(row => row.Kind == PostingKind.Unbilled).ToList();
        Assert.Equal((hours, hours * rate), (charged.Sum(row => row.Hours), charged.Sum(row => row.Amount)));
    }

    private void SetPrice(string entry, decimal price) => firm.Sandbox.Host.Vendor("salesforce").Store.Update("PricebookEntry", entry, new Dictionary<string, object?> { ["UnitPrice"] = price });

    private static decimal Net(HandedOver project, decimal price) => decimal.Round(price * (1m - ((project.Opportunity.Number("Discount_Pct__c") ?? 0m) / 100m)), 4, MidpointRounding.AwayFromZero);
}
