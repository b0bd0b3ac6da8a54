using System.Net;

namespace PsaConsole.Tests.Sandbox.NetSuite;

public sealed class SignInTests(RunningSandbox sandbox) : IClassFixture<RunningSandbox>
{
    [Theory]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task Signed_assertion_opens_for_an_hour(string algorithm)
    {
        using var answer = await sandbox.Client("netsuite").TokenAsync(sandbox.Assertion(algorithm));
        var token = await RunningSandbox.JsonAsync(answer);
        Assert.Equal(3_600, token.GetProperty("expires_in").GetInt32());
        Assert.Equal("Bearer", token.GetProperty("token_type").GetString());
    }

    [Fact]
    public async Task Scope_may_be_one_text()
    {
        using var answer = await sandbox.Client("netsuite").TokenAsync(sandbox.Assertion(claims: new() { ["scope"] = "restlets,rest_webservices" }));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    public static TheoryData<string, string, object, string> Mistakes => new()
    {
        { "RS256", "iss", "", "invalid_grant" },
        { "PS256", "iss", "somebody else", "invalid_grant" },
        { "PS256", "aud", "https://9999999.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token", "invalid_grant" },
        { "PS256", "exp", 1_000_000_000L, "invalid_grant" },
        { "PS256", "iat", 1_000_000_000L, "invalid_grant" },
        { "PS256", "scope", "everything", "invalid_scope" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Wrong_assertion_is_refused(string algorithm, string claim, object value, string error)
    {
        var claims = algorithm == "RS256" ? null : new Dictionary<string, object> { [claim] = value };
        using var answer = await sandbox.Client("netsuite").TokenAsync(sandbox.Assertion(algorithm, claims));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(error, (await RunningSandbox.JsonAsync(answer)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Foreign_signature_is_refused()
    {
        var assertion = sandbox.Assertion();
        using var answer = await sandbox.Client("netsuite").TokenAsync(assertion[..^8] + "AAAAAAAA");
        Assert.Equal("invalid_grant", (await RunningSandbox.JsonAsync(answer)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Call_without_a_valid_token_is_an_invalid_login()
    {
        await using var own = await RunningSandbox.StartAsync();
        var client = await own.NetSuiteAsync();
        await own.FaultAsync(new { system = "netsuite", effect = "expire-token", count = 1 });
        await (await client.CallAsync("GET", "record/v1/customer")).RefusedAsync(HttpStatusCode.Unauthorized, "INVALID_LOGIN");
    }
}
