using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace PsaConsole.Tests.Sandbox.Workday;

public sealed class AccessTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    [Theory]
    [InlineData("wrong", null, "refresh_token", HttpStatusCode.Unauthorized, "invalid_client")]
    [InlineData(null, "wrong", "refresh_token", HttpStatusCode.BadRequest, "invalid_grant")]
    [InlineData(null, null, "client_credentials", HttpStatusCode.BadRequest, "unsupported_grant_type")]
    public async Task Wrong_grant_is_refused(string? secret, string? refreshToken, string grant, HttpStatusCode status, string error)
    {
        using var answer = await sandbox.TokenAsync(sandbox.Client("workday"), secret, refreshToken, grant);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(error, (await RunningSandbox.JsonAsync(answer)).GetProperty("error").GetString());
    }

    [Theory]
    [InlineData(WorkdayCalls.Absence + "workers")]
    [InlineData(WorkdayCalls.Roster + "?format=json")]
    public async Task Call_without_a_token_is_refused(string path)
    {
        using var answer = await sandbox.Client("workday").GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.NotEmpty((await RunningSandbox.JsonAsync(answer)).GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task Report_and_soap_take_the_system_users_password()
    {
        var credentials = sandbox.Host.Vendor("workday").Credentials;
        var client = sandbox.Client("workday");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials["username"]}:{credentials["password"]}")));
        Assert.Equal(40, (await client.ReadAsync(WorkdayCalls.Roster + "?format=json")).GetProperty("Report_Entry").GetArrayLength());

        client.DefaultRequestHeaders.Authorization = null;
        string Security(string password) => $"""<wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><wsse:UsernameToken><wsse:Username>{credentials["username"]}</wsse:Username><wsse:Password>{password}</wsse:Password></wsse:UsernameToken></wsse:Security>""";
        var (status, _) = await client.GetWorkersAsync("", Security((string)credentials["password"]!));
        Assert.Equal(HttpStatusCode.OK, status);
        var (refused, fault) = await client.GetWorkersAsync("", Security("wrong"));
        Assert.Equal(HttpStatusCode.InternalServerError, refused);
        Assert.Equal("SOAP-ENV:Client.authenticationError", fault.Element("faultcode")?.Value);
    }

    [Fact]
    public async Task Fault_speaks_the_vendors_language()
    {
        await using var own = await RunningSandbox.StartAsync();
        var client = await own.WorkdayAsync();
        await own.FaultAsync(new { system = "workday", effect = "throttle", count = 1 });
        using (var throttled = await client.GetAsync(WorkdayCalls.Absence + "workers", TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, throttled.StatusCode);
            Assert.NotNull(throttled.Headers.RetryAfter);
        }

        await own.FaultAsync(new { system = "workday", effect = "outage", count = 1 });
        using (var closed = await client.GetAsync(WorkdayCalls.Absence + "workers", TestContext.Current.CancellationToken))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, closed.StatusCode);
            Assert.Equal("text/html", closed.Content.Headers.ContentType?.MediaType);
        }

        await own.FaultAsync(new { system = "workday", effect = "status:500", count = 1 });
        var (status, fault) = await client.GetWorkersAsync("");
        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.NotNull(fault.Descendants(WorkdayCalls.Wd + "Processing_Fault").SingleOrDefault());
    }
}
