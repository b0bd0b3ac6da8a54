namespace PsaConsole.Tests.Sandbox.Kantata;

public sealed class ListTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    [Fact]
    public async Task Collection_has_count_meta_results_and_a_dictionary_of_records()
    {
        var client = sandbox.Kantata();
        var page = await client.ReadAsync("users.json?per_page=15&page=2&order=full_name:asc");
        Assert.Equal(40, page.GetProperty("count").GetInt32());
        var meta = page.GetProperty("meta");
        Assert.Equal((40, 3, 2, 15), (meta.GetProperty("count").GetInt32(), meta.GetProperty("page_count").GetInt32(), meta.GetProperty("page_number").GetInt32(), meta.GetProperty("page_size").GetInt32()));
        var users = KantataCalls.Records(page);
        Assert.Equal(15, users.Count);
        Assert.Equal(users.Select(user => user.Text("full_name")).OrderBy(name => name, StringComparer.CurrentCulture), users.Select(user => user.Text("full_name")));
        Assert.All(page.GetProperty("results").EnumerateArray(), result => Assert.Equal("users", result.Text("key")));
        Assert.Equal(10, (await client.ListAsync("users.json?limit=15&offset=30")).Count);
        Assert.Equal(20, (await client.ListAsync("users.json")).Count);
        Assert.Equal(40, (await client.ListAsync("users.json?per_page=5000")).Count);
    }

    [Fact]
    public async Task Records_asked_for_by_id_are_those_that_exist()
    {
        var client = sandbox.Kantata();
        var ids = (await client.ListAsync("users.json?per_page=2")).Select(user => user.Id()).ToList();
        Assert.Equal(ids, (await client.ListAsync($"users.json?only={ids[0]},999999,{ids[1]}")).Select(user => user.Id()));
        Assert.Equal("system", (await (await client.CallAsync("GET", "users/999999.json")).RefusedAsync(404)).Type);
        await (await client.CallAsync("GET", "planets.json")).RefusedAsync(404);
    }

    [Fact]
    public async Task Archived_projects_are_hidden_and_refuse_changes_until_they_are_brought_back()
    {
        var client = sandbox.Kantata();
        var title = $"Archived {Guid.NewGuid()}";
        var id = await client.ProjectAsync(title);
        await client.WriteAsync("PUT", $"workspaces/{id}.json", new { workspace = new { archived = true } });
        Assert.Empty(await client.ListAsync($"workspaces.json?search={title}"));
        await (await client.CallAsync("GET", $"workspaces/{id}.json")).RefusedAsync(404);
        Assert.Single(await client.ListAsync($"workspaces.json?search={title}&include_archived=true"));
        Assert.Single(await client.ListAsync($"workspaces.json?search={title}&archived=only"));

        Assert.Equal("validation", (await (await client.CallAsync("PUT", $"workspaces/{id}.json", new { workspace = new { title = "New" } })).RefusedAsync(422)).Type);
        await (await client.CallAsync("POST", "stories.json", new { story = new { workspace_id = id, title = "Late" } })).RefusedAsync(422);
        await client.WriteAsync("PUT", $"workspaces/{id}.json", new { workspace = new { archived = false } });
        Assert.Single(await client.ListAsync($"workspaces.json?search={title}"));
    }

    [Fact]
    public async Task Newest_records_come_first_unless_the_call_names_an_order()
    {
        var client = sandbox.Kantata();
        var (first, second) = (await client.ProjectAsync(), await client.ProjectAsync());
        Assert.Equal([second, first], (await client.ListAsync($"workspaces.json?only={first},{second}")).Select(item => item.Id()));
        var oldest = (await client.ListAsync("workspaces.json?per_page=200&order=created_at:asc")).Select(item => item.Id()).ToList();
        Assert.True(oldest.IndexOf(first) < oldest.IndexOf(second));
    }

    [Fact]
    public async Task Associations_come_as_dictionaries_beside_the_records()
    {
        var client = sandbox.Kantata();
        var page = await client.ReadAsync("workspace_allocations.json?include=workspace,workspace_resource&type=hard&per_page=5");
        foreach (var allocation in KantataCalls.Records(page))
        {
            Assert.Equal(allocation.Text("workspace_id"), page.GetProperty("workspaces").GetProperty(allocation.Text("workspace_id")!).Id());
            Assert.True(page.GetProperty("workspace_resources").TryGetProperty(allocation.Text("workspace_resource_id")!, out _));
        }

        var projects = await client.ReadAsync("workspaces.json?order=created_at:asc&include=workspace_groups,primary_maven,custom_field_values,participants");
        var project = KantataCalls.Records(projects)[0];
        var fields = project.GetProperty("custom_field_value_ids").EnumerateArray().Select(id => projects.GetProperty("custom_field_values").GetProperty(id.GetString()!).Text("value"));
        Assert.Contains(sandbox.Host.Firm.Projects[0].Number, fields);
        Assert.True(projects.GetProperty("workspace_groups").TryGetProperty(project.GetProperty("workspace_group_ids")[0].GetString()!, out _));
        await (await client.CallAsync("GET", "workspaces.json?include=weather")).RefusedAsync(400);
    }

    [Fact]
    public async Task Filters_find_by_project_person_dates_and_change()
    {
        var client = sandbox.Kantata();
        var all = await client.ListAsync("workspace_allocations.json?per_page=200");
        var one = all[0];
        var resources = (await client.ListAsync("workspace_resources.json?per_page=200")).ToDictionary(item => item.Id(), item => item.Text("user_id"));
        Assert.Equal(all.Count(item => item.Text("workspace_id") == one.Text("workspace_id")), (await client.ListAsync($"workspace_allocations.json?workspace_ids={one.Text("workspace_id")}&per_page=200")).Count);
        Assert.Contains(one.Id(), (await client.ListAsync($"workspace_allocations.json?user_ids={resources[one.Text("workspace_resource_id")!]},1&per_page=200")).Select(item => item.Id()));
        Assert.Contains(one.Id(), (await client.ListAsync($"workspace_allocations.json?overlaps_with_date_range={one.Text("end_date")}:{one.Text("end_date")}&per_page=200")).Select(item => item.Id()));
        Assert.Empty(await client.ListAsync("workspace_allocations.json?type=soft"));

        var before = DateTimeOffset.UtcNow;
        var id = await client.ProjectAsync();
        Assert.Equal([id], (await client.ListAsync($"workspaces.json?updated_after={Uri.EscapeDataString(before.ToString("o"))}&only={id}")).Select(item => item.Id()));
        Assert.DoesNotContain(id, (await client.ListAsync($"workspaces.json?created_before={Uri.EscapeDataString(before.ToString("o"))}&per_page=200")).Select(item => item.Id()));
        foreach (var wrong in (string[])["weather=fine", "order=weather:asc", "updated_after=yesterday", "page=x", "overlaps_with_date_range=today"])
        {
            await (await client.CallAsync("GET", $"workspace_allocations.json?{wrong}")).RefusedAsync(400);
        }
    }
}
