using System.Net;
using System.Net.Http.Json;

namespace PsaConsole.Tests.Sandbox.NetSuite;

public sealed class JobAndLimitTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    [Fact]
    public async Task Asynchronous_create_happens_once_for_a_key()
    {
        var client = await sandbox.NetSuiteAsync();
        var body = new { companyName = "By job", subsidiary = "1" };
        var headers = new[] { ("Prefer", "respond-async"), ("X-NetSuite-Idempotency-Key", Guid.NewGuid().ToString()) };
        using var accepted = await client.CallAsync("POST", "record/v1/customer", body, headers);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Equal("respond-async", accepted.Headers.GetValues("Preference-Applied").Single());

        using var replay = await client.CallAsync("POST", "record/v1/customer", body, headers);
        Assert.EndsWith(replay.Headers.Location!.ToString(), accepted.Headers.Location!.ToString());
        Assert.Equal("Conflict", (await replay.BodyAsync()).GetProperty("title").GetString());
        await replay.RefusedAsync(HttpStatusCode.BadRequest, "IDEMPOTENCY_ERROR");

        var job = await client.ReadAsync(accepted.Headers.Location!.ToString());
        Assert.True(job.GetProperty("completed").GetBoolean());
        Assert.Equal(1, (await client.ReadAsync(accepted.Headers.Location + "/task")).GetProperty("count").GetInt32());
        Assert.Equal("succeeded", (await client.ReadAsync(accepted.Headers.Location + "/task/1")).GetProperty("progress").GetString());
        using var result = await client.CallAsync("GET", accepted.Headers.Location + "/task/1/result");
        Assert.Equal(HttpStatusCode.NoContent, result.StatusCode);
        Assert.Equal("By job", (await client.ReadAsync(result.Headers.Location!.ToString())).GetProperty("companyName").GetString());
        Assert.Equal("1", (await client.RowsAsync("SELECT COUNT(*) AS n FROM customer WHERE companyname = 'By job'"))[0]["n"]);
    }

    [Fact]
    public async Task Calls_beyond_the_places_of_the_account_are_blocked()
    {
        await using var own = await RunningSandbox.StartAsync();
        var client = await own.NetSuiteAsync();
        using (var limited = await own.Control.PostAsJsonAsync("/limits", new { system = "netsuite", callsAtOnce = 1 }, TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.OK, limited.StatusCode);
        }

        await own.FaultAsync(new { system = "netsuite", method = "GET", path = "/services/rest/record/v1/term", effect = "hang", count = 1 });
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var hanging = client.GetAsync("record/v1/term", cut.Token);

        // The place is taken as soon as the fault has hit.
        while (own.Host.World.Faults.All()[0].Hits == 0)
        {
            await Task.Yield();
        }

        using var blocked = await client.CallAsync("GET", "record/v1/term");
        var body = await blocked.BodyAsync();
        Assert.Equal("Bad Request", body.GetProperty("title").GetString());
        Assert.Equal("USER_ERROR", body.GetProperty("o:errorCode").GetString());
        await blocked.RefusedAsync(HttpStatusCode.TooManyRequests, "CONCURRENCY_LIMIT_EXCEEDED");
        await cut.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
    }

    [Fact]
    public async Task Limits_are_told()
    {
        var client = await sandbox.NetSuiteAsync();
        Assert.Equal(5, (await client.ReadAsync("system/v1/governanceLimits")).GetProperty("accountConcurrencyLimit").GetInt32());
    }

    [Theory]
    [InlineData("status:500", HttpStatusCode.InternalServerError, "UNEXPECTED_ERROR")]
    [InlineData("status:401", HttpStatusCode.Unauthorized, "INVALID_LOGIN")]
    [InlineData("throttle", HttpStatusCode.TooManyRequests, "CONCURRENCY_LIMIT_EXCEEDED")]
    [InlineData("outage", HttpStatusCode.ServiceUnavailable, "SERVICE_UNAVAILABLE")]
    public async Task Fault_speaks_the_vendors_language(string effect, HttpStatusCode status, string code)
    {
        var client = await sandbox.NetSuiteAsync();
        var path = $"/services/rest/record/v1/term/{effect.Replace(':', '-')}";
        await sandbox.FaultAsync(new { system = "netsuite", path, effect, count = 1 });
        await (await client.CallAsync("GET", path)).RefusedAsync(status, code);
    }
}
