using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Sandbox;

namespace PsaConsole.Tests.Workflows;

/// <summary>What changes of a deal after its hand-off, from Salesforce to the verified targets (3-workflows 3h).</summary>
public sealed class ProjectChangeTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private const string Milestones = "Fixed Price - Milestones";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Name_manager_and_end_date_are_carried_over_without_asking_anybody()
    {
        var project = await HandedOver.OfAsync(firm, "Percent Complete");
        var manager = firm.Table("salesforce", "Opportunity").Scan().Select(record => record.Text("Project_Manager__c")).First(mail => mail is not null && mail != project.Opportunity.Text("Project_Manager__c"));
        var end = NearEnd(project);
        await project.ChangeAsync(new { Name = project.Opportunity.Text("Name") + " Nord", Project_Manager__c = manager, End_Date__c = end });

        var run = await project.ChangedAsync("open");

        Assert.Equal(("chg:" + project.Number + ":r1:open", 1), (run.BusinessKey, (await project.ChangesAsync()).Count));
        Assert.All(run.Steps, step => Assert.Equal(StepStatus.Done, step.Status));
        var (job, workspace) = (project.Job, project.Workspace);
        Assert.EndsWith(" Nord", job.Text("companyName"), StringComparison.Ordinal);
        Assert.Equal((job.Text("companyName"), end), (workspace.Text("title"), workspace.Date("due_date")));
        Assert.Equal(end, job.Date("projectedEndDate"));
        Assert.Equal((manager, manager), (firm.Table("netsuite", "employee").Find(job.Text("projectManager"))!.Text("email"), firm.Table("kantata", "users").Find(workspace.Text("primary_maven_id"))!.Text("email_address")));
        Assert.StartsWith($"Change 1 of {project.Number}", project.Opportunity.Text("Handoff_Message__c"), StringComparison.Ordinal);
        Assert.Empty(await firm.CasesAsync(run));
        await using var store = await firm.OpenStoreAsync();
        Assert.EndsWith(" Nord", (await store.Engagements.SingleAsync(item => item.Number == project.Number, Token)).Name, StringComparison.Ordinal);
        Assert.False(await store.Approvals.AnyAsync(item => item.RunId == run.Id, Token));
    }

    [Fact]
    public async Task Change_during_which_the_ERP_could_not_be_asked_is_not_lost()
    {
        var project = await HandedOver.OfAsync(firm, "Percent Complete");
        await firm.FaultAsync(new { system = "netsuite", effect = "status:503", count = 20 });
        await project.ChangeAsync(new { Name = project.Opportunity.Text("Name") + " Ost" });

        await project.ChangedAsync("open");
        await firm.ClearFaultsAsync();

        Assert.EndsWith(" Ost", project.Job.Text("companyName"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Project_that_people_put_on_hold_stays_on_hold_when_its_dates_change()
    {
        var project = await HandedOver.OfAsync(firm, "Percent Complete");
        firm.Sandbox.Host.Vendor("kantata").Store.Update("workspaces", project.Workspace.Id, new Dictionary<string, object?> { ["status"] = new System.Text.Json.Nodes.JsonObject { ["color"] = "yellow", ["key"] = 400, ["message"] = "On Hold" } });
        await project.ChangeAsync(new { End_Date__c = NearEnd(project) });

        await project.ChangedAsync("open");

        Assert.Equal(400, (int)((System.Text.Json.Nodes.JsonObject)project.Workspace["status"]!)["key"]!);
    }

    [Fact]
    public async Task Amendment_is_planned_anew_around_what_is_billed_once_finance_agrees()
    {
        var project = await HandedOver.OfAsync(firm, Milestones);
        project.InvoiceFirst();
        var (entries, amount) = (project.Entries, project.Opportunity.Number("Amount")!.Value);
        var last = entries[^1];
        project.AddEntry(last, "Extension", 15_000m);

        await project.AmendAsync(amount + 45_000m, (last.Id, last.Number("Amount__c")!.Value + 30_000m));

        var asked = await project.AskedAsync("contract", _ => true);
        Assert.Equal((ApprovalKind.Change, 45_000m), (asked.Kind, asked.Amount));
        Assert.Contains("Extension", asked.Changes, StringComparison.Ordinal);
        Assert.Equal(amount, project.Job.Number("jobPrice"));
        await project.ApproveAsync(asked);
        await project.ChangedAsync("contract");

        Assert.Equal(amount + 45_000m, project.Job.Number("jobPrice"));
        Assert.Equal(amount + 45_000m, project.Lines.Sum(line => line.Amount));
        Assert.Equal((entries[0].Text("Name")!, entries[0].Number("Amount__c")!.Value, true), project.Lines[0]);
        Assert.Contains(("Extension", 15_000m, false), project.Lines);
        Assert.Equal(amount + 45_000m, project.Milestones.Sum(item => item.Amount));
        Assert.Contains(project.Milestones, item => item.Title.EndsWith(" Extension", StringComparison.Ordinal));
        await using var store = await firm.OpenStoreAsync();
        Assert.Equal(amount + 45_000m, (await store.Engagements.SingleAsync(item => item.Number == project.Number, Token)).ContractValue);
    }

    /// <summary>Salesforce stamps whole seconds: what is saved in the second of its creation can't be told from what was only created, and a hand-off may take less.</summary>
    private static async Task OlderThanASecondAsync()
    {
        var created = TimeProvider.System.GetUtcNow();
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() <= created.ToUnixTimeSeconds() && await again.WaitForNextTickAsync(Token))
        {
        }
    }

    [Fact]
    public async Task Milestone_that_moves_is_carried_over_though_nobody_saves_its_deal()
    {
        var project = await HandedOver.OfAsync(firm, Milestones);
        var last = project.Entries[^1];
        var day = last.Date("Due_Date__c")!.Value.AddDays(4);
        await OlderThanASecondAsync();
        using var salesforce = await firm.Sandbox.SalesforceAsync();
        using var saved = await salesforce.PatchAsync($"sobjects/Billing_Schedule_Entry__c/{last.Id}", System.Net.Http.Json.JsonContent.Create(new { Due_Date__c = day }), Token);
        saved.EnsureSuccessStatusCode();

        var run = await project.ChangedAsync("open");

        Assert.Contains((last.Text("Name")!, day), project.Dates);
        Assert.Contains(firm.Table("kantata", "billing_milestones").FindBy("workspace_id", project.Workspace.Id), item => item.Text("title")!.EndsWith(" " + last.Text("Name"), StringComparison.Ordinal) && item.Date("date_to_invoice") == day);
        Assert.Contains(run.Steps, step => step.Key == "notice");
    }

    [Fact]
    public async Task Deal_of_two_legal_entities_is_amended_in_both_once_each_is_approved()
    {
        var lines = firm.Table("salesforce", "OpportunityLineItem");
        var deal = firm.NewDeal("Time and Materials", like: record => lines.FindBy("OpportunityId", record.Id).Select(line => line.Text("Selling_Entity__c")).Distinct().Count() > 1);
        await firm.WinAsync(deal);
        var numbers = (await firm.CompletedAsync(deal)).ProjectNumber!.Split(", ");
        var project = new HandedOver(firm, deal, numbers[0]);
        var store = firm.Sandbox.Host.Vendor("salesforce").Store;
        var amount = project.Opportunity.Number("Amount")!.Value;
        foreach (var line in lines.FindBy("OpportunityId", deal))
        {
            store.Update("OpportunityLineItem", line.Id, new Dictionary<string, object?> { ["TotalPrice"] = line.Number("TotalPrice") + 1_000m });
            amount += 1_000m;
        }

        await project.ChangeAsync(new { Amount = amount });
        var run = await project.ChangeOfAsync("contract", item => item.Status == RunStatus.WaitingApproval);
        await using (var engine = await firm.OpenStoreAsync())
        {
            var asked = await engine.Approvals.AsNoTracking().Where(item => item.RunId == run.Id && item.Status == ApprovalStatus.Waiting).ToListAsync(Token);
            Assert.Equal(2, asked.Select(item => item.LegalEntity).Distinct().Count());
            foreach (var one in asked)
            {
                await project.ApproveAsync(one);
            }
        }

        await project.ChangedAsync("contract");
        Assert.Equal(amount, firm.Table("netsuite", "job").Scan().Where(job => numbers.Contains(job.Text("entityId"))).Sum(job => job.Number("jobPrice")));
        await using var kept = await firm.OpenStoreAsync();
        Assert.Equal(amount, (await kept.Runs.SingleAsync(item => item.LaneKey == run.LaneKey && item.Workflow == OpportunityToProject.WorkflowName, Token)).Amount);
    }

    [Fact]
    public async Task End_date_that_moves_far_waits_for_finance()
    {
        var project = await HandedOver.OfAsync(firm, "Percent Complete");
        var end = project.Opportunity.Date("End_Date__c")!.Value.AddDays(60);
        await project.ChangeAsync(new { End_Date__c = end });

        var asked = await project.AskedAsync("finance", _ => true);
        Assert.Contains("PL72", asked.Reason, StringComparison.Ordinal);
        await project.ApproveAsync(asked);
        await project.ChangedAsync("finance");

        Assert.Equal((end, end), (project.Job.Date("projectedEndDate"), project.Workspace.Date("due_date")));
    }

    [Fact]
    public async Task Schedule_that_does_not_add_up_is_told_with_its_difference_and_goes_on_when_it_does()
    {
        var project = await HandedOver.OfAsync(firm, Milestones);
        var (last, amount) = (project.Entries[^1], project.Opportunity.Number("Amount")!.Value);
        await project.AmendAsync(amount + 45_000m, (last.Id, last.Number("Amount__c")!.Value + 40_000m));

        var run = await project.ChangeOfAsync("contract", item => item.Status == RunStatus.Parked);
        var raised = await firm.CaseAsync(run, "BIL-602");
        Assert.Equal(5_000m, raised.Exposure);

        await project.AmendAsync(amount + 40_000m);
        var asked = await project.AskedAsync("contract", _ => true);
        Assert.Equal(40_000m, asked.Amount);
        Assert.Equal(CaseStatus.Resolved, (await firm.CaseAsync(run, "BIL-602")).Status);
    }

    [Fact]
    public async Task What_is_billed_is_not_changed_and_the_case_closes_when_the_deal_says_so_again()
    {
        var project = await HandedOver.OfAsync(firm, Milestones);
        project.InvoiceFirst();
        var (first, amount) = (project.Entries[0], project.Opportunity.Number("Amount")!.Value);
        var billed = first.Number("Amount__c")!.Value;
        await project.AmendAsync(amount + 1_000m, (first.Id, billed + 1_000m));

        var run = await project.ChangeOfAsync("contract", item => item.Status == RunStatus.Parked);
        Assert.Contains("is billed", (await firm.CaseAsync(run, "CHG-703")).Message, StringComparison.Ordinal);
        Assert.Equal(amount, project.Job.Number("jobPrice"));

        await project.AmendAsync(amount, (first.Id, billed));
        await project.ChangeOfAsync("contract", item => item.Status == RunStatus.Ended);
        Assert.All(await firm.CasesAsync(run), item => Assert.Equal(CaseStatus.Resolved, item.Status));
    }

    [Fact]
    public async Task What_waits_for_nobody_does_not_wait_for_finance_and_a_rejection_is_settled_by_the_old_value()
    {
        var project = await HandedOver.OfAsync(firm, "Percent Complete");
        var order = project.Opportunity.Text("Purchase_Order__c");
        await project.ChangeAsync(new { Name = project.Opportunity.Text("Name") + " Süd", Purchase_Order__c = "PO-NEW" });

        var asked = await project.AskedAsync("finance", _ => true);
        await project.ChangedAsync("open");
        Assert.EndsWith(" Süd", project.Job.Text("companyName"), StringComparison.Ordinal);
        Assert.Equal(order, project.Job.Text("custentity_psac_po"));

        await firm.Get<ApprovalActions>().RejectAsync(RunningFirm.Controller, asked.Id, asked.Version, "not the client's", Token);
        var run = await project.ChangeOfAsync("finance", item => item.Status == RunStatus.Parked);
        Assert.Equal(CaseStatus.Open, (await firm.CaseAsync(run, "CHG-701")).Status);
        await project.ChangeAsync(new { Purchase_Order__c = order });
        await project.ChangeOfAsync("finance", item => item.Status == RunStatus.Ended);
        Assert.Equal(CaseStatus.Resolved, (await firm.CaseAsync(run, "CHG-701")).Status);
    }

    [Fact]
    public async Task Deal_that_changes_while_finance_decides_is_asked_about_again()
    {
        var project = await HandedOver.OfAsync(firm, "Percent Complete");
        await project.ChangeAsync(new { Purchase_Order__c = "PO-1" });
        var asked = await project.AskedAsync("finance", _ => true);

        await project.ChangeAsync(new { Purchase_Order__c = "PO-2" });
        var again = await project.AskedAsync("finance", item => item.Id != asked.Id);

        await using (var store = await firm.OpenStoreAsync())
        {
            Assert.Equal(ApprovalStatus.Void, (await store.Approvals.SingleAsync(item => item.Id == asked.Id, Token)).Status);
        }

        await project.ApproveAsync(again);
        await project.ChangedAsync("finance");
        Assert.Equal("PO-2", project.Job.Text("custentity_psac_po"));
        Assert.Single(await project.ChangesAsync());
    }

    [Fact]
    public async Task Billing_type_is_refused_while_the_rest_of_the_change_goes_on()
    {
        var project = await HandedOver.OfAsync(firm, "Percent Complete");
        await project.ChangeAsync(new { Name = project.Opportunity.Text("Name") + " West", Billing_Type__c = "Non-Billable" });

        await project.ChangedAsync("open");
        var run = await project.ChangeOfAsync("contract", item => item.Status == RunStatus.Parked);
        Assert.Contains("Billing type", (await firm.CaseAsync(run, "CHG-703")).Message, StringComparison.Ordinal);
        Assert.Equal("1", project.Job.Text("jobBillingType"));

        await project.ChangeAsync(new { Billing_Type__c = "Percent Complete" });
        await project.ChangeOfAsync("contract", item => item.Status == RunStatus.Ended);
        Assert.Equal(CaseStatus.Resolved, (await firm.CaseAsync(run, "CHG-703")).Status);
    }

    [Fact]
    public async Task What_a_bookkeeper_changed_meanwhile_is_not_written_over_unasked()
    {
        var project = await HandedOver.OfAsync(firm, "Percent Complete");
        firm.Sandbox.Host.Vendor("netsuite").Store.Update("job", project.Job.Id, new Dictionary<string, object?> { ["custentity_psac_po"] = "PO-BOOKS" });
        await project.ChangeAsync(new { Purchase_Order__c = "PO-SALES" });

        var run = await project.ChangeOfAsync("finance", item => item.Status == RunStatus.Parked);
        var raised = await firm.CaseAsync(run, "CHG-702");
        Assert.Contains("PO-BOOKS", raised.Message, StringComparison.Ordinal);
        await firm.Get<CaseActions>().EditAndRetryAsync(RunningFirm.Operations, raised.Id, raised.Version, new Dictionary<string, string?> { ["overwrite"] = "yes" }, "sales has the client's order", Token);

        await project.ApproveAsync(await project.AskedAsync("finance", _ => true));
        await project.ChangedAsync("finance");
        Assert.Equal("PO-SALES", project.Job.Text("custentity_psac_po"));
        Assert.Equal(CaseStatus.Resolved, (await firm.CaseAsync(run, "CHG-702")).Status);
    }

    [Fact]
    public async Task Change_during_the_hand_off_waits_behind_it()
    {
        var deal = firm.NewDeal("Percent Complete", "Early", firm.Sandbox.IsOfOneEntity);
        await firm.FaultAsync(new { system = "netsuite", path = "/services/rest/record/v1/job", effect = "status:503" });
        await firm.WinAsync(deal);
        var waiting = await firm.RunOfAsync(deal, run => run.Status == RunStatus.Waiting && run.StepKey!.StartsWith("erp:", StringComparison.Ordinal));
        var project = new HandedOver(firm, deal, waiting.ProjectNumber!);
        await project.ChangeAsync(new { Name = project.Opportunity.Text("Name") + " Ost" });
        await project.ChangeOfAsync("open", run => run is { Status: RunStatus.Waiting, Message: "The hand-off goes first." });

        await firm.ClearFaultsAsync();
        await project.ChangedAsync("open");

        Assert.EndsWith(" Ost", project.Job.Text("companyName"), StringComparison.Ordinal);
        Assert.EndsWith(" Ost", project.Workspace.Text("title"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deal_that_is_lost_leaves_no_change_to_decide()
    {
        var project = await HandedOver.OfAsync(firm, "Percent Complete");
        await project.ChangeAsync(new { Purchase_Order__c = "PO-LOST" });
        var asked = await project.AskedAsync("finance", _ => true);

        await project.ChangeAsync(new { StageName = "Closed Lost" });

        await project.ChangeOfAsync("finance", run => run.Status == RunStatus.Ended);
        await using var store = await firm.OpenStoreAsync();
        Assert.Equal(ApprovalStatus.Void, (await store.Approvals.SingleAsync(item => item.Id == asked.Id, Token)).Status);
    }

    /// <summary>Ten days from its end within the same year.</summary>
    private static DateOnly NearEnd(HandedOver project)
    {
        var end = project.Opportunity.Date("End_Date__c")!.Value;
        return end.AddDays(10).Year == end.Year ? end.AddDays(10) : end.AddDays(-10);
    }
}
