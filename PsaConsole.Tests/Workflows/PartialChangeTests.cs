using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Tests.Workflows;

/// <summary>Changes that a target refuses, loses or answers too late: finished or taken back, never done twice (3-workflows 3h steps 5 and 6).</summary>
public sealed class PartialChangeTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private const string Job = "/services/rest/record/v1/job";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refused_change_is_finished_by_a_retry_once_its_cause_is_removed()
    {
        var project = await HandedOver.OfAsync(firm, "Percent Complete");
        await firm.FaultAsync(new { system = "netsuite", method = "PATCH", path = Job, effect = "status:400" });
        await project.ChangeAsync(new { Name = project.Opportunity.Text("Name") + " Partial" });

        var run = await project.ChangeOfAsync("open", item => item.Status == RunStatus.Parked);
        var raised = await firm.CaseAsync(run, "CHG-704");
        Assert.Contains("verified in kantata only", raised.Message, StringComparison.Ordinal);
        Assert.EndsWith(" Partial", project.Workspace.Text("title"), StringComparison.Ordinal);
        await firm.ClearFaultsAsync();

        Assert.Equal(CaseStatus.Resolved, (await firm.RetryAsync(raised)).Status);
        await project.ChangedAsync("open");
        Assert.EndsWith(" Partial", project.Job.Text("companyName"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Value_that_a_target_loses_is_found_by_reading_back_and_written_again()
    {
        var project = await HandedOver.OfAsync(firm, "Percent Complete");
        await firm.FaultAsync(new { system = "netsuite", method = "PATCH", path = Job, effect = "omit:companyName", count = 1 });
        await project.ChangeAsync(new { Name = project.Opportunity.Text("Name") + " Lost" });

        var run = await project.ChangeOfAsync("open", item => item.Status == RunStatus.Parked);
        var raised = await firm.CaseAsync(run, "CHG-704");
        Assert.Contains("Name", raised.Message, StringComparison.Ordinal);

        Assert.Equal(CaseStatus.Resolved, (await firm.RetryAsync(raised)).Status);
        Assert.EndsWith(" Lost", project.Job.Text("companyName"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Later_change_waits_behind_one_that_is_not_finished()
    {
        var project = await HandedOver.OfAsync(firm, "Percent Complete");
        var name = project.Opportunity.Text("Name");
        await firm.FaultAsync(new { system = "netsuite", method = "PATCH", path = Job, effect = "status:400" });
        await project.ChangeAsync(new { Name = name + " first" });
        var first = await project.ChangeOfAsync("open", item => item.Status == RunStatus.Parked);

        await project.ChangeAsync(new { Name = name + " second" });
        var second = await project.ChangeOfAsync("open", item => item.Id != first.Id && item.Status == RunStatus.Waiting);
        Assert.EndsWith(":r2:open", second.BusinessKey, StringComparison.Ordinal);
        Assert.Contains("Settle it first", (await firm.CaseAsync(second, "CHG-702")).Message, StringComparison.Ordinal);
        await firm.ClearFaultsAsync();
        await firm.RetryAsync(await firm.CaseAsync(first, "CHG-704"));

        await project.ChangedAsync("open");
        Assert.EndsWith(" second", project.Job.Text("companyName"), StringComparison.Ordinal);
        Assert.Equal(CaseStatus.Resolved, (await firm.CaseAsync(second, "CHG-702")).Status);
    }

    [Fact]
    public async Task Refused_change_is_taken_back_where_it_was_made()
    {
        var project = await HandedOver.OfAsync(firm, "Percent Complete");
        var before = project.Workspace.Text("title");
        await firm.FaultAsync(new { system = "netsuite", method = "PATCH", path = Job, effect = "status:400" });
        await project.ChangeAsync(new { Name = before + " Undone" });
        var run = await project.ChangeOfAsync("open", item => item.Status == RunStatus.Parked);
        var raised = await firm.CaseAsync(run, "CHG-704");
        await firm.ClearFaultsAsync();

        await firm.Get<CaseActions>().CompensateAsync(RunningFirm.Controller, raised.Id, raised.Version, "the books keep the old name", Token);

        await project.ChangeOfAsync("open", item => item.Status == RunStatus.Compensated);
        Assert.Equal((before, before), (project.Workspace.Text("title"), project.Job.Text("companyName")));
        Assert.All(await firm.CasesAsync(run), item => Assert.Equal(CaseStatus.Resolved, item.Status));

        // What a person took back does not come again by itself when something else of the deal changes.
        await project.ChangeAsync(new { Purchase_Order__c = "PO-OTHER" });
        await project.AskedAsync("finance", _ => true);
        Assert.Equal(run.Id, (await project.ChangeOfAsync("open", _ => true)).Id);
    }

    [Theory]
    [InlineData("commit-then-drop")]
    [InlineData("drop")]
    [InlineData("status:503")]
    public async Task Schedule_whose_answer_is_lost_is_changed_once(string effect)
    {
        var project = await HandedOver.OfAsync(firm, "Fixed Price - Milestones");
        var (last, amount, count) = (project.Entries[^1], project.Opportunity.Number("Amount")!.Value, project.Lines.Count);
        project.AddEntry(last, "Extension", 10_000m);
        await project.AmendAsync(amount + 10_000m);
        var asked = await project.AskedAsync("contract", _ => true);
        await firm.FaultAsync(new { system = "netsuite", path = "/services/rest/record/v1/billingSchedule", method = "PATCH", effect, count = 2 });
        await firm.FaultAsync(new { system = "kantata", path = "/api/v1/billing_milestones", method = "POST", effect, count = 2 });
        await project.ApproveAsync(asked);

        await project.ChangedAsync("contract");
        await firm.ClearFaultsAsync();

        Assert.Equal((count + 1, amount + 10_000m), (project.Lines.Count, project.Lines.Sum(line => line.Amount)));
        Assert.Equal((count + 1, amount + 10_000m), (project.Milestones.Count, project.Milestones.Sum(item => item.Amount)));
    }
}
