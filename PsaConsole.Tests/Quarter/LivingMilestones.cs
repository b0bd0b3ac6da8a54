using PsaConsole.Engine.Workflows;
using PsaConsole.Engine.Workflows.Billing;
using PsaConsole.Sandbox.NetSuite;
using PsaConsole.Tests.Workflows;
using Record = PsaConsole.Sandbox.Core.Record;

namespace PsaConsole.Tests.Quarter;

/// <summary>Milestones of fixed-price projects that are delivered, accepted by the client and invoiced by the bookkeepers, as people in PSA, console and ERP would.</summary>
internal sealed class LivingMilestones(RunningFirm firm, List<string> log)
{
    private readonly Dictionary<string, Timesheets> delivered = new(StringComparer.Ordinal);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The next milestone of the project that the client has to accept is delivered; nothing where none is left.</summary>
    public void Deliver(Timesheets project)
    {
        var kantata = firm.Sandbox.Host.Vendor("kantata").Store;
        if (Of(project).FirstOrDefault(milestone => !delivered.ContainsKey(milestone.Id)) is { } next)
        {
            log.Add($"deliver milestone {next.Id} of {project.Number}");
            delivered[next.Id] = project;
            kantata.Update("stories", next.Text("story_id")!, new Dictionary<string, object?> { ["percentage_complete"] = 100L, ["state"] = "completed" });
        }
    }

    /// <summary>Clients accept what waits for that, and the billing run of the books takes what is ready.</summary>
    /// <param name="runs">Runs that wait.</param>
    public async Task AttendAsync(IEnumerable<Run> runs, DateOnly day)
    {
        foreach (var run in runs.Where(run => run is { Workflow: MilestoneToInvoice.WorkflowName, StepKey: "acceptance" }))
        {
            log.Add($"accept {run.Title}");
            await firm.Get<Acceptances>().RecordAsync(RunningFirm.Operations, run.Id, "Grace Client", day, "https://docs.example/accepted.pdf", Token);
        }

        var store = firm.Sandbox.Host.Vendor("netsuite").Store;
        foreach (var project in delivered.Values.Distinct())
        {
            Invoicing.Run(new Records(store), store, project.Job.Id, day);
        }
    }

    /// <summary>What the project's invoices come to, and what its delivered milestones are worth by the deal's billing schedule in the CRM.</summary>
    public CheckedLine Check(Timesheets project)
    {
        var schedule = firm.Table("salesforce", "Billing_Schedule_Entry__c").FindBy("Opportunity__c", project.Deal.Id).ToList();
        var invoices = firm.Table("netsuite", "invoice").Scan().Where(invoice => invoice.Text("job") == project.Job.Id).ToList();
        var due = delivered.Where(milestone => milestone.Value == project)
            .Select(milestone => firm.Table("kantata", "billing_milestones").Find(milestone.Key)!.Text("title")!)
            .Sum(title => schedule.Single(entry => title.EndsWith(entry.Text("Name")!, StringComparison.Ordinal)).Number("Amount__c")!.Value);
        return new CheckedLine($"invoices of {project.Number}", (invoices.Sum(invoice => invoice.Number("total") ?? 0m), 0m, 0m), (due, 0m, 0m), invoices.Count);
    }

    public int Count => delivered.Count;

    /// <summary>The lanes in which the engine bills them.</summary>
    public IEnumerable<string> Lanes => delivered.Keys.Select(id => $"milestone:kantata:{id}");

    private List<Record> Of(Timesheets project) =>
        [.. firm.Table("kantata", "billing_milestones").FindBy("workspace_id", project.Workspace).Where(item => item.Text("billing_type") == "upon_completion").OrderBy(item => item.Sequence)];
}
