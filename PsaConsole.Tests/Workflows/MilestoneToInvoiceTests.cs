using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Workflows;
using PsaConsole.Engine.Workflows.Billing;
using PsaConsole.Tests.Sandbox.Kantata;

namespace PsaConsole.Tests.Workflows;

/// <summary>What was delivered and accepted is invoiced, seen in both vendors' own records (3-workflows 3g).</summary>
public sealed class MilestoneToInvoiceTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Delivered_milestone_is_billed_once_it_is_accepted_and_its_invoice_is_read_back()
    {
        var milestones = await Milestones.OfAsync(firm);
        var milestone = milestones.Accepted[0];
        await milestones.DeliverAsync(milestone);

        var run = await milestones.WaitingAsync(milestone, "acceptance");
        Assert.Equal(0, milestones.Invoice());
        await milestones.AcceptAsync(run);

        await ReadyAsync(milestones, milestone);
        Assert.True(milestones.LineOf(milestone)["milestoneCompleted"]!.GetValue<bool>());
        Assert.Equal(1, milestones.Invoice());
        var done = await milestones.RunOfAsync(milestone, item => item.Status == RunStatus.Completed);

        var invoice = Assert.Single(firm.Table("netsuite", "invoice").Scan(), item => item.Text("job") == milestones.Job.Id);
        using var kantata = firm.Sandbox.Kantata();
        var mark = Assert.Single(await kantata.ListAsync($"external_references.json?subject_type=BillingMilestone&subject_id={milestone.Id}"));
        Assert.Equal(invoice.Text("tranId"), mark.Text("external_message"));
        Assert.All(done.Steps, step => Assert.Equal(StepStatus.Done, step.Status));
        Assert.Empty(await firm.CasesAsync(done));
    }

    [Fact]
    public async Task Invoice_number_that_the_PSA_does_not_keep_is_a_case_until_it_does()
    {
        var milestones = await Milestones.OfAsync(firm);
        var milestone = milestones.Accepted[0];
        await milestones.DeliverAsync(milestone);
        await milestones.AcceptAsync(await milestones.WaitingAsync(milestone, "acceptance"));
        await ReadyAsync(milestones, milestone);
        await firm.FaultAsync(new { system = "kantata", path = "/api/v1/external_references", effect = "omit:external_message" });
        Assert.Equal(1, milestones.Invoice());

        var run = await milestones.RunOfAsync(milestone, item => item.Status == RunStatus.Parked);
        await firm.ClearFaultsAsync();

        var raised = Assert.Single(await firm.CasesAsync(run));
        Assert.Equal(("BIL-606", raised.Weight(), "IntegrationAdministration"), (raised.Code, raised.Severity, raised.OwnerGroup));
        Assert.Equal(CaseStatus.Resolved, (await firm.RetryAsync(raised)).Status);
        await milestones.RunOfAsync(milestone, item => item.Status == RunStatus.Completed);
    }

    [Fact]
    public async Task Delivery_that_is_taken_back_is_not_invoiced()
    {
        var milestones = await Milestones.OfAsync(firm);
        var milestone = milestones.Accepted[0];
        await milestones.DeliverAsync(milestone);
        await milestones.AcceptAsync(await milestones.WaitingAsync(milestone, "acceptance"));
        await ReadyAsync(milestones, milestone);

        await milestones.TakeBackAsync(milestone);

        await milestones.RunOfAsync(milestone, run => run.Status == RunStatus.Compensated);
        Assert.False(milestones.LineOf(milestone)["milestoneCompleted"]!.GetValue<bool>());
        Assert.Equal(0, milestones.Invoice());

        // Delivered again, it is billed again, by the evidence that is there.
        await milestones.DeliverAsync(milestone);
        await ReadyAsync(milestones, milestone);
        Assert.Equal(1, milestones.Invoice());
        await milestones.RunOfAsync(milestone, run => run.Status == RunStatus.Completed);
    }

    [Fact]
    public async Task Delivery_that_is_taken_back_after_the_invoice_is_a_case()
    {
        var milestones = await Milestones.OfAsync(firm);
        var milestone = milestones.Accepted[0];
        await milestones.DeliverAsync(milestone);
        await milestones.AcceptAsync(await milestones.WaitingAsync(milestone, "acceptance"));
        await ReadyAsync(milestones, milestone);
        milestones.Invoice();
        var run = await milestones.RunOfAsync(milestone, item => item.Status == RunStatus.Completed);

        await milestones.TakeBackAsync(milestone);

        var raised = await firm.CaseOfAsync(run.BusinessKey, "BIL-604");
        Assert.Equal((run.Amount, run.Currency), (raised.Exposure, raised.ExposureCurrency));
    }

    [Fact]
    public async Task What_is_accepted_and_not_invoiced_in_time_is_told_until_it_is()
    {
        var milestones = await Milestones.OfAsync(firm);
        var milestone = milestones.Accepted[0];
        await milestones.DeliverAsync(milestone);
        await milestones.AcceptAsync(await milestones.WaitingAsync(milestone, "acceptance"), firm.Sandbox.Host.Firm.Today.AddDays(-9));

        var run = await ReadyAsync(milestones, milestone);
        var raised = Assert.Single(await firm.CasesAsync(run));
        Assert.Equal(("BIL-603", run.Amount), (raised.Code, raised.Exposure));
        milestones.Invoice();

        await milestones.RunOfAsync(milestone, item => item.Status == RunStatus.Completed);
        Assert.Equal(CaseStatus.Resolved, Assert.Single(await firm.CasesAsync(run)).Status);
    }

    [Fact]
    public async Task Lateness_that_finance_accepts_is_told_no_more_and_the_invoice_is_still_waited_for()
    {
        var milestones = await Milestones.OfAsync(firm);
        var milestone = milestones.Accepted[0];
        await milestones.DeliverAsync(milestone);
        await milestones.AcceptAsync(await milestones.WaitingAsync(milestone, "acceptance"), firm.Sandbox.Host.Firm.Today.AddDays(-9));
        var run = await ReadyAsync(milestones, milestone);
        var raised = Assert.Single(await firm.CasesAsync(run));

        await firm.Get<CaseActions>().ApproveAsync(RunningFirm.Controller, raised.Id, raised.Version, "The client asked for January.", Token);

        var looked = run.Steps.Single(step => step.Key == "invoice").Attempts;
        await milestones.RunOfAsync(milestone, item => item.Status == RunStatus.Waiting && item.Steps.Single(step => step.Key == "invoice").Attempts > looked + 1);
        Assert.Equal(CaseStatus.Resolved, Assert.Single(await firm.CasesAsync(run)).Status);
        milestones.Invoice();
        var done = await milestones.RunOfAsync(milestone, item => item.Status == RunStatus.Completed);
        Assert.Equal(StepStatus.Done, done.Steps.Single(step => step.Key == "invoice").Status);
    }

    [Fact]
    public async Task Schedule_that_does_not_tie_out_is_waited_for()
    {
        var milestones = await Milestones.OfAsync(firm);
        var milestone = milestones.Accepted[0];
        var correct = milestones.LineOf(milestone)["milestoneAmount"]!.DeepClone();
        Set(milestones, milestone, 1m);
        await milestones.DeliverAsync(milestone);
        await milestones.AcceptAsync(await milestones.WaitingAsync(milestone, "acceptance"));

        var run = await milestones.WaitingAsync(milestone, "entry");
        Assert.All(await firm.CasesAsync(run), item => Assert.Equal("BIL-602", item.Code));
        Set(milestones, milestone, correct);

        await ReadyAsync(milestones, milestone);
        Assert.All(await firm.CasesAsync(run), item => Assert.Equal(CaseStatus.Resolved, item.Status));
    }

    [Fact]
    public async Task Large_amount_is_let_through_by_finance_first()
    {
        var milestones = await Milestones.OfAsync(firm);
        var milestone = milestones.Accepted[0];
        var more = 10_000_000m;
        Set(milestones, milestone, decimal.Parse(milestones.LineOf(milestone)["milestoneAmount"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture) + more);
        firm.Sandbox.Host.Vendor("netsuite").Store.Update("job", milestones.Job.Id, new Dictionary<string, object?> { ["jobPrice"] = milestones.Job.Number("jobPrice") + more });
        firm.Sandbox.Host.Vendor("kantata").Store.Update("billing_milestones", milestone.Id, new Dictionary<string, object?> { ["amount_in_cents"] = (long)milestone.Number("amount_in_cents")! + ((long)more * 100) });
        await milestones.DeliverAsync(milestone);
        await milestones.AcceptAsync(await milestones.WaitingAsync(milestone, "acceptance"));

        var run = await milestones.RunOfAsync(milestone, item => item.Status == RunStatus.WaitingApproval);
        Assert.Equal(0, milestones.Invoice());
        await using var store = await firm.OpenStoreAsync();
        var asked = await store.Approvals.AsNoTracking().SingleAsync(item => item.RunId == run.Id, Token);
        Assert.Equal((ApprovalKind.Billing, run.Amount), (asked.Kind, asked.Amount));
        await Refused(() => firm.Get<ApprovalActions>().ApproveAsync(RunningFirm.Operations, asked.Id, asked.Version, "as delivered", Token), "role");
        await firm.Get<ApprovalActions>().ApproveAsync(RunningFirm.Controller, asked.Id, asked.Version, "as delivered", Token);

        await ReadyAsync(milestones, milestone);
        Assert.Equal(1, milestones.Invoice());
    }

    [Fact]
    public async Task Acceptance_is_recorded_by_whoever_may_with_evidence_and_once()
    {
        var milestones = await Milestones.OfAsync(firm);
        var milestone = milestones.Accepted[0];
        await milestones.DeliverAsync(milestone);
        var run = await milestones.WaitingAsync(milestone, "acceptance");
        var (acceptances, today) = (firm.Get<Acceptances>(), firm.Sandbox.Host.Firm.Today);
        var auditor = RunningFirm.Operations with { Roles = new HashSet<string> { Roles.Auditor } };

        await Refused(() => acceptances.RecordAsync(auditor, run.Id, "Grace Client", today, "https://docs.example/1", Token), "role");
        await Refused(() => acceptances.RecordAsync(RunningFirm.Operations, run.Id, " ", today, "https://docs.example/1", Token), "who accepted");
        await Refused(() => acceptances.RecordAsync(RunningFirm.Operations, run.Id, "Grace Client", today.AddYears(1), "https://docs.example/1", Token), "future");
        await Refused(() => acceptances.RecordAsync(RunningFirm.Operations, run.Id, "Grace Client", today, "javascript:alert(1)", Token), "https");
        await milestones.AcceptAsync(run);
        await Refused(() => milestones.AcceptAsync(run), "already");

        await using var store = await firm.OpenStoreAsync();
        Assert.Equal(
            [false, false, false, false, true, false],
            await store.AuditEntries.Where(entry => entry.Action == "milestone.accept" && entry.Entity == $"run:{run.Id}").OrderBy(entry => entry.Id).Select(entry => entry.Allowed).ToListAsync(Token));
    }

    private static Task<Run> ReadyAsync(Milestones milestones, PsaConsole.Sandbox.Core.Record milestone) => milestones.WaitingAsync(milestone, "invoice");

    private void Set(Milestones milestones, PsaConsole.Sandbox.Core.Record milestone, JsonNode amount)
    {
        var store = firm.Sandbox.Host.Vendor("netsuite").Store;
        var schedule = store["billingSchedule"].Find(milestones.Job.Text("billingSchedule"))!;
        var lines = ((JsonArray)schedule["milestone"]!).DeepClone().AsArray();
        lines.OfType<JsonObject>().Single(line => line["id"]!.ToString() == milestones.LineOf(milestone)["id"]!.ToString())["milestoneAmount"] = amount.DeepClone();
        store.Update("billingSchedule", schedule.Id, new Dictionary<string, object?> { ["milestone"] = lines });
    }

    private static async Task Refused(Func<Task> act, string why) => Assert.Contains(why, (await Assert.ThrowsAsync<RefusedException>(act)).Message, StringComparison.OrdinalIgnoreCase);
}
