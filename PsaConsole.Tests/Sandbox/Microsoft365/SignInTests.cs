using System.Net;
using System.Net.Http.Headers;

namespace PsaConsole.Tests.Sandbox.Microsoft365;

public sealed class SignInTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    [Fact]
    public async Task Token_lasts_about_an_hour_and_opens_graph()
    {
        using var answer = await sandbox.SignInAsync(sandbox.Client("microsoft365"));
        var token = await RunningSandbox.JsonAsync(answer);
        Assert.Equal(("Bearer", 3599, 3599), (token.GetProperty("token_type").GetString(), token.GetProperty("expires_in").GetInt32(), token.GetProperty("ext_expires_in").GetInt32()));
        Assert.Equal(3, token.GetProperty("access_token").GetString()!.Split('.').Length);
        var users = await (await sandbox.GraphAsync()).ReadAsync("users?$top=1");
        Assert.Single(users.GetProperty("value").EnumerateArray());
    }

    [Theory]
    [InlineData("client_secret", "wrong", 401, "invalid_client", 7000215)]
    [InlineData("client_id", "11111111-2222-3333-4444-555555555555", 400, "unauthorized_client", 700016)]
    [InlineData("scope", "https://graph.microsoft.com/User.Read.All", 400, "invalid_scope", 1002012)]
    [InlineData("scope", "https://unknown.example/.default", 400, "invalid_resource", 500011)]
    [InlineData("scope", null, 400, "invalid_request", 900144)]
    [InlineData("grant_type", "password", 400, "unsupported_grant_type", 70003)]
    public async Task Wrong_request_for_a_token_is_refused_in_entras_words(string field, string? value, int status, string error, int code)
    {
        using var answer = await sandbox.SignInAsync(sandbox.Client("microsoft365"), null, (field, value));
        var body = await RunningSandbox.JsonAsync(answer);
        Assert.Equal((status, error, code), ((int)answer.StatusCode, body.GetProperty("error").GetString(), body.GetProperty("error_codes")[0].GetInt32()));
        Assert.StartsWith($"AADSTS{code}: ", body.GetProperty("error_description").GetString(), StringComparison.Ordinal);
        Assert.All(["timestamp", "trace_id", "correlation_id"], name => Assert.NotEmpty(body.GetProperty(name).GetString()!));
    }

    [Fact]
    public async Task Unknown_tenant_is_told_by_its_code()
    {
        using var answer = await sandbox.SignInAsync(sandbox.Client("microsoft365"), "nobody.example");
        Assert.Equal(90002, (await RunningSandbox.JsonAsync(answer)).GetProperty("error_codes")[0].GetInt32());
    }

    [Fact]
    public async Task Call_without_a_valid_token_is_refused_with_the_ids_of_the_call()
    {
        var client = sandbox.Client("microsoft365");
        using var empty = await client.CallAsync("GET", "/v1.0/users", null, ("client-request-id", "0b8ef7f5-9d1e-4c0b-a1a3-0c2c7c0f5a11"));
        Assert.Equal("0b8ef7f5-9d1e-4c0b-a1a3-0c2c7c0f5a11", empty.Headers.GetValues("client-request-id").Single());
        var error = await empty.RefusedAsync(HttpStatusCode.Unauthorized, "InvalidAuthenticationToken");
        Assert.Equal("0b8ef7f5-9d1e-4c0b-a1a3-0c2c7c0f5a11", error.GetProperty("innerError").GetProperty("client-request-id").GetString());
        Assert.Equal(empty.Headers.GetValues("request-id").Single(), error.GetProperty("innerError").GetProperty("request-id").GetString());
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "made.up.token");
        await (await client.CallAsync("GET", "/v1.0/users")).RefusedAsync(HttpStatusCode.Unauthorized, "InvalidAuthenticationToken");
    }

    [Fact]
    public async Task Expired_tokens_are_refused_until_a_new_one_is_asked_for()
    {
        await using var own = await RunningSandbox.StartAsync();
        var client = await own.GraphAsync();
        await own.FaultAsync(new { system = "microsoft365", path = "/v1.0", effect = "expire-token", count = 1 });
        await (await client.CallAsync("GET", "users")).RefusedAsync(HttpStatusCode.Unauthorized, "InvalidAuthenticationToken");
        await (await own.GraphAsync()).ReadAsync("users");
    }
}
