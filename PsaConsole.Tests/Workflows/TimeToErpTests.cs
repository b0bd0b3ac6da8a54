using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Connectors.NetSuite;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Workflows;
using PsaConsole.Sandbox.NetSuite;
using PsaConsole.Tests.Sandbox.Kantata;
using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Tests.Workflows;

/// <summary>Approved time in Kantata becomes cost and unbilled sales in NetSuite, seen in both vendors' own records.</summary>
public sealed class TimeToErpTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Approved_time_is_posted_read_back_and_locked()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials");
        var person = sheets.Person();
        var rates = sheets.RatesOf(person);
        var entry = await sheets.EnterApprovedAsync(person, 7.5m);

        var run = await sheets.PostedAsync(entry);

        var postings = await sheets.PostingsAsync(entry);
        Assert.Equal([(PostingKind.Cost, 7.5m, 7.5m * rates.Cost), (PostingKind.Unbilled, 7.5m, 7.5m * rates.Bill)], postings.Select(row => (row.Kind, row.Hours, row.Amount)));
        Assert.All(postings, row => Assert.Equal((PostingStatus.Verified, sheets.Day, sheets.Day, rates.Currency), (row.Status, row.WorkDate, row.AccountingDate, row.Currency)));
        Assert.All(run.Steps, step => Assert.Equal(StepStatus.Done, step.Status));
        Assert.Equal(postings.Select(row => row.Voucher).Order(), sheets.Journals(entry).Select(journal => journal.Text("tranId")).Order());
        using var kantata = firm.Sandbox.Kantata();
        var lockOf = Assert.Single(await kantata.ListAsync($"external_references.json?subject_type=TimeEntry&subject_id={entry}"));
        Assert.Equal(string.Join(", ", postings.Select(row => row.Voucher)), lockOf.Text("external_message"));
        Assert.True(lockOf.GetProperty("locked").GetBoolean());
    }

    [Fact]
    public async Task Hours_that_are_not_billable_are_shown_and_not_charged()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials");
        var entry = await sheets.EnterApprovedAsync(sheets.Person(), 2m, billable: false);

        await sheets.PostedAsync(entry);

        Assert.Equal([(PostingKind.Cost, true), (PostingKind.Unbilled, false)], (await sheets.PostingsAsync(entry)).Select(row => (row.Kind, row.Chargeable)));
    }

    [Fact]
    public async Task Fixed_price_time_is_cost_only()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Fixed Price - Milestones");
        var entry = await sheets.EnterApprovedAsync(sheets.Person(), 8m);

        await sheets.PostedAsync(entry);

        Assert.Equal(PostingKind.Cost, Assert.Single(await sheets.PostingsAsync(entry)).Kind);
    }

    [Fact]
    public async Task Lost_answer_of_the_books_leaves_one_record()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials");
        await firm.FaultAsync(new { system = "netsuite", method = "PUT", path = "/services/rest/record/v1/journalEntry", effect = "commit-then-drop", count = 2 });
        var entry = await sheets.EnterApprovedAsync(sheets.Person(), 4m);

        await sheets.PostedAsync(entry);

        Assert.Equal(2, sheets.Journals(entry).Count);
        Assert.Equal(2, (await sheets.PostingsAsync(entry)).Count);
        await firm.ClearFaultsAsync();
    }

    [Fact]
    public async Task Document_that_stands_under_the_key_with_other_values_is_left_alone()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials");
        var entry = await sheets.EnterAsync(sheets.Person(), 5m);
        var other = Foreign(ExternalKey.Of($"time-entry:kantata:{entry}:r1:cost:{sheets.Number.Split('-')[0]}"), sheets);
        await sheets.ApproveAsync(entry);

        var run = await sheets.RunOfAsync(entry, item => item.Status == RunStatus.Parked);

        Assert.Equal("INT-906", Assert.Single(await firm.CasesAsync(run)).Code);
        Assert.Equal(other.Sequence, firm.Table("netsuite", "journalEntry").Find(other.Id)!.Sequence);
        Assert.Empty(sheets.Journals(entry));
    }

    [Fact]
    public async Task Line_that_the_books_only_took_in_is_a_case_until_it_is_posted()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Fixed Price - Milestones");
        await firm.FaultAsync(new { system = "netsuite", method = "PUT", path = "/services/rest/record/v1/journalEntry", effect = "omit:approvalStatus" });
        var entry = await sheets.EnterApprovedAsync(sheets.Person(), 3m);

        var run = await sheets.RunOfAsync(entry, item => item.Status == RunStatus.Parked);
        await firm.ClearFaultsAsync();

        var raised = Assert.Single(await firm.CasesAsync(run));
        Assert.Equal("TIM-408", raised.Code);
        Assert.Equal(PostingStatus.Accepted, Assert.Single(await sheets.PostingsAsync(entry)).Status);

        // Finance approves the journal entry in the ERP.
        var journal = Assert.Single(sheets.Journals(entry));
        firm.Sandbox.Host.Vendor("netsuite").Store.Update("journalEntry", journal.Id, new Dictionary<string, object?> { ["approvalStatus"] = "2" });
        Assert.Equal(CaseStatus.Resolved, (await firm.RetryAsync(raised)).Status);
        await sheets.PostedAsync(entry);
    }

    [Fact]
    public async Task Lock_that_the_PSA_does_not_keep_is_written_again_by_a_retry()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Fixed Price - Milestones");
        await firm.FaultAsync(new { system = "kantata", path = "/api/v1/external_references", effect = "omit:external_message" });
        var entry = await sheets.EnterApprovedAsync(sheets.Person(), 2m);

        var run = await sheets.RunOfAsync(entry, item => item.Status == RunStatus.Parked);
        await firm.ClearFaultsAsync();

        var raised = Assert.Single(await firm.CasesAsync(run));
        Assert.Equal("TIM-408", raised.Code);
        Assert.Equal(CaseStatus.Resolved, (await firm.RetryAsync(raised)).Status);
        await sheets.PostedAsync(entry);
    }

    [Fact]
    public async Task What_everybody_reads_of_posted_time_tells_no_rate()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials");
        var person = sheets.Person();
        var rates = sheets.RatesOf(person);
        await firm.FaultAsync(new { system = "netsuite", method = "PUT", path = "/services/rest/record/v1/journalEntry", effect = "omit:approvalStatus" });
        var entry = await sheets.EnterApprovedAsync(person, 3m);

        var run = await sheets.RunOfAsync(entry, item => item.Status == RunStatus.Parked);
        await firm.ClearFaultsAsync();

        var hidden = new[] { rates.Cost, rates.Bill, 3m * rates.Cost, 3m * rates.Bill }.Select(value => value.ToString("0.00", CultureInfo.InvariantCulture)).ToList();
        var raised = Assert.Single(await firm.CasesAsync(run));
        string?[] told = [run.Message, raised.Message, raised.Findings, .. run.Steps.Select(step => step.Message)];
        Assert.All(told.OfType<string>(), text => Assert.All(hidden, value => Assert.DoesNotContain(value, text, StringComparison.Ordinal)));
        // What was compared is masked by its name.
        var compared = StepDetail.Read(run.Steps.Single(step => step.Status == StepStatus.Failed).Detail, Sight.WithoutRates).Compared;
        Assert.Equal(new ComparedField("Amount at cost rate", Sight.Mask, Sight.Mask), Assert.Single(compared, field => field.Name.StartsWith("Amount", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Missing_employee_is_waited_for_and_goes_on_by_itself()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials");
        var person = sheets.Newcomer();
        var erp = firm.Sandbox.Host.Vendor("netsuite").Store;
        var employee = erp["employee"].FindBy("email", person.Email).Single();
        erp.Update("employee", employee.Id, new Dictionary<string, object?> { ["email"] = "nobody@example.com" });
        var entry = await sheets.EnterApprovedAsync(person, 6m);

        var run = await sheets.RunOfAsync(entry, item => item.Status == RunStatus.Waiting && item.StepKey == "place:r1");
        var raised = Assert.Single(await firm.CasesAsync(run));
        Assert.Equal("TIM-401", raised.Code);
        erp.Update("employee", employee.Id, new Dictionary<string, object?> { ["email"] = person.Email });

        await sheets.PostedAsync(entry);
        var settled = Assert.Single(await firm.CasesAsync(run));
        Assert.Equal((CaseStatus.Resolved, 1), (settled.Status, settled.Occurrences));
    }

    [Fact]
    public async Task One_entry_that_waits_holds_up_no_other_of_its_project()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials");
        var approver = sheets.Person();
        var stuck = await sheets.EnterAsync(approver, 8m);
        await sheets.ApproveAsync(stuck, by: approver);
        await sheets.RunOfAsync(stuck, item => item.Status == RunStatus.Parked);

        var entry = await sheets.EnterApprovedAsync(sheets.Person(), 8m);

        await sheets.PostedAsync(entry);
    }

    [Fact]
    public async Task Own_approval_is_refused_and_another_one_takes_its_place()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials");
        var person = sheets.Person();
        var entry = await sheets.EnterAsync(person, 8m);
        await sheets.ApproveAsync(entry, by: person);

        var run = await sheets.RunOfAsync(entry, item => item.Status == RunStatus.Parked);
        Assert.Equal("TIM-411", Assert.Single(await firm.CasesAsync(run)).Code);
        Assert.Empty(await sheets.PostingsAsync(entry));

        await sheets.RecallAsync(entry);
        await sheets.RunOfAsync(entry, item => item.Id == run.Id && item.Status == RunStatus.Ended);
        await sheets.ApproveAsync(entry);
        await sheets.PostedAsync(entry);
        Assert.Equal(CaseStatus.Resolved, Assert.Single(await firm.CasesAsync(run)).Status);
    }

    [Fact]
    public async Task More_than_a_day_has_and_the_future_are_returned_to_the_submitter()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials");
        var tooMuch = await sheets.EnterApprovedAsync(sheets.Person(), 25m);
        var tooEarly = await sheets.EnterApprovedAsync(sheets.Person(), 8m, sheets.Day.AddDays(10));

        foreach (var entry in new[] { tooMuch, tooEarly })
        {
            var run = await sheets.RunOfAsync(entry, item => item.Status == RunStatus.Parked);
            Assert.Equal("TIM-410", Assert.Single(await firm.CasesAsync(run)).Code);
        }
    }

    [Fact]
    public async Task Same_hours_entered_twice_are_posted_with_a_warning()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials");
        var person = sheets.Person();
        await sheets.PostedAsync(await sheets.EnterApprovedAsync(person, 1.25m));
        var again = await sheets.EnterApprovedAsync(person, 1.25m);

        var run = await sheets.PostedAsync(again);

        Assert.Equal(("TIM-409", CaseStatus.Open), Assert.Single((await firm.CasesAsync(run)).Select(item => (item.Code, item.Status))));
    }

    [Fact]
    public async Task Work_above_its_limit_waits_until_the_limit_suffices()
    {
        var sheets = await Timesheets.OfAsync(firm, "Capped Time and Materials");
        var erp = firm.Sandbox.Host.Vendor("netsuite").Store;
        var person = sheets.Person();
        erp.Update("job", sheets.Job.Id, new Dictionary<string, object?> { ["custentity_psac_nte"] = sheets.RatesOf(person).Bill * 7m });
        var entry = await sheets.EnterApprovedAsync(person, 8m);

        var run = await sheets.RunOfAsync(entry, item => item.Status == RunStatus.Waiting && item.StepKey == "funding:r1");
        var raised = Assert.Single(await firm.CasesAsync(run));
        Assert.Equal(("TIM-407", sheets.RatesOf(person).Bill), (raised.Code, raised.Exposure));

        erp.Update("job", sheets.Job.Id, new Dictionary<string, object?> { ["custentity_psac_nte"] = sheets.RatesOf(person).Bill * 8m });
        await sheets.PostedAsync(entry);
    }

    [Fact]
    public async Task Rate_of_zero_is_no_rate()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Time and Materials");
        var person = sheets.OtherPerson();
        var crm = firm.Sandbox.Host.Vendor("salesforce").Store;
        var products = crm["Product2"].Scan().Where(product => product.Text("Role__c") == person.Role && product.Text("Level__c") == person.Level && product.Text("Location__c") == person.Country).Select(product => product.Id).ToHashSet();
        var entries = crm["PricebookEntry"].Scan().Where(item => products.Contains(item.Text("Product2Id")!)).ToDictionary(item => item.Id, item => item.Number("UnitPrice"));
        foreach (var id in entries.Keys)
        {
            crm.Update("PricebookEntry", id, new Dictionary<string, object?> { ["UnitPrice"] = 0m });
        }

        var entry = await sheets.EnterApprovedAsync(person, 8m);
        var run = await sheets.RunOfAsync(entry, item => item.Status == RunStatus.Waiting && item.StepKey == "price:r1");
        Assert.Equal("TIM-403", Assert.Single(await firm.CasesAsync(run)).Code);
        foreach (var (id, price) in entries)
        {
            crm.Update("PricebookEntry", id, new Dictionary<string, object?> { ["UnitPrice"] = price });
        }

        await sheets.PostedAsync(entry);
    }

    [Fact]
    public async Task Fact_that_is_posted_can_not_be_changed_or_deleted()
    {
        var sheets = await Timesheets.SharedAsync(firm, "Fixed Price - Milestones");
        var entry = await sheets.EnterApprovedAsync(sheets.Person(), 5m);
        await sheets.PostedAsync(entry);

        await using var store = await firm.OpenStoreAsync();
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => store.Database.ExecuteSqlAsync($"update posting set amount = amount + 1 where source_id = {entry}", Token));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => store.Database.ExecuteSqlAsync($"delete from posting where source_id = {entry}", Token));
    }

    [Fact]
    public async Task Time_of_a_project_that_others_set_up_is_left_to_them()
    {
        var foreign = firm.Table("kantata", "workspaces").Scan().First(workspace => !workspace.Flag("archived"));
        var sheets = new Timesheets(firm, "none", foreign.Id);
        var entry = await sheets.EnterApprovedAsync(sheets.Person(), 8m);

        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        var until = TimeProvider.System.GetUtcNow().AddSeconds(60);
        while (await again.WaitForNextTickAsync(Token))
        {
            await using var store = await firm.OpenStoreAsync();
            if (await store.InboxItems.AnyAsync(item => item.SourceId == entry && item.Outcome!.Contains("was not set up by the console"), Token))
            {
                break;
            }

            if (TimeProvider.System.GetUtcNow() > until)
            {
                Assert.Fail($"The time of a foreign project was not looked at.\n{await EngineState.DescribeAsync(store, entry)}");
            }
        }

        Assert.Empty(sheets.Journals(entry));
    }

    /// <summary>A journal entry of somebody else's under one of our keys.</summary>
    private PsaConsole.Sandbox.Core.Record Foreign(string externalId, Timesheets sheets)
    {
        var store = firm.Sandbox.Host.Vendor("netsuite").Store;
        var accounts = store["account"].Scan().Take(2).Select(account => account.Id).ToList();
        return new Records(store).Create(NetSuiteSchema.Find("journalEntry")!, new InputFields(
            new() { ["subsidiary"] = sheets.Job.Text("subsidiary"), ["tranDate"] = sheets.Day, ["currency"] = sheets.Job.Text("currency"), ["externalId"] = externalId },
            new() { ["line"] = new JsonArray(new JsonObject { ["account"] = accounts[0], ["debit"] = 1m }, new JsonObject { ["account"] = accounts[1], ["credit"] = 1m }) },
            []));
    }
}
