using System.Net;

namespace PsaConsole.Tests.Sandbox.Kantata;

public sealed class WriteTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    [Fact]
    public async Task Project_is_created_changed_and_deleted_with_the_vendors_status_codes()
    {
        var client = sandbox.Kantata();
        var group = await client.WriteAsync("POST", "workspace_groups.json", new { workspace_group = new { name = "Acme", company = true } });
        var project = await client.WriteAsync("POST", "workspaces.json", new
        {
            workspace = new { title = "Acme renewal", currency = "EUR", start_date = "2026-03-02", due_date = "2026-06-30", workspace_group_ids = new[] { int.Parse(group.Id(), System.Globalization.CultureInfo.InvariantCulture) } },
        });
        Assert.Equal((100, 210, group.Id()), (project.GetProperty("currency_base_unit").GetInt32(), project.GetProperty("status").GetProperty("key").GetInt32(), project.GetProperty("workspace_group_ids")[0].GetString()));
        Assert.Equal("2026-06-30", project.Text("effective_due_date"));
        var changed = await client.WriteAsync("PUT", $"workspaces/{project.Id()}.json", new { workspace = new { status_key = 300 } });
        Assert.Equal("In Progress", changed.GetProperty("status").Text("message"));
        using var deleted = await client.CallAsync("DELETE", $"workspaces/{project.Id()}.json");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await (await client.CallAsync("DELETE", $"workspaces/{project.Id()}.json")).RefusedAsync(404);
    }

    [Fact]
    public async Task Money_is_in_minor_units_and_yen_has_none()
    {
        var client = sandbox.Kantata();
        var id = await client.ProjectAsync(currency: "JPY");
        var project = await client.WriteAsync("PUT", $"workspaces/{id}.json", new { workspace = new { price = 12_000_000 } });
        Assert.Equal((1, 12_000_000), (project.GetProperty("currency_base_unit").GetInt32(), project.GetProperty("price_in_cents").GetInt64()));
        var seeded = sandbox.Host.Firm.Projects.First(candidate => candidate.Deal.Amount is not null);
        var found = (await client.ListAsync($"workspaces.json?search={Uri.EscapeDataString(seeded.Deal.Name)}"))[0];
        Assert.Equal(seeded.Deal.Amount!.Value * found.GetProperty("currency_base_unit").GetInt32(), found.GetProperty("price_in_cents").GetDecimal());
    }

    [Fact]
    public async Task Every_mistake_of_a_body_is_told_with_its_field()
    {
        var client = sandbox.Kantata();
        Assert.Equal(("validation", "Please give your project a title", "title"), await (await client.CallAsync("POST", "workspaces.json", new { workspace = new { currency = "EUR" } })).RefusedAsync(422));
        Assert.Equal(("validation", "Unknown attribute: shoe_size", "shoe_size"), await (await client.CallAsync("POST", "workspaces.json", new { workspace = new { title = "x", shoe_size = 44 } })).RefusedAsync(422));
        Assert.Equal("title", (await (await client.CallAsync("POST", "workspaces.json", new { workspace = new { title = new string('x', 256) } })).RefusedAsync(422)).Field);
        Assert.Equal("primary_maven_id", (await (await client.CallAsync("POST", "workspaces.json", new { workspace = new { title = "x", primary_maven_id = 999999 } })).RefusedAsync(422)).Field);
        Assert.Equal("currency_base_unit", (await (await client.CallAsync("POST", "workspaces.json", new { workspace = new { title = "x", currency_base_unit = 1 } })).RefusedAsync(422)).Field);
        Assert.Equal("status", (await (await client.CallAsync("POST", "workspaces.json", new { workspace = new { title = "x", status_key = 999 } })).RefusedAsync(422)).Field);
        Assert.Equal("due_date", (await (await client.CallAsync("POST", "workspaces.json", new { workspace = new { title = "x", start_date = "2026-03-02", due_date = "2026-03-01" } })).RefusedAsync(422)).Field);
        await (await client.CallAsync("POST", "workspaces.json", new { title = "not wrapped" })).RefusedAsync(400);

        using var several = await client.CallAsync("POST", "time_entries.json", new { time_entry = new { notes = "nothing else" } });
        var fields = (await RunningSandbox.JsonAsync(several)).GetProperty("errors").EnumerateArray().Select(error => error.Text("field"));
        Assert.Equal(["workspace_id", "date_performed", "time_in_minutes"], fields);
    }

    [Fact]
    public async Task Many_are_created_at_once_all_or_none_up_to_the_limit()
    {
        var client = sandbox.Kantata();
        var id = await client.ProjectAsync();
        object Milestone(int number) => new { workspace_id = id, title = $"Part {number}", amount_in_cents = number * 100, date_to_invoice = "2026-04-30", billing_type = "fixed_date" };
        using var answer = await client.CallAsync("POST", "billing_milestones.json", new { billing_milestones = Enumerable.Range(1, 100).Select(Milestone) });
        Assert.Equal(100, (await RunningSandbox.JsonAsync(answer)).GetProperty("count").GetInt32());
        await (await client.CallAsync("POST", "billing_milestones.json", new { billing_milestones = Enumerable.Range(1, 101).Select(Milestone) })).RefusedAsync(422);
        await (await client.CallAsync("POST", "billing_milestones.json", new { billing_milestones = new[] { Milestone(101), new { workspace_id = id, title = "No amount" } } })).RefusedAsync(422);
        Assert.Equal(100, (await client.ReadAsync($"billing_milestones.json?workspace_ids={id}")).GetProperty("count").GetInt32());
        Assert.Equal(30, (await client.ReadAsync($"billing_milestones.json?workspace_ids={id}&date_between=2026-04-01:2026-04-30&limit=30&offset=70")).GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task Allocation_belongs_to_a_resource_and_only_a_named_one_is_booked_hard()
    {
        var client = sandbox.Kantata();
        var id = await client.ProjectAsync();
        var (role, user) = ((await client.ListAsync("roles.json"))[0].Id(), (await client.ListAsync("users.json"))[0].Id());
        Assert.Equal("role_id", (await (await client.CallAsync("POST", "workspace_resources.json", new { workspace_resource = new { workspace_id = id } })).RefusedAsync(422)).Field);
        var unnamed = (await client.WriteAsync("POST", "workspace_resources.json", new { workspace_resource = new { workspace_id = id, role_id = role } })).Id();
        var named = (await client.WriteAsync("POST", "workspace_resources.json", new { workspace_resource = new { workspace_id = id, role_id = role, user_id = user } })).Id();
        object Allocation(string resource, bool hard) => new { workspace_allocation = new { resource_id = resource, start_date = "2026-03-02", end_date = "2026-03-06", minutes = 2400, hard } };
        Assert.Equal("hard", (await (await client.CallAsync("POST", "workspace_allocations.json", Allocation(unnamed, true))).RefusedAsync(422)).Field);
        await client.WriteAsync("POST", "workspace_allocations.json", Allocation(unnamed, false));
        var booked = await client.WriteAsync("POST", "workspace_allocations.json", Allocation(named, true));
        Assert.Equal((named, id), (booked.Text("workspace_resource_id"), booked.Text("workspace_id")));
        Assert.Equal([booked.Id()], (await client.ListAsync($"workspace_allocations.json?workspace_id={id}&type=hard&user_ids={user}")).Select(item => item.Id()));
        await (await client.CallAsync("GET", $"workspace_allocations.json?workspace_id={id}&hard=true")).RefusedAsync(400);
        Assert.False(booked.TryGetProperty("resource_id", out _));
        Assert.False(booked.TryGetProperty("user_id", out _));
    }

    [Fact]
    public async Task Unnamed_resource_is_only_listed_when_asked_for_and_takes_nothing_but_project_person_and_role()
    {
        var client = sandbox.Kantata();
        var id = await client.ProjectAsync();
        var role = (await client.ListAsync("roles.json"))[0];
        var unnamed = await client.WriteAsync("POST", "workspace_resources.json", new { workspace_resource = new { workspace_id = id, role_id = role.Id(), external_reference = new { service_name = "psaconsole", service_model = "role", service_model_ref = id } } });
        Assert.Equal(role.Text("name"), unnamed.Text("label"));
        Assert.Empty(await client.ListAsync($"workspace_resources.json?workspace_id={id}"));
        Assert.Equal([unnamed.Id()], (await client.ListAsync($"workspace_resources.json?workspace_id={id}&include_unnamed=true&external_reference_service_model_refs={id}")).Select(item => item.Id()));
        foreach (var (name, value) in ((string, object)[])[("label", "1 Consultant"), ("estimated_minutes", 60), ("start_date", "2026-03-02"), ("end_date", "2026-03-02")])
        {
            var body = new Dictionary<string, object> { ["workspace_id"] = id, ["role_id"] = role.Id(), [name] = value };
            Assert.Equal(name, (await (await client.CallAsync("POST", "workspace_resources.json", new { workspace_resource = body })).RefusedAsync(422)).Field);
        }
    }

    [Fact]
    public async Task Milestone_billed_upon_completion_needs_the_task_that_is_completed()
    {
        var client = sandbox.Kantata();
        var (id, other) = (await client.ProjectAsync(), await client.ProjectAsync());
        var (task, foreign) = (await TaskAsync(id), await TaskAsync(other));
        object Milestone(string? story) => new { billing_milestone = new { workspace_id = id, title = "Accepted", amount_in_cents = 100, billing_type = "upon_completion", story_id = story } };
        Assert.Equal("story_id", (await (await client.CallAsync("POST", "billing_milestones.json", Milestone(null))).RefusedAsync(422)).Field);
        Assert.Equal("story_id", (await (await client.CallAsync("POST", "billing_milestones.json", Milestone(foreign))).RefusedAsync(422)).Field);
        Assert.Equal(task, (await client.WriteAsync("POST", "billing_milestones.json", Milestone(task))).Text("story_id"));

        async Task<string> TaskAsync(string workspace) => (await client.WriteAsync("POST", "stories.json", new { story = new { workspace_id = workspace, title = "Task" } })).Id();
    }

    [Fact]
    public async Task Status_and_price_are_written_by_names_of_their_own()
    {
        var client = sandbox.Kantata();
        var project = await client.WriteAsync("POST", "workspaces.json", new { workspace = new { title = "Named", currency = "EUR", price = 1234.56m, status_key = 300 } });
        Assert.Equal((123_456, 300), (project.GetProperty("price_in_cents").GetInt32(), project.GetProperty("status").GetProperty("key").GetInt32()));
        Assert.False(project.TryGetProperty("price", out _));
        Assert.Equal("status", (await (await client.CallAsync("PUT", $"workspaces/{project.Id()}.json", new { workspace = new { status = new { key = 300 } } })).RefusedAsync(422)).Field);
        Assert.Equal("price_in_cents", (await (await client.CallAsync("PUT", $"workspaces/{project.Id()}.json", new { workspace = new { price_in_cents = 1 } })).RefusedAsync(422)).Field);
    }

    [Fact]
    public async Task External_reference_is_made_with_its_record_and_finds_it()
    {
        var (client, key) = (sandbox.Kantata(), $"op-{Guid.NewGuid()}");
        var project = await client.WriteAsync("POST", "workspaces.json", new
        {
            workspace = new { title = "Referenced", external_reference = new { service_name = "psaconsole", service_model = "engagement", service_model_ref = key } },
        });
        var found = await client.ReadAsync($"workspaces.json?external_reference_service_model_refs={key},other&external_reference_service_name=psaconsole&include=external_references");
        var reference = found.GetProperty("external_references").GetProperty(KantataCalls.Records(found).Single().GetProperty("external_reference_ids")[0].GetString()!);
        Assert.Equal((project.Id(), "successful"), (reference.Text("subject_id"), reference.Text("status")));
        Assert.Empty(await client.ListAsync($"workspaces.json?external_reference_service_model_refs={key}&external_reference_service_name=other"));
        Assert.Single(await client.ListAsync($"external_references.json?subject_type=Workspace&subject_id={project.Id()}&service_model_ref={key}"));
        Assert.Empty(await client.ListAsync($"external_references.json?subject_type=Workspace&service_name=psaconsole&service_model_ref={key}-unknown"));
        foreach (var wrong in (string[])[$"service_model_ref={key}", $"subject_type=Workspace&external_reference_service_model_refs={key}"])
        {
            await (await client.CallAsync("GET", $"external_references.json?{wrong}")).RefusedAsync(400);
        }

        Assert.Contains(sandbox.Host.World.Calls.Find("kantata", null, null, 10_000), call => call.Key == key);

        var again = new { external_reference = new { subject_type = "Workspace", subject_id = project.Id(), service_name = "psaconsole", service_model = "engagement", service_model_ref = key + "-2" } };
        Assert.Equal("service_name", (await (await client.CallAsync("POST", "external_references.json", again)).RefusedAsync(422)).Field);
        var updated = await client.WriteAsync("POST", "external_references/create_or_update", again);
        Assert.Equal((reference.Id(), key + "-2"), (updated.Id(), updated.Text("service_model_ref")));
        var lowerCase = new { external_reference = new { subject_type = "workspace", subject_id = project.Id(), service_name = "other", service_model = "engagement", service_model_ref = key } };
        Assert.Equal("subject_type", (await (await client.CallAsync("POST", "external_references.json", lowerCase)).RefusedAsync(422)).Field);
        var nobody = new { external_reference = new { subject_type = "Workspace", subject_id = "999999", service_name = "psaconsole", service_model = "engagement", service_model_ref = "x" } };
        Assert.Equal("subject_id", (await (await client.CallAsync("POST", "external_references.json", nobody)).RefusedAsync(422)).Field);
    }

    [Fact]
    public async Task New_custom_field_value_takes_the_place_of_the_old_one()
    {
        var client = sandbox.Kantata();
        var id = await client.ProjectAsync();
        var field = (await client.ListAsync("custom_fields.json?subject_type=Workspace")).Single(item => item.Text("name") == "Legal Entity").Id();
        object Value(string value) => new { custom_field_value = new { subject_type = "Workspace", subject_id = id, custom_field_id = field, value } };
        var first = await client.WriteAsync("POST", "custom_field_values.json", Value("US01"));
        var second = await client.WriteAsync("POST", "custom_field_values.json", Value("DE01"));
        Assert.NotEqual(first.Id(), second.Id());
        Assert.Equal(["DE01"], (await client.ListAsync($"custom_field_values.json?subject_type=Workspace&with_subject_id={id}")).Select(value => value.Text("value")));
        foreach (var wrong in (string[])[$"subject_type=Workspace&subject_id={id}", $"with_subject_id={id}"])
        {
            await (await client.CallAsync("GET", $"custom_field_values.json?{wrong}")).RefusedAsync(400);
        }
    }

    [Fact]
    public async Task Changes_are_kept_as_events_for_nine_days()
    {
        await using var own = await RunningSandbox.StartAsync();
        var client = own.Kantata();
        var id = await client.ProjectAsync("Before");
        await client.WriteAsync("PUT", $"workspaces/{id}.json", new { workspace = new { title = "After" } });
        var updated = (await client.ListAsync($"subscribed_events.json?event_types=workspace:updated,time_entry:created&created_after={Uri.EscapeDataString(DateTimeOffset.UtcNow.AddHours(-1).ToString("o"))}")).Single();
        Assert.Equal(("workspaces", id), (updated.GetProperty("subject_ref").Text("key"), updated.GetProperty("subject_ref").Id()));
        Assert.Equal(["Before", "After"], updated.GetProperty("payload_changes").GetProperty("title").EnumerateArray().Select(value => value.GetString()));
        Assert.Contains("workspace:custom_field_value_updated", (await client.ReadAsync("subscribed_events/event_types.json")).GetProperty("event_types").EnumerateArray().Select(type => type.GetString()));
        await (await client.CallAsync("POST", "subscribed_events.json", new { subscribed_event = new { event_type = "x" } })).RefusedAsync(403);

        using var clock = await own.Control.CallAsync("POST", "/clock", new { now = DateTimeOffset.UtcNow.AddDays(10) });
        Assert.Empty(await client.ListAsync("subscribed_events.json"));
    }

    [Fact]
    public async Task Faults_answer_in_kantatas_words_and_tell_no_time_to_wait()
    {
        await using var own = await RunningSandbox.StartAsync();
        var client = own.Kantata();
        foreach (var (effect, status) in ((string, int)[])[("throttle", 429), ("status:503", 503), ("status:504", 504), ("status:403", 403)])
        {
            await own.FaultAsync(new { system = "kantata", path = "/api/v1/users", effect, count = 1 });
            using var answer = await client.CallAsync("GET", "users.json");
            Assert.Null(answer.Headers.RetryAfter);
            Assert.Equal("system", (await answer.RefusedAsync(status)).Type);
        }
    }

    [Fact]
    public async Task Time_is_entered_day_by_day_and_what_is_approved_stays_as_it_is()
    {
        await using var own = await RunningSandbox.StartAsync();
        var client = own.Kantata();
        using var lived = await own.Control.CallAsync("POST", "/activity", new { days = 2, speed = "instant" });
        var entered = (await RunningSandbox.JsonAsync(lived)).GetProperty("facts").EnumerateArray().Where(fact => fact.Text("kind") == "time-entered").ToList();
        var booked = (await client.ListAsync($"workspace_allocations.json?per_page=200&overlaps_with_date_range={own.Host.Firm.Today:yyyy-MM-dd}:{own.Host.Firm.Today:yyyy-MM-dd}")).Count;
        Assert.True(entered.Count > 0 || booked == 0);
        foreach (var entry in (await client.ListAsync("time_entries.json?approved=true&per_page=1")))
        {
            await (await client.CallAsync("PUT", $"time_entries/{entry.Id()}.json", new { time_entry = new { notes = "later" } })).RefusedAsync(422);
        }
    }
}
