using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using PsaConsole.Tests.Sandbox.Salesforce;

namespace PsaConsole.Tests.Sandbox;

public sealed class FaultTests
{
    private const string Accounts = "/services/data/v66.0/sobjects/Account";

    [Fact]
    public async Task Status_is_answered_with_the_vendors_own_body_the_given_number_of_times()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var client = await sandbox.SalesforceAsync();
        await sandbox.FaultAsync(new { system = "salesforce", method = "GET", path = "/services/data", effect = "status:503", count = 2 });
        await (await GetAsync(client, "limits")).RefusedAsync(HttpStatusCode.ServiceUnavailable, "SERVER_UNAVAILABLE");
        await (await GetAsync(client, "limits")).RefusedAsync(HttpStatusCode.ServiceUnavailable, "SERVER_UNAVAILABLE");
        using var answer = await GetAsync(client, "limits");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Throttle_outage_and_expired_token_are_told_in_the_vendors_way()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var client = await sandbox.SalesforceAsync();
        await sandbox.FaultAsync(new { system = "salesforce", effect = "throttle", count = 1 });
        await (await GetAsync(client, "limits")).RefusedAsync(HttpStatusCode.Forbidden, "REQUEST_LIMIT_EXCEEDED");
        await sandbox.FaultAsync(new { system = "salesforce", effect = "expire-token", count = 1 });
        await (await GetAsync(client, "limits")).RefusedAsync(HttpStatusCode.Unauthorized, "INVALID_SESSION_ID");
        await sandbox.FaultAsync(new { system = "salesforce", effect = "outage" });
        await (await GetAsync(client, "limits")).RefusedAsync(HttpStatusCode.ServiceUnavailable, "SERVER_UNAVAILABLE");
        using var cleared = await sandbox.Control.DeleteAsync("/faults", TestContext.Current.CancellationToken);
        await (await GetAsync(client, "limits")).RefusedAsync(HttpStatusCode.Unauthorized, "INVALID_SESSION_ID");
    }

    [Theory]
    [InlineData("drop", 0)]
    [InlineData("commit-then-drop", 1)]
    public async Task Cut_connection_leaves_the_record_as_the_effect_says(string effect, int records)
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var client = await sandbox.SalesforceAsync();
        await sandbox.FaultAsync(new { system = "salesforce", method = "POST", path = Accounts, effect, count = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync("sobjects/Account", new { Name = "Cut off" }));
        Assert.Equal(records, (await client.NamesAsync("SELECT Name FROM Account WHERE Name = 'Cut off'")).Length);
    }

    [Fact]
    public async Task Committed_record_is_there_behind_an_error_status()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var client = await sandbox.SalesforceAsync();
        await sandbox.FaultAsync(new { system = "salesforce", method = "POST", path = "^/services/data/v\\d+\\.0/sobjects/Acc", effect = "commit-then-status:504", count = 1 });
        using var answer = await client.PostAsync("sobjects/Account", new { Name = "Kept" });
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Single(await client.NamesAsync("SELECT Name FROM Account WHERE Name = 'Kept'"));
    }

    [Fact]
    public async Task Omitted_field_is_not_stored_though_the_answer_says_success()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var client = await sandbox.SalesforceAsync();
        await sandbox.FaultAsync(new { system = "salesforce", effect = "omit:payment_terms__c", count = 2 });
        var id = await client.CreateAsync("Account", new { Name = "Without terms", Payment_Terms__c = "Net 30", Segment__c = "S" });
        var nested = new { allOrNone = true, records = new[] { new { attributes = new { type = "Account" }, Name = "Also without", Payment_Terms__c = "Net 60" } } };
        using var answer = await client.PostAsync("composite/sobjects", nested);
        answer.EnsureSuccessStatusCode();
        var read = await client.ReadAsync($"sobjects/Account/{id}");
        Assert.Equal("null", read.GetProperty("Payment_Terms__c").GetRawText());
        Assert.Equal("S", read.GetProperty("Segment__c").GetString());
        Assert.Single(await client.NamesAsync("SELECT Name FROM Account WHERE Name = 'Also without' AND Payment_Terms__c = null"));
    }

    [Fact]
    public async Task Stale_read_shows_the_record_as_it_was()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var client = await sandbox.SalesforceAsync();
        var id = await client.CreateAsync("Account", new { Name = "Before" });
        await MoveClockAsync(sandbox, TimeSpan.FromMinutes(10));
        using var changed = await client.PatchAsync($"sobjects/Account/{id}", new { Name = "After" });
        await client.CreateAsync("Account", new { Name = "Brand new" });

        await sandbox.FaultAsync(new { system = "salesforce", method = "GET", effect = "stale-read:60000", count = 2 });
        Assert.Equal("Before", (await client.ReadAsync($"sobjects/Account/{id}")).GetProperty("Name").GetString());
        Assert.Empty(await client.NamesAsync("SELECT Name FROM Account WHERE Name = 'Brand new'"));
        Assert.Equal("After", (await client.ReadAsync($"sobjects/Account/{id}")).GetProperty("Name").GetString());
        Assert.Single(await client.NamesAsync("SELECT Name FROM Account WHERE Name = 'Brand new'"));
    }

    [Fact]
    public async Task Latency_delays_and_hang_never_answers()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var client = await sandbox.SalesforceAsync();
        await sandbox.FaultAsync(new { system = "salesforce", effect = "latency:120", count = 1 });
        var started = Stopwatch.GetTimestamp();
        using var late = await GetAsync(client, "limits");
        // A timer may fire a tick of the system's clock early.
        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(100));

        await sandbox.FaultAsync(new { system = "salesforce", effect = "hang", count = 1 });
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync("limits", patience.Token));
        using var answer = await GetAsync(client, "limits");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Share_hits_about_that_part_of_the_calls_and_the_log_tells_which()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var client = await sandbox.SalesforceAsync();
        await sandbox.FaultAsync(new { system = "salesforce", path = "/services/data/v66.0/limits", effect = "status:500", share = 0.5 });
        for (var count = 0; count < 200; count++)
        {
            using var answer = await GetAsync(client, "limits");
        }

        var summary = await sandbox.Control.ReadAsync("/calls/summary");
        var hit = summary.EnumerateArray().Single(line => line.GetProperty("effect").GetString() == "status:500").GetProperty("count").GetInt32();
        Assert.InRange(hit, 60, 140);
        var calls = await sandbox.Control.ReadAsync("/calls?system=salesforce");
        Assert.Equal(hit, calls.EnumerateArray().Count(call => call.GetProperty("status").GetInt32() == 500));
    }

    [Theory]
    [InlineData("explode")]
    [InlineData("status:abc")]
    [InlineData("omit:")]
    public async Task Unknown_effect_is_refused_with_a_sentence(string effect)
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        using var answer = await sandbox.Control.PostAsJsonAsync("/faults", new { effect }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(effect, (await RunningSandbox.JsonAsync(answer)).GetProperty("error").GetString());
    }

    private static Task<HttpResponseMessage> GetAsync(HttpClient client, string path) => client.GetAsync(path, TestContext.Current.CancellationToken);

    private static async Task MoveClockAsync(RunningSandbox sandbox, TimeSpan by)
    {
        using var answer = await sandbox.Control.PostAsJsonAsync("/clock", new { now = sandbox.Host.World.Clock.GetUtcNow() + by }, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
