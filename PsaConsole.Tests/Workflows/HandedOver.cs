using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Workflows;
using PsaConsole.Engine.Workflows.Changes;
using PsaConsole.Sandbox.NetSuite;
using PsaConsole.Tests.Sandbox;
using Record = PsaConsole.Sandbox.Core.Record;

namespace PsaConsole.Tests.Workflows;

/// <summary>A deal whose project stands, changed in Salesforce as people there would, and seen in the other vendors' own records.</summary>
internal sealed class HandedOver(RunningFirm firm, string deal, string number)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Wins a deal of one legal entity and waits until its project is verified.</summary>
    public static async Task<HandedOver> OfAsync(RunningFirm firm, string billingType)
    {
        var deal = firm.NewDeal(billingType, "Change", firm.Sandbox.IsOfOneEntity);
        await firm.WinAsync(deal);
        return new(firm, deal, (await firm.CompletedAsync(deal)).ProjectNumber!);
    }

    public string Deal => deal;

    public string Number => number;

    public Record Opportunity => firm.Table("salesforce", "Opportunity").Find(deal)!;

    public Record Job => firm.Table("netsuite", "job").Scan().Single(record => record.Text("entityId") == number);

    public Record Workspace => firm.Table("kantata", "workspaces").Find(firm.Table("kantata", "custom_field_values").Scan().Single(record => record.Text("value") == number).Text("subject_id"))!;

    /// <summary>The billing schedule as Salesforce has it, in its order.</summary>
    public List<Record> Entries => [.. firm.Table("salesforce", "Billing_Schedule_Entry__c").FindBy("Opportunity__c", deal).OrderBy(entry => entry.Number("Sequence__c"))];

    /// <summary>Name, amount and whether it is done, of each milestone that NetSuite bills by.</summary>
    public List<(string Name, decimal Amount, bool Completed)> Lines
    {
        get
        {
            var schedule = firm.Table("netsuite", "billingSchedule").Find(Job.Text("billingSchedule"))!;
            return [.. ((System.Text.Json.Nodes.JsonArray)schedule["milestone"]!).Select(line => (line!["comments"]!.ToString(), (decimal)line["milestoneAmount"]!, line["milestoneCompleted"]?.GetValue<bool>() == true))];
        }
    }

    /// <summary>Name and day of each milestone that NetSuite bills by.</summary>
    public List<(string Name, DateOnly Day)> Dates
    {
        get
        {
            var schedule = firm.Table("netsuite", "billingSchedule").Find(Job.Text("billingSchedule"))!;
            return [.. ((System.Text.Json.Nodes.JsonArray)schedule["milestone"]!).Select(line => (line!["comments"]!.ToString(), DateOnly.ParseExact(line["milestoneDate"]!.ToString(), "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)))];
        }
    }

    /// <summary>Title and amount of each milestone that Kantata plans.</summary>
    public List<(string Title, decimal Amount)> Milestones =>
        [.. firm.Table("kantata", "billing_milestones").FindBy("workspace_id", Workspace.Id).Select(item => (item.Text("title")!, (long)item["amount_in_cents"]! / 100m)).OrderBy(item => item.Item1, StringComparer.Ordinal)];

    public Task ChangeAsync(object fields) => firm.ChangeDealAsync(deal, fields);

    /// <summary>Another value of the deal: its first line takes the difference, and the deal is saved last.</summary>
    public async Task AmendAsync(decimal amount, params (string Entry, decimal Amount)[] entries)
    {
        var store = firm.Sandbox.Host.Vendor("salesforce").Store;
        var lines = store["OpportunityLineItem"].FindBy("OpportunityId", deal);
        store.Update("OpportunityLineItem", lines[0].Id, new Dictionary<string, object?> { ["TotalPrice"] = amount - lines.Skip(1).Sum(line => line.Number("TotalPrice")!.Value) });
        foreach (var (id, value) in entries)
        {
            store.Update("Billing_Schedule_Entry__c", id, new Dictionary<string, object?> { ["Amount__c"] = value });
        }

        await ChangeAsync(new { Amount = amount });
    }

    /// <summary>Another entry of the schedule like the given one.</summary>
    public void AddEntry(Record like, string name, decimal amount)
    {
        var values = like.Schema.Fields.ToDictionary(field => field.Name, field => field.Unique ? null : like[field.Name], StringComparer.OrdinalIgnoreCase);
        (values["Name"], values["Amount__c"], values["Sequence__c"]) = (name, amount, like.Number("Sequence__c") + 1m);
        firm.Sandbox.Host.Vendor("salesforce").Store.Insert("Billing_Schedule_Entry__c", values);
    }

    /// <summary>The first milestone is done, and the bookkeepers invoice it.</summary>
    public void InvoiceFirst()
    {
        var store = firm.Sandbox.Host.Vendor("netsuite").Store;
        var schedule = store["billingSchedule"].Find(Job.Text("billingSchedule"))!;
        var lines = ((System.Text.Json.Nodes.JsonArray)schedule["milestone"]!).DeepClone().AsArray();
        lines[0]!["milestoneCompleted"] = true;
        store.Update("billingSchedule", schedule.Id, new Dictionary<string, object?> { ["milestone"] = lines });
        Assert.Equal(1, Invoicing.Run(new Records(store), store, Job.Id, firm.Sandbox.Host.Firm.Today));
    }

    /// <summary>Waits until the newest change of a group is as wanted.</summary>
    public async Task<Run> ChangeOfAsync(string group, Func<Run, bool> wanted)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (await again.WaitForNextTickAsync(Token))
        {
            await using var store = await firm.OpenStoreAsync();
            var run = await store.Runs.AsNoTracking().Include(item => item.Steps).Where(item => item.Workflow == ProjectChange.WorkflowName && item.LaneKey.EndsWith(deal) && item.BusinessKey.EndsWith(":" + group)).OrderByDescending(item => item.StartedAt).FirstOrDefaultAsync(Token);
            if (run is not null && wanted(run))
            {
                return run;
            }

            if (TimeProvider.System.GetUtcNow() > until)
            {
                Assert.Fail($"The {group} change of {number} did not get there in time: {run?.Status} at {run?.StepKey}: {run?.Message}\n{await EngineState.DescribeAsync(store, deal)}");
            }
        }

        throw new OperationCanceledException(Token);
    }

    public Task<Run> ChangedAsync(string group) => ChangeOfAsync(group, run => run.Status == RunStatus.Completed);

    /// <summary>Waits until finance is asked about a change; answers the newest question.</summary>
    public async Task<Approval> AskedAsync(string group, Func<Approval, bool> wanted)
    {
        Approval? found = null;
        await ChangeOfAsync(group, run => run.Status == RunStatus.WaitingApproval && (found = Waiting(run.Id)) is not null && wanted(found));
        return found!;
    }

    public Task ApproveAsync(Approval asked) => firm.Get<ApprovalActions>().ApproveAsync(RunningFirm.Controller, asked.Id, asked.Version, "the amendment is signed", Token);

    public async Task<List<Run>> ChangesAsync()
    {
        await using var store = await firm.OpenStoreAsync();
        return await store.Runs.AsNoTracking().Where(item => item.Workflow == ProjectChange.WorkflowName && item.LaneKey.EndsWith(deal)).ToListAsync(Token);
    }

    private Approval? Waiting(Guid run)
    {
        using var store = firm.Get<IDbContextFactory<PsaConsole.Engine.Store.EngineDbContext>>().CreateDbContext();
        return store.Approvals.AsNoTracking().SingleOrDefault(item => item.RunId == run && item.Status == ApprovalStatus.Waiting);
    }
}
