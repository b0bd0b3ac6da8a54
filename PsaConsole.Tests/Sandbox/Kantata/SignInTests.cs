using System.Net.Http.Headers;

namespace PsaConsole.Tests.Sandbox.Kantata;

public sealed class SignInTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    [Fact]
    public async Task Token_is_issued_for_the_code_of_the_consent_page_and_never_ends()
    {
        var client = sandbox.Client("kantata");
        var (status, body) = await TokenAsync(client, ("grant_type", "authorization_code"), ("code", "sandbox-kantata-code"), ("redirect_uri", "https://console.example/callback"));
        Assert.Equal((200, "bearer"), (status, body.GetProperty("token_type").GetString()));
        Assert.False(body.TryGetProperty("expires_in", out _));
        var own = sandbox.Client("kantata");
        own.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", body.GetProperty("access_token").GetString());
        Assert.NotEmpty(await own.ListAsync("/api/v1/users.json"));
        Assert.Equal(200, (await TokenAsync(client, ("grant_type", "client_credentials"))).Status);
    }

    [Theory]
    [InlineData("password", "", 400, "unsupported_grant_type")]
    [InlineData("authorization_code", "wrong", 401, "invalid_grant")]
    public async Task Wrong_request_for_a_token_is_refused(string grant, string code, int status, string error)
    {
        var answer = await TokenAsync(sandbox.Client("kantata"), ("grant_type", grant), ("code", code));
        Assert.Equal((status, error), (answer.Status, answer.Body.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task Unknown_client_gets_no_token()
        => Assert.Equal(401, (await TokenAsync(sandbox.Client("kantata"), ("grant_type", "client_credentials"), ("client_secret", "wrong"))).Status);

    [Fact]
    public async Task Call_without_a_valid_token_is_refused()
    {
        var client = sandbox.Client("kantata");
        Assert.Equal(("oauth", "Invalid OAuth 2 Request", null), await (await client.CallAsync("GET", "/api/v1/users.json")).RefusedAsync(401));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "made-up");
        await (await client.CallAsync("GET", "/api/v1/users.json")).RefusedAsync(401);
    }

    private static async Task<(int Status, System.Text.Json.JsonElement Body)> TokenAsync(HttpClient client, params IEnumerable<(string Name, string Value)> fields)
    {
        var form = new Dictionary<string, string> { ["client_id"] = "sandbox-kantata-application", ["client_secret"] = "sandbox-kantata-secret" };
        foreach (var (name, value) in fields)
        {
            form[name] = value;
        }

        using var content = new FormUrlEncodedContent(form);
        using var answer = await client.PostAsync("/oauth/token", content, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await RunningSandbox.JsonAsync(answer));
    }
}
