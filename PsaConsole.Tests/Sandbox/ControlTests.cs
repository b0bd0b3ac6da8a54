using System.Net;
using System.Net.Http.Headers;
using PsaConsole.Tests.Sandbox.Salesforce;

namespace PsaConsole.Tests.Sandbox;

public sealed class ControlTests
{
    [Fact]
    public async Task Index_tells_where_each_system_is_and_how_to_sign_in()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var answer = await sandbox.Control.SendAsync(request, TestContext.Current.CancellationToken);
        var systems = (await RunningSandbox.JsonAsync(answer)).GetProperty("systems").EnumerateArray().ToList();
        Assert.Equal(sandbox.Host.Vendors.Select(vendor => vendor.Name), systems.Select(system => system.GetProperty("name").GetString()!));
        var salesforce = systems.Single(system => system.GetProperty("name").GetString() == "salesforce");
        Assert.Equal(sandbox.Host.Url("salesforce"), new Uri(salesforce.GetProperty("url").GetString()!));
        Assert.NotEmpty(salesforce.GetProperty("credentials").GetProperty("clientSecret").GetString()!);

        using var page = await sandbox.Control.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("salesforce", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Activity_wins_deals_through_the_vendors_own_rules_and_tells_what_happened()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var client = await sandbox.SalesforceAsync();
        var before = (await client.QueryAsync("SELECT COUNT() FROM Opportunity WHERE IsWon = true")).GetProperty("totalSize").GetInt32();
        using var answer = await sandbox.Control.PostAsync("/activity", new { days = 3, speed = "instant" });
        var facts = (await RunningSandbox.JsonAsync(answer)).GetProperty("facts").EnumerateArray().ToList();
        var won = facts.Where(fact => fact.GetProperty("kind").GetString() == "deal-won").Select(fact => fact.GetProperty("recordId").GetString()!).ToHashSet();
        Assert.NotEmpty(won);

        var rows = await client.QueryAsync("SELECT Id, IsClosed, LastStageChangeDate FROM Opportunity WHERE IsWon = true");
        Assert.Equal(before + won.Count, rows.GetProperty("totalSize").GetInt32());
        Assert.Superset(won, rows.GetProperty("records").EnumerateArray().Select(row => row.GetProperty("Id").GetString()!).ToHashSet());
        Assert.Equal(facts.Count, (await sandbox.Control.ReadAsync("/activity")).GetProperty("facts").GetArrayLength());
        var days = facts.Select(fact => fact.GetProperty("day").GetDateTime().DayOfWeek).Distinct();
        Assert.DoesNotContain(DayOfWeek.Saturday, days);
        Assert.DoesNotContain(DayOfWeek.Sunday, days);
    }

    [Fact]
    public async Task New_firm_replaces_the_old_one()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var client = await sandbox.SalesforceAsync();
        await client.CreateAsync("Account", new { Name = "Of the old firm" });
        using var answer = await sandbox.Control.PostAsync("/firm", new { consultants = 60, seed = 3 });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await client.NamesAsync("SELECT Name FROM Account WHERE Name = 'Of the old firm'"));
        Assert.Equal(60, sandbox.Host.Firm.Consultants.Count);
    }

    [Fact]
    public async Task Mistake_is_answered_with_one_sentence()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        foreach (var (path, body) in new (string, object)[] { ("/activity", new { days = 0 }), ("/activity", new { days = 1, speed = "warp" }), ("/notices", new { system = "salesforce", url = "nowhere" }), ("/firm", new { consultants = 1 }) })
        {
            using var answer = await sandbox.Control.PostAsync(path, body);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.NotEmpty((await RunningSandbox.JsonAsync(answer)).GetProperty("error").GetString()!);
        }
    }
}
