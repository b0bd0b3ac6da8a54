using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PsaConsole.Tests.Sandbox.Salesforce;

public sealed class SignInTests
{
    [Fact]
    public async Task Token_answer_has_no_expiry_and_opens_the_api()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var client = sandbox.Client("salesforce");
        var token = await sandbox.SalesforceTokenAsync(client);
        Assert.StartsWith("00D000000000001!", token);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var user = await client.ReadAsync("/services/oauth2/userinfo");
        Assert.StartsWith("00D000000000001", user.GetProperty("organization_id").GetString());
        using var limits = await client.GetAsync("/services/data/v66.0/limits", TestContext.Current.CancellationToken);
        Assert.Matches(@"^api-usage=\d+/\d+$", limits.Headers.GetValues("Sforce-Limit-Info").Single());
    }

    [Fact]
    public async Task Wrong_secret_is_refused_in_the_token_endpoints_own_form()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        using var answer = await PostAsync(sandbox.Client("salesforce"), "/services/oauth2/token", new()
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = (string)sandbox.Host.Vendor("salesforce").Credentials["clientId"]!,
            ["client_secret"] = "wrong",
        });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("invalid_client", (await RunningSandbox.JsonAsync(answer)).GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("RS256", "https://login.salesforce.com", 180, null)]
    [InlineData("RS256", "https://elsewhere.example", 180, "invalid_grant")]
    [InlineData("RS256", "https://login.salesforce.com", -60, "invalid_grant")]
    [InlineData("RS256", "https://login.salesforce.com", 7_200, "invalid_grant")]
    [InlineData("none", "https://login.salesforce.com", 180, "invalid_grant")]
    public async Task Assertion_is_checked(string algorithm, string audience, int seconds, string? error)
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var credentials = sandbox.Host.Vendor("salesforce").Credentials;
        var expires = sandbox.Host.World.Clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();
        var header = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new { alg = algorithm }));
        var claims = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new { iss = (string)credentials["clientId"]!, sub = (string)credentials["username"]!, aud = audience, exp = expires }));
        using var key = RSA.Create();
        key.ImportFromPem((string)credentials["privateKeyPem"]!);
        var signature = Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes($"{header}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        using var answer = await PostAsync(sandbox.Client("salesforce"), "/services/oauth2/token", new()
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
            ["assertion"] = $"{header}.{claims}.{signature}",
        });
        Assert.Equal(error is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
        if (error is not null)
        {
            Assert.Equal(error, (await RunningSandbox.JsonAsync(answer)).GetProperty("error").GetString());
        }
    }

    [Fact]
    public async Task Session_ends_when_revoked_or_unused_for_too_long()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var cancellationToken = TestContext.Current.CancellationToken;
        var client = await sandbox.SalesforceAsync();
        var token = client.DefaultRequestHeaders.Authorization!.Parameter!;
        using var revoked = await PostAsync(client, "/services/oauth2/revoke", new() { ["token"] = token });
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        await (await client.GetAsync("limits", cancellationToken)).RefusedAsync(HttpStatusCode.Unauthorized, "INVALID_SESSION_ID");

        client = await sandbox.SalesforceAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("limits", cancellationToken)).StatusCode);
        using var clock = await sandbox.Control.PostAsJsonAsync("/clock", new { now = sandbox.Host.World.Clock.GetUtcNow().AddHours(3) }, cancellationToken);
        await (await client.GetAsync("limits", cancellationToken)).RefusedAsync(HttpStatusCode.Unauthorized, "INVALID_SESSION_ID");
    }

    [Fact]
    public async Task Daily_quota_is_refused_when_used_up()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var cancellationToken = TestContext.Current.CancellationToken;
        using var limit = await sandbox.Control.PostAsJsonAsync("/limits", new { system = "salesforce", callsPerDay = 2 }, cancellationToken);
        limit.EnsureSuccessStatusCode();
        var client = await sandbox.SalesforceAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("limits", cancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("limits", cancellationToken)).StatusCode);
        var refused = await client.GetAsync("limits", cancellationToken);
        Assert.Equal("api-usage=2/2", refused.Headers.GetValues("Sforce-Limit-Info").Single());
        await refused.RefusedAsync(HttpStatusCode.Forbidden, "REQUEST_LIMIT_EXCEEDED");
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, Dictionary<string, string> form)
    {
        using var content = new FormUrlEncodedContent(form);
        return await client.PostAsync(path, content, TestContext.Current.CancellationToken);
    }
}
