using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Tests.Connectors.Kantata;

public sealed class KantataConnectorTests(ConnectedEngine engine) : IClassFixture<ConnectedEngine>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IPsa Psa => engine.Get<IPsa>();

    private RecordStore Store => engine.Sandbox.Host.Vendor("kantata").Store;

    public static TheoryData<BillingType, string> Projects
    {
        get
        {
            var data = new TheoryData<BillingType, string>();
            foreach (var type in Enum.GetValues<BillingType>())
            {
                data.Add(type, type == BillingType.Retainer ? "JPY" : "EUR");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task Project_of_every_billing_type_is_read_back_with_its_plan(BillingType type, string currency)
    {
        var client = await ClientAsync($"{type} Werke");
        var project = Sample.Project(engine, $"DE01-{type}", client) with { BillingType = type, Currency = currency, ContractValue = currency == "JPY" ? 90_000m : 90_000.05m };
        var key = $"psac-project-{type}";

        var id = await Psa.Projects.WriteAsync(key, project, null, Token);
        var plan = Sample.Plan(engine, id, currency);
        await Psa.Plans.WriteAsync(key, plan, id, Token);
        await Psa.Plans.WriteAsync(key, plan, id, Token);

        Assert.Equal(id, await Psa.Projects.FindAsync(key, Token));
        var found = await Psa.Projects.ReadAsync(id, Token);
        Assert.Equal(project, found! with { Schedule = project.Schedule });
        var planned = await Psa.Plans.ReadAsync(id, Token);
        Assert.Empty(PsaContract.Compare(project, found, plan, planned));
        Assert.Equal(plan.Phases.Select(phase => (phase.Name, phase.PlannedHours)), planned!.Phases.Select(phase => (phase.Name, phase.PlannedHours)));
        Assert.Equal(plan.Milestones.Select(entry => (entry.DueOn, entry.Amount, entry.AcceptanceRequired)), planned.Milestones.Select(entry => (entry.DueOn, entry.Amount, entry.AcceptanceRequired)));

        Assert.Equal(id, await Psa.Projects.WriteAsync(key, project with { OpenForTime = true }, id, Token));
        Assert.True((await Psa.Projects.ReadAsync(id, Token))!.OpenForTime);
    }

    [Fact]
    public async Task Requested_role_keeps_its_hours_and_dates_and_is_the_same_request_once_a_person_has_taken_it()
    {
        var id = await Psa.Projects.WriteAsync("psac-project-roles", Sample.Project(engine, "DE01-roles", await ClientAsync("Roles")), null, Token);
        RequestedRole Role(string role, decimal hours, int month) => new() { Role = role, Level = "L3", Location = "DE", Hours = hours, From = new DateOnly(2027, month, 1), To = new DateOnly(2027, month, 28) };
        var plan = Sample.Plan(engine, id, "EUR") with { Roles = [Role("Consultant", 120.5m, 1), Role("Consultant", 80m, 2), Role("Architect", 16m, 2)] };
        await Psa.Plans.WriteAsync("psac-project-roles", plan, id, Token);

        var expected = plan.Roles.Select(role => (role.Role, role.Hours, role.From, role.To));
        Assert.Equal(expected, (await Psa.Plans.ReadAsync(id, Token))!.Roles.Select(role => (role.Role, role.Hours, role.From, role.To)));

        var taken = Store["workspace_resources"].FindBy("workspace_id", id)[0];
        Store.Update("workspace_resources", taken.Id, new Dictionary<string, object?> { ["user_id"] = Store["users"].Scan().First().Id });
        await Psa.Plans.WriteAsync("psac-project-roles", plan, id, Token);
        Assert.Equal(expected, (await Psa.Plans.ReadAsync(id, Token))!.Roles.Select(role => (role.Role, role.Hours, role.From, role.To)));
        Assert.Equal(3, Store["workspace_resources"].FindBy("workspace_id", id).Count);

        var allocation = Store["workspace_allocations"].FindBy("workspace_id", id)[0];
        Store.Update("workspace_allocations", allocation.Id, new Dictionary<string, object?> { ["minutes"] = 60L });
        var finding = Assert.Single(PsaContract.Compare(Sample.Project(engine, "DE01-roles", ""), Sample.Project(engine, "DE01-roles", ""), plan, await Psa.Plans.ReadAsync(id, Token)));
        Assert.Equal("Roles", finding.Field);
    }

    [Fact]
    public async Task Milestone_to_be_accepted_belongs_to_its_phase_or_to_a_deliverable_of_its_own()
    {
        var id = await Psa.Projects.WriteAsync("psac-project-accept", Sample.Project(engine, "DE01-accept", await ClientAsync("Accept")), null, Token);
        ScheduleEntry Entry(int sequence, string? phase) => new() { Name = $"Part {sequence}", Sequence = sequence, Amount = 10m, DueOn = new DateOnly(2027, 2, sequence), Phase = phase, AcceptanceRequired = true };
        var plan = Sample.Plan(engine, id, "EUR") with { Milestones = [Entry(1, "Build"), Entry(2, null)] };
        await Psa.Plans.WriteAsync("psac-project-accept", plan, id, Token);
        await Psa.Plans.WriteAsync("psac-project-accept", plan, id, Token);

        var stories = Store["billing_milestones"].FindBy("workspace_id", id).OrderBy(entry => entry.Text("title"), StringComparer.Ordinal).Select(entry => Store["stories"].Find(entry.Text("story_id"))!);
        Assert.Equal([("Build", "milestone"), ("Part 2 accepted", "deliverable")], stories.Select(story => (story.Text("title"), story.Text("story_type"))));
        Assert.Equal(["Discovery", "Build"], (await Psa.Plans.ReadAsync(id, Token))!.Phases.Select(phase => phase.Name));
    }

    [Fact]
    public async Task Client_that_was_there_before_gets_our_key_and_none_but_ours()
    {
        var known = engine.Sandbox.Host.Firm.Clients.Last(client => client.KnownInPsa);
        var id = await Psa.Clients.WriteAsync("psac-client-known", new Client { LegalName = known.Name, Country = known.Country }, null, Token);
        Assert.Equal(id, await Psa.Clients.FindAsync("psac-client-known", Token));
        Assert.Equal(id, await Psa.Clients.WriteAsync("psac-client-known", new Client { LegalName = known.Name, Country = known.Country }, id, Token));
        var refused = await Assert.ThrowsAsync<ConnectorException>(() => Psa.Clients.WriteAsync("psac-client-other", new Client { LegalName = known.Name, Country = known.Country }, null, Token));
        Assert.Equal(ErrorClass.Business, refused.Class);
        Assert.Contains("psac-client-known", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Yen_have_no_minor_units_on_the_wire()
    {
        var id = await Psa.Projects.WriteAsync("psac-project-yen", Sample.Project(engine, "JP01-yen", await ClientAsync("Yen")) with { Currency = "JPY", ContractValue = 1_234m }, null, Token);
        Assert.Equal(1_234L, Store["workspaces"].Find(id)!["price_in_cents"]);
    }

    [Fact]
    public async Task Changed_custom_field_is_brought_to_its_new_value()
    {
        var project = Sample.Project(engine, "DE01-field", await ClientAsync("Field"));
        var id = await Psa.Projects.WriteAsync("psac-project-field", project, null, Token);
        await Psa.Projects.WriteAsync("psac-project-field", project with { BillingType = BillingType.Retainer, ProjectManager = null, Name = "Renamed" }, id, Token);
        var found = await Psa.Projects.ReadAsync(id, Token);
        Assert.Equal((BillingType.Retainer, null, "Renamed"), (found!.BillingType!.Value, found.ProjectManager, found.Name));
    }

    [Fact]
    public async Task Two_phases_of_one_name_are_two_and_more_than_a_call_takes_are_all_made()
    {
        var id = await Psa.Projects.WriteAsync("psac-project-phases", Sample.Project(engine, "DE01-phases", await ClientAsync("Phases")), null, Token);
        var plan = Sample.Plan(engine, id, "EUR") with
        {
            Phases = [.. Enumerable.Range(1, 130).Select(number => new DeliveryPhase { Name = $"Sprint {number % 90}", Sequence = number, PlannedHours = 1m })],
        };
        await Psa.Plans.WriteAsync("psac-project-phases", plan with { Phases = [.. plan.Phases.Take(40)] }, id, Token);
        await Psa.Plans.WriteAsync("psac-project-phases", plan, id, Token);
        Assert.Equal(130, (await Psa.Plans.ReadAsync(id, Token))!.Phases.Count);
    }

    [Fact]
    public async Task Withdrawn_project_is_cancelled_and_archived_and_can_come_back()
    {
        var project = Sample.Project(engine, "DE01-withdrawn", await ClientAsync("Withdrawn"), open: true);
        var id = await Psa.Projects.WriteAsync("psac-project-withdrawn", project, null, Token);

        await Psa.Projects.WithdrawAsync(id, Token);
        await Psa.Projects.WithdrawAsync(id, Token);

        Assert.False((await Psa.Projects.ReadAsync(id, Token))!.OpenForTime);
        Assert.True(Store["workspaces"].Find(id)!.Flag("archived"));
        Assert.Equal(id, await Psa.Projects.FindAsync("psac-project-withdrawn", Token));
        await Psa.Projects.WriteAsync("psac-project-withdrawn", project, id, Token);
        Assert.True((await Psa.Projects.ReadAsync(id, Token))!.OpenForTime);
        await Psa.Projects.WithdrawAsync("99999999", Token);
        Assert.Null(await Psa.Projects.ReadAsync("99999999", Token));
    }

    [Fact]
    public async Task Known_client_is_found_by_its_name_and_a_new_one_by_its_key()
    {
        var known = engine.Sandbox.Host.Firm.Clients.First(client => client.KnownInPsa);
        var match = Assert.Single(await Psa.FindClientsAsync(new Client { LegalName = known.Name, Country = known.Country }, Token), match => match.Name == known.Name);
        Assert.Equal(known.Name, (await Psa.Clients.ReadAsync(match.Id, Token))!.LegalName);
        var id = await ClientAsync("Quite New");
        Assert.Equal(id, await Psa.Clients.FindAsync("psac-client-Quite New", Token));
        Assert.Null(await Psa.Clients.FindAsync("psac-client-nobody", Token));
    }

    [Theory]
    [InlineData("nobody@example.test", "Consultant", "user")]
    [InlineData(null, "Astronaut", "role")]
    public async Task Missing_reference_is_named(string? manager, string role, string kind)
    {
        var client = await ClientAsync("Missing");
        var refused = await Assert.ThrowsAsync<ConnectorException>(async () =>
        {
            var id = await Psa.Projects.WriteAsync($"psac-project-missing-{kind}", Sample.Project(engine, $"DE01-missing-{kind}", client) with { ProjectManager = manager }, null, Token);
            await Psa.Plans.WriteAsync("psac-project-missing", Sample.Plan(engine, id, "EUR") with { Roles = [new RequestedRole { Role = role, Hours = 8m }] }, id, Token);
        });
        Assert.Equal(ErrorClass.Business, refused.Class);
        Assert.Contains(kind == "user" ? manager! : role, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hard_bookings_that_overlap_are_read_with_their_people()
    {
        var user = Store["users"].Scan().First();
        var from = new DateOnly(2033, 5, 2);
        var project = Store["workspaces"].Scan().First().Id;
        var resource = Store.Insert("workspace_resources", new Dictionary<string, object?> { ["workspace_id"] = project, ["user_id"] = user.Id });
        foreach (var (hard, start) in new[] { (true, from), (false, from), (true, from.AddDays(100)) })
        {
            Store.Insert("workspace_allocations", new Dictionary<string, object?> { ["workspace_resource_id"] = resource.Id, ["workspace_id"] = project, ["user_id"] = user.Id, ["start_date"] = start, ["end_date"] = start.AddDays(4), ["minutes"] = 1_230L, ["hard"] = hard });
        }

        var booked = Assert.Single(await Psa.ReadBookingsAsync(new DateRange(from.AddDays(2), from.AddDays(30)), Token));
        Assert.Equal(new Commitment(user.Text("email_address")!, new DateRange(from, from.AddDays(4)), 20.5m), booked);
    }

    [Fact]
    public async Task Saved_projects_are_changes_archived_ones_too()
    {
        var source = engine.Get<IEnumerable<IChangeSource>>().Single(candidate => candidate.SystemName == "kantata");
        var cursor = (await source.ReadChangesAsync(null, Token)).Cursor;
        var id = await Psa.Projects.WriteAsync("psac-project-changed", Sample.Project(engine, "DE01-changed", await ClientAsync("Changed")), null, Token);
        var page = await source.ReadChangesAsync(cursor, Token);
        var revision = Assert.Single(page.Changes, change => change.SourceType == "engagement" && change.SourceId == id).Revision;
        Assert.Equal(revision, Assert.Single((await source.ReadChangesAsync(cursor, Token)).Changes, change => change.SourceType == "engagement" && change.SourceId == id).Revision);
        await Psa.Projects.WithdrawAsync(id, Token);
        Assert.NotEqual(revision, Assert.Single((await source.ReadChangesAsync(page.Cursor, Token)).Changes, change => change.SourceType == "engagement" && change.SourceId == id).Revision);
        Assert.Equal(ErrorClass.CursorLost, (await Assert.ThrowsAsync<ConnectorException>(() => source.ReadChangesAsync("lost", Token))).Class);
    }

    private Task<string> ClientAsync(string name) => Psa.Clients.WriteAsync($"psac-client-{name}", new Client { LegalName = name, Country = "DE" }, null, Token);
}
