using PsaConsole.Engine.Workflows;
using PsaConsole.Engine.Workflows.Billing;
using PsaConsole.Sandbox.NetSuite;
using PsaConsole.Tests.Sandbox.Kantata;
using Record = PsaConsole.Sandbox.Core.Record;

namespace PsaConsole.Tests.Workflows;

/// <summary>The billing milestones of a handed-over project, delivered in Kantata and invoiced in NetSuite as people there would.</summary>
internal sealed class Milestones(RunningFirm firm, Timesheets project)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A project of its own whose price is due by milestones that the client accepts.</summary>
    public static async Task<Milestones> OfAsync(RunningFirm firm) => new(firm, await Timesheets.OfAsync(firm, "Fixed Price - Milestones"));

    public Record Job => project.Job;

    /// <summary>Those that are billed when they are accepted, in the order of the schedule.</summary>
    public List<Record> Accepted => [.. firm.Table("kantata", "billing_milestones").FindBy("workspace_id", project.Workspace).Where(item => item.Text("billing_type") == "upon_completion").OrderBy(item => item.Sequence)];

    public Task DeliverAsync(Record milestone) => SetAsync(milestone, 100);

    public Task TakeBackAsync(Record milestone) => SetAsync(milestone, 50);

    public Task AcceptAsync(Run run, DateOnly? on = null) =>
        firm.Get<Acceptances>().RecordAsync(RunningFirm.Operations, run.Id, "Grace Client", on ?? firm.Sandbox.Host.Firm.Today, "https://docs.example/accepted.pdf", Token);

    /// <summary>The ERP's line of a milestone.</summary>
    public System.Text.Json.Nodes.JsonObject LineOf(Record milestone)
    {
        var schedule = firm.Table("netsuite", "billingSchedule").Find(Job.Text("billingSchedule"))!;
        return ((System.Text.Json.Nodes.JsonArray)schedule["milestone"]!).OfType<System.Text.Json.Nodes.JsonObject>().Single(line => milestone.Text("title")!.EndsWith(line["comments"]!.ToString(), StringComparison.Ordinal));
    }

    /// <summary>The bookkeepers' billing run.</summary>
    public int Invoice()
    {
        var store = firm.Sandbox.Host.Vendor("netsuite").Store;
        return Invoicing.Run(new Records(store), store, Job.Id, firm.Sandbox.Host.Firm.Today);
    }

    /// <summary>Waits until the newest run of the milestone is as wanted.</summary>
    public Task<Run> RunOfAsync(Record milestone, Func<Run, bool> wanted) => project.RunAsync($"milestone:kantata:{milestone.Id}:r", wanted);

    public Task<Run> WaitingAsync(Record milestone, string step) => RunOfAsync(milestone, run => run.Status == RunStatus.Waiting && run.StepKey == step);

    private async Task SetAsync(Record milestone, int percent)
    {
        using var kantata = firm.Sandbox.Kantata();
        using var answer = await kantata.CallAsync("PUT", $"stories/{milestone.Text("story_id")}.json", new { story = new { percentage_complete = percent } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }
}
