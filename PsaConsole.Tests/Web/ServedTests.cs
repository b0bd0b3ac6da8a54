using System.Net;

namespace PsaConsole.Tests.Web;

public sealed class ServedTests(OpenConsole console) : IClassFixture<OpenConsole>
{
    [Fact]
    public async Task Every_answer_carries_the_headers_that_keep_strangers_out()
    {
        using var client = console.NewClient();

        using var answer = await client.GetAsync("/sign-in", TestContext.Current.CancellationToken);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(answer.Headers.Contains("Server"));
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotMatch("<script(?![^>]* src=)", page);
    }

    [Theory]
    [InlineData("/app.css")]
    [InlineData("/favicon.svg")]
    [InlineData("/js/keys.js")]
    [InlineData("/PsaConsole.Web.styles.css")]
    [InlineData("/_content/MudBlazor/MudBlazor.min.css")]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task What_a_stranger_needs_to_sign_in_is_served(string path)
    {
        using var client = console.NewClient();

        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task An_unknown_address_is_a_page_and_no_blank()
    {
        using var client = console.NewClient();

        using var answer = await client.GetAsync("/nowhere", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is nothing at this address", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
