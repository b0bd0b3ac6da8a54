using PsaConsole.Engine.Access;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Sandbox;
using Record = PsaConsole.Sandbox.Core.Record;

namespace PsaConsole.Tests.Workflows;

/// <summary>The main job, from a deal won in Salesforce to projects that can be billed, seen in the vendors' own records.</summary>
public sealed class OpportunityToProjectTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string[]> TableC => new()
    {
        { "Time and Materials", ["jobPrice", "custentity_psac_terms", "custentity_psac_invoice_delivery", "custentity_psac_contract_no", "billingRateCard", "billingSchedule"] },
        { "Capped Time and Materials", ["jobPrice", "custentity_psac_terms", "billingRateCard", "billingSchedule", "custentity_psac_nte"] },
        { "Fixed Price - Milestones", ["jobPrice", "custentity_psac_terms", "custentity_psac_contract_no", "billingSchedule"] },
        { "Fixed Price - Installments", ["jobPrice", "custentity_psac_terms", "custentity_psac_contract_no", "billingSchedule"] },
        { "Percent Complete", ["jobPrice", "custentity_psac_terms", "custentity_psac_contract_no"] },
        { "Retainer", ["jobPrice", "custentity_psac_terms", "billingSchedule", "custentity_psac_nte"] },
        { "Non-Billable", [] },
    };

    [Theory]
    [MemberData(nameof(TableC))]
    public async Task Won_deal_becomes_a_billable_project(string billingType, string[] needed)
    {
        var deal = firm.NewDeal(billingType);
        await firm.WinAsync(deal);

        var run = await firm.CompletedAsync(deal);

        Assert.All(run.Steps, step => Assert.Equal(StepStatus.Done, step.Status));
        foreach (var number in run.ProjectNumber!.Split(", "))
        {
            var job = Assert.Single(firm.Table("netsuite", "job").Scan(), record => record.Text("entityId") == number);
            string[] always = ["parent", "subsidiary", "currency", "jobBillingType", "startDate", "projectedEndDate", "projectManager", "custentity_psac_cost_center", "custentity_psac_tax_code", "custentity_psac_revrec"];
            Assert.All(always.Concat(needed), field => Assert.NotNull(job[field]));
            Assert.Equal("2", job.Text("entityStatus"));
            Assert.True(job.Flag("allowTime"));
            AssertScheduleTiesOut(billingType, job);
            var value = Assert.Single(firm.Table("kantata", "custom_field_values").Scan(), record => record.Text("value") == number);
            var workspace = firm.Table("kantata", "workspaces").Find(value.Text("subject_id"))!;
            Assert.Equal(300, (int)((System.Text.Json.Nodes.JsonObject)workspace["status"]!)["key"]!);
        }

        var opportunity = firm.Table("salesforce", "Opportunity").Find(deal)!;
        Assert.Equal(run.ProjectNumber, opportunity.Text("Project_Number__c"));
        Assert.Equal("Verified", opportunity.Text("Handoff_Status__c"));
    }

    [Fact]
    public async Task Win_that_Salesforce_does_not_show_yet_is_waited_for()
    {
        var deal = firm.NewDeal("Time and Materials", "Late shown");
        await firm.FaultAsync(new { system = "salesforce", path = $"^/services/data/[^?]*query.*FROM%20Opportunity%20WHERE.*{deal}", effect = "stale-read:60000", count = 1 });
        await firm.WinAsync(deal);

        await firm.CompletedAsync(deal);
    }

    [Fact]
    public async Task Delivered_three_times_in_any_order_it_is_one_project()
    {
        var deal = firm.NewDeal("Time and Materials");
        await firm.WinAsync(deal);
        var now = TimeProvider.System.GetUtcNow();
        Change[] deliveries = [.. "cab".Select(revision => new Change("opportunity", deal, revision.ToString(), now, null))];
        await firm.Get<Intake>().ReceiveAsync("salesforce", deliveries, Token);
        await firm.Get<Intake>().ReceiveAsync("salesforce", [.. deliveries.Reverse()], Token);

        var run = await firm.CompletedAsync(deal);
        await firm.Get<Intake>().ReceiveAsync("salesforce", [new Change("opportunity", deal, "late", now, null)], Token);
        await InboxIsEmptyAsync(deal);

        await using var store = await firm.OpenStoreAsync();
        Assert.Single(store.Runs, item => item.LaneKey == run.LaneKey);
        Assert.Single(firm.Table("netsuite", "job").Scan(), record => record.Text("entityId") == run.ProjectNumber);
        Assert.Single(firm.Table("kantata", "workspaces").Scan(), record => record.Text("title") == run.Title);
    }

    [Fact]
    public async Task Deal_of_two_legal_entities_becomes_a_project_of_each_with_the_whole_value()
    {
        var lines = firm.Table("salesforce", "OpportunityLineItem");
        var deal = firm.NewDeal("Time and Materials", like: record => lines.FindBy("OpportunityId", record.Id).Select(line => line.Text("Selling_Entity__c")).Distinct().Count() > 1);
        await firm.WinAsync(deal);

        var run = await firm.CompletedAsync(deal);

        var numbers = run.ProjectNumber!.Split(", ");
        Assert.Equal(2, numbers.Length);
        var jobs = firm.Table("netsuite", "job").Scan().Where(record => numbers.Contains(record.Text("entityId"))).ToList();
        Assert.Equal(2, jobs.Select(job => job.Text("subsidiary")).Distinct().Count());
        Assert.Equal(run.Amount, jobs.Sum(job => job.Number("jobPrice")));
        Assert.Single(jobs.Select(job => job.Text("parent")).Distinct());
    }

    [Fact]
    public async Task Missing_project_manager_stops_before_any_write_and_goes_on_when_crm_is_completed()
    {
        var deal = firm.NewDeal("Fixed Price - Milestones");
        await firm.ChangeDealAsync(deal, new { Project_Manager__c = (string?)null });
        await firm.WinAsync(deal);

        var run = await firm.ParkedAsync(deal);
        var raised = Assert.Single(await firm.CasesAsync(run));
        Assert.Equal("HND-002", raised.Code);
        Assert.Contains("Project manager is missing", raised.Message, StringComparison.Ordinal);
        Assert.Null(run.ProjectNumber);
        Assert.DoesNotContain(firm.Table("kantata", "workspaces").Scan(), record => record.Text("title") == run.Title);

        var manager = firm.Table("salesforce", "Opportunity").Scan().Select(record => record.Text("Project_Manager__c")).First(mail => mail is not null);
        await firm.ChangeDealAsync(deal, new { Project_Manager__c = manager });
        await firm.CompletedAsync(deal);
        Assert.Equal(CaseStatus.Resolved, Assert.Single(await firm.CasesAsync(run)).Status);
    }

    [Fact]
    public async Task Tax_number_that_can_be_none_stops_the_hand_off_until_the_client_is_corrected()
    {
        var deal = firm.NewDeal("Time and Materials", like: record => firm.Sandbox.IsOfOneEntity(record));
        var opportunity = firm.Table("salesforce", "Opportunity").Find(deal)!;
        var account = firm.Table("salesforce", "Account").Find(opportunity.Text("AccountId"))!;
        var number = account.Text("Tax_Registration_Number__c");
        firm.Sandbox.Host.Vendor("salesforce").Store.Update("Account", account.Id, new Dictionary<string, object?> { ["Tax_Registration_Number__c"] = "n/a" });
        await firm.WinAsync(deal);

        var run = await firm.ParkedAsync(deal);
        var raised = Assert.Single(await firm.CasesAsync(run));
        Assert.Equal(("MST-103", raised.Weight(), "Finance", opportunity.Number("Amount")), (raised.Code, raised.Severity, raised.OwnerGroup, raised.Exposure));
        Assert.DoesNotContain(firm.Table("netsuite", "job").Scan(), job => job.Text("companyName") == opportunity.Text("Name"));

        firm.Sandbox.Host.Vendor("salesforce").Store.Update("Account", account.Id, new Dictionary<string, object?> { ["Tax_Registration_Number__c"] = number });
        await firm.CompletedAsync(deal);
        Assert.Equal(CaseStatus.Resolved, Assert.Single(await firm.CasesAsync(run)).Status);
    }

    [Fact]
    public async Task Value_that_does_not_tie_out_is_named_with_its_difference()
    {
        var deal = firm.NewDeal("Fixed Price - Installments");
        var amount = firm.Table("salesforce", "Opportunity").Find(deal)!.Number("Amount")!.Value;
        await firm.ChangeDealAsync(deal, new { Amount = amount + 5000m });
        await firm.WinAsync(deal);

        var run = await firm.ParkedAsync(deal);
        var raised = Assert.Single(await firm.CasesAsync(run));
        Assert.Equal("HND-010", raised.Code);
        Assert.Contains("5,000", raised.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accepting_one_finding_accepts_neither_the_others_nor_what_it_becomes_later()
    {
        var deal = firm.NewDeal("Time and Materials", like: record => firm.Sandbox.IsOfOneEntity(record));
        var amount = firm.Table("salesforce", "Opportunity").Find(deal)!.Number("Amount")!.Value;
        await firm.ChangeDealAsync(deal, new { Amount = amount + 5000m, Project_Manager__c = (string?)null });
        await firm.WinAsync(deal);
        var run = await firm.ParkedAsync(deal);
        Assert.Equal(["HND-002", "HND-010"], (await firm.CasesAsync(run)).Select(item => item.Code).Order());
        var difference = await firm.CaseAsync(run, "HND-010");

        await firm.Get<CaseActions>().ApproveAsync(RunningFirm.Controller, difference.Id, difference.Version, "The lines follow.", Token);

        // The manager is still missing.
        run = await firm.RunOfAsync(deal, item => item is { Status: RunStatus.Parked, Message: { } why } && !why.Contains("contract lines", StringComparison.Ordinal));
        Assert.Equal([("HND-002", CaseStatus.Open), ("HND-010", CaseStatus.Resolved)], (await firm.CasesAsync(run)).Select(item => (item.Code, item.Status)).Order());

        // Five thousand were accepted, six are not.
        await firm.ChangeDealAsync(deal, new { Amount = amount + 6000m });
        await firm.RunOfAsync(deal, item => item is { Status: RunStatus.Parked, Message: { } why } && why.Contains("6,000", StringComparison.Ordinal));
        var grown = Assert.Single(await firm.CasesAsync(run), item => item is { Code: "HND-010", Status: CaseStatus.Open });
        Assert.Equal(difference.Id, grown.CameBackFrom);
        Assert.Contains(grown.History, entry => entry is { Action: "came-back", Text: { } text } && text.StartsWith($"Case {difference.Id}, settled on ", StringComparison.Ordinal));

        await firm.Get<CaseActions>().ApproveAsync(RunningFirm.Controller, grown.Id, grown.Version, "Agreed again.", Token);
        await firm.ChangeDealAsync(deal, new { Project_Manager__c = firm.Table("salesforce", "Opportunity").Scan().Select(record => record.Text("Project_Manager__c")).First(mail => mail is not null) });
        var done = await firm.CompletedAsync(deal);
        Assert.Contains("tests:controller accepted: ", done.Steps.Single(step => step.Title.Contains("complete", StringComparison.OrdinalIgnoreCase)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_on_credit_hold_is_let_pass_until_a_day_by_whoever_may()
    {
        var deal = firm.NewDeal("Time and Materials", like: record => firm.Sandbox.IsOfOneEntity(record));
        var account = firm.Table("salesforce", "Opportunity").Find(deal)!.Text("AccountId")!;
        var salesforce = firm.Sandbox.Host.Vendor("salesforce").Store;
        salesforce.Update("Account", account, new Dictionary<string, object?> { ["Credit_Status__c"] = "Hold" });
        try
        {
            await firm.WinAsync(deal);
            var run = await firm.ParkedAsync(deal);
            var raised = Assert.Single(await firm.CasesAsync(run));
            Assert.Equal("MST-105", raised.Code);
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            var actions = firm.Get<CaseActions>();
            foreach (var until in new DateOnly?[] { null, today.AddDays(-1), today.AddYears(1).AddDays(1) })
            {
                await Assert.ThrowsAsync<RefusedException>(() => actions.WaiveAsync(RunningFirm.Controller, raised.Id, raised.Version, until, "They pay on Friday.", Token));
            }

            await actions.WaiveAsync(RunningFirm.Controller, raised.Id, raised.Version, today.AddDays(7), "They pay on Friday.", Token);

            await firm.CompletedAsync(deal);
            var waived = Assert.Single(await firm.CasesAsync(run));
            Assert.Equal(CaseStatus.Waived, waived.Status);
            Assert.Contains(waived.History, entry => entry is { Action: "waive", Text: { } text } && text.Contains("They pay on Friday.", StringComparison.Ordinal));
        }
        finally
        {
            salesforce.Update("Account", account, new Dictionary<string, object?> { ["Credit_Status__c"] = "Good" });
        }
    }

    [Fact]
    public async Task Deal_that_is_lost_again_is_taken_back_everywhere()
    {
        var deal = firm.NewDeal("Fixed Price - Milestones");
        await firm.WinAsync(deal);
        var run = await firm.CompletedAsync(deal);

        await firm.ChangeDealAsync(deal, new { StageName = "Closed Lost" });
        await firm.RunOfAsync(deal, item => item.Status == RunStatus.Compensated);

        foreach (var number in run.ProjectNumber!.Split(", "))
        {
            var job = firm.Table("netsuite", "job").Scan().Single(record => record.Text("entityId") == number);
            Assert.True(job.Flag("isInactive"));
            Assert.Equal("4", job.Text("entityStatus"));
        }

        Assert.All(firm.Table("kantata", "workspaces").Scan().Where(record => record.Text("title")!.StartsWith(run.Title, StringComparison.Ordinal)), record => Assert.True(record.Flag("archived")));
        Assert.Null(firm.Table("salesforce", "Opportunity").Find(deal)!.Text("Project_Number__c"));
    }

    [Fact]
    public async Task Lost_deal_with_postings_is_left_to_a_person()
    {
        var deal = firm.NewDeal("Time and Materials", like: record => record.Text("Selling_Entity__c") is not null);
        await firm.WinAsync(deal);
        var run = await firm.CompletedAsync(deal);
        var store = firm.Sandbox.Host.Vendor("netsuite").Store;
        var job = store["job"].Scan().First(record => record.Text("entityId") == run.ProjectNumber!.Split(", ")[0]);
        store.Insert("timeBill", new Dictionary<string, object?> { ["employee"] = store["employee"].Scan().First().Id, ["customer"] = job.Id, ["tranDate"] = new DateOnly(2026, 11, 20), ["hours"] = "8:00" });

        await firm.ChangeDealAsync(deal, new { StageName = "Closed Lost" });
        var raised = await firm.CaseAsync(run, "HND-009");
        Assert.Equal(run.Amount, raised.Exposure);
        Assert.False(store["job"].Find(job.Id)!.Flag("isInactive"));
    }

    private void AssertScheduleTiesOut(string billingType, Record job)
    {
        if (billingType is "Fixed Price - Milestones" or "Fixed Price - Installments" or "Retainer")
        {
            var schedule = firm.Table("netsuite", "billingSchedule").Find(job.Text("billingSchedule"))!;
            var total = Amounts(schedule, "milestone", "milestoneAmount") + Amounts(schedule, "recurrence", "amount");
            Assert.Equal(job.Number("jobPrice"), total);
        }
    }

    private static decimal Amounts(Record schedule, string list, string field) =>
        schedule[list] is System.Text.Json.Nodes.JsonArray lines ? lines.Sum(line => (decimal)line![field]!) : 0m;

    private async Task InboxIsEmptyAsync(string deal)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await again.WaitForNextTickAsync(Token))
        {
            await using var store = await firm.OpenStoreAsync();
            var polled = store.SystemRecords.Any(record => record.SourceId == deal);
            if (polled && !store.InboxItems.Any(item => item.SourceId == deal && item.Status == InboxStatus.Waiting) && await NothingNewAsync(deal, store))
            {
                return;
            }
        }
    }

    /// <summary>The state that Salesforce shows has been looked at: its newest stamp is in the inbox.</summary>
    private Task<bool> NothingNewAsync(string deal, PsaConsole.Engine.Store.EngineDbContext store)
    {
        var modified = firm.Table("salesforce", "Opportunity").Find(deal)!.Modified;
        return Task.FromResult(store.InboxItems.Any(item => item.SourceId == deal && item.OccurredAt >= modified.AddSeconds(-1)));
    }
}
