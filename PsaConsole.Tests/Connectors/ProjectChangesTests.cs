using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Model;
using PsaConsole.Sandbox.Core;
using Record = PsaConsole.Sandbox.Core.Record;

namespace PsaConsole.Tests.Connectors;

/// <summary>Fields of projects that stand, changed in place in each vendor's own records.</summary>
public sealed class ProjectChangesTests(ConnectedEngine engine) : IClassFixture<ConnectedEngine>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RecordStore Books => engine.Sandbox.Host.Vendor("netsuite").Store;

    public static TheoryData<string, BillingType> Kinds => new()
    {
        { "kantata", BillingType.FixedMilestone },
        { "kantata", BillingType.FixedInterval },
        { "kantata", BillingType.TimeAndMaterials },
        { "netsuite", BillingType.FixedMilestone },
        { "netsuite", BillingType.FixedInterval },
        { "netsuite", BillingType.TimeAndMaterials },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Changed_fields_are_read_back_and_a_repetition_changes_nothing_more(string system, BillingType type)
    {
        var (changes, id, project) = await ProjectAsync(system, type);
        var held = (await changes.ReadAsync(id, Token))!;
        var wanted = held with
        {
            Name = project.Name + " Nord",
            End = project.End!.Value.AddDays(10),
            ContractValue = project.ContractValue + 15_000m,
            Schedule = [.. project.Schedule.Take(1), .. project.Schedule.Skip(1).Select(entry => entry with { DueOn = entry.DueOn!.Value.AddDays(7) }), .. project.Schedule.Take(1).Select(entry => entry with { Name = "Extension", Sequence = 3, Amount = 15_000m, DueOn = new DateOnly(2027, 6, 1) })],
        };

        await changes.ChangeAsync(id, held, wanted, Token);
        await changes.ChangeAsync(id, held, wanted, Token);

        var found = (await changes.ReadAsync(id, Token))!;
        Assert.Equal((wanted.Name, wanted.End, wanted.ContractValue), (found.Name, found.End, found.ContractValue));
        Assert.Equal(wanted.Schedule.OrderBy(entry => entry.DueOn).Select(entry => (entry.DueOn, entry.Amount)), found.Schedule.OrderBy(entry => entry.DueOn).Select(entry => (entry.DueOn, entry.Amount)));
        Assert.Equal(held with { Name = found.Name, End = found.End, ContractValue = found.ContractValue, Schedule = found.Schedule }, found);
    }

    [Theory]
    [InlineData("kantata")]
    [InlineData("netsuite")]
    public async Task Milestones_that_go_leave_the_others_as_they_are(string system)
    {
        var (changes, id, project) = await ProjectAsync(system, BillingType.FixedMilestone);
        var held = (await changes.ReadAsync(id, Token))!;
        if (system == "netsuite")
        {
            Complete(id, 0);
        }

        await changes.ChangeAsync(id, held, held with { ContractValue = 30_000.02m, Schedule = [project.Schedule[0]] }, Token);

        Assert.Equal([project.Schedule[0].Amount], (await changes.ReadAsync(id, Token))!.Schedule.Select(entry => entry.Amount));
        if (system == "netsuite")
        {
            Assert.True(Assert.Single(Lines(id))!["milestoneCompleted"]!.GetValue<bool>());
        }
    }

    [Fact]
    public async Task Milestone_of_another_name_takes_the_line_of_the_one_that_goes_and_no_other_line_is_touched()
    {
        var (changes, id, project) = await ProjectAsync("netsuite", BillingType.FixedMilestone);
        Complete(id, 0);
        var held = (await changes.ReadAsync(id, Token))!;

        await changes.ChangeAsync(id, held, held with { Schedule = [project.Schedule[0], project.Schedule[1] with { Name = "Second a", Amount = 20_000.03m }, project.Schedule[1] with { Name = "Second b", Amount = 40_000m }] }, Token);

        Assert.Equal([("1", "First", true), ("2", "Second a", false), ("3", "Second b", false)], Lines(id).Select(line => (line!["id"]!.ToString(), line["comments"]!.ToString(), line["milestoneCompleted"]?.GetValue<bool>() == true)));
    }

    private async Task<(IProjectChanges Changes, string Id, Engagement Project)> ProjectAsync(string system, BillingType type)
    {
        var number = $"DE01-{Guid.NewGuid().ToString("n")[..8]}";
        var key = $"psac-project-{number}";
        var changes = engine.Get<IEnumerable<IProjectChanges>>().Single(candidate => candidate.SystemName == system);
        var firm = engine.Sandbox.Host.Firm;
        if (system == "netsuite")
        {
            var erp = engine.Get<IErp>();
            var client = await erp.Clients.WriteAsync($"psac-client-{number}", NetSuite.Sample.Client($"{number} AG", "DE01"), null, Token);
            var job = NetSuite.Sample.Project(type, number, client, firm.Deals[0].ProjectManager, firm.RateCards[0].Name, open: true);
            return (changes, await erp.Projects.WriteAsync(key, job, null, Token), job);
        }

        var psa = engine.Get<IPsa>();
        var group = await psa.Clients.WriteAsync($"psac-client-{number}", new Client { LegalName = number, Country = "DE" }, null, Token);
        var schedule = NetSuite.Sample.Project(type, number, group, firm.Deals[0].ProjectManager, firm.RateCards[0].Name).Schedule;
        var project = Kantata.Sample.Project(engine, number, group, open: true) with { BillingType = type, Schedule = schedule };
        var id = await psa.Projects.WriteAsync(key, project, null, Token);
        await psa.Plans.WriteAsync(key, new ProjectPlan { ProjectId = id, Currency = "EUR", Milestones = [.. schedule.Select(entry => entry with { AcceptanceRequired = entry.Sequence == 1 })] }, id, Token);
        return (changes, id, project with { Schedule = [.. schedule.Select(entry => entry with { AcceptanceRequired = entry.Sequence == 1 })] });
    }

    private Record Schedule(string job) => Books["billingSchedule"].Find(Books["job"].Find(job)!.Text("billingSchedule"))!;

    private System.Text.Json.Nodes.JsonArray Lines(string job) => (System.Text.Json.Nodes.JsonArray)Schedule(job)["milestone"]!;

    private void Complete(string job, int line)
    {
        var lines = Lines(job).DeepClone().AsArray();
        lines[line]!["milestoneCompleted"] = true;
        Books.Update("billingSchedule", Schedule(job).Id, new Dictionary<string, object?> { ["milestone"] = lines });
    }
}
