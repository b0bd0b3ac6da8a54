using System.Net;

namespace PsaConsole.Tests.Web;

public sealed class HostTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Development_sign_in_refuses_to_start_outside_development(string environment)
    {
        var (exitCode, output) = await RunAsync(new() { ["ASPNETCORE_ENVIRONMENT"] = environment, ["SignIn__Mode"] = "Development" });

        Assert.NotEqual(0, exitCode);
        Assert.Contains($"SignIn:Mode is Development, but the environment is {environment}", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_chosen_sign_in_the_console_says_what_to_set()
    {
        var (exitCode, output) = await RunAsync(new() { ["ASPNETCORE_ENVIRONMENT"] = "Production" });

        Assert.NotEqual(0, exitCode);
        Assert.Contains("SignIn:Mode is not set", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_migrates_and_ends()
    {
        var (exitCode, output) = await RunAsync([], "migrate");

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("Now listening", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_health_check_fails_when_nothing_answers()
    {
        var (exitCode, output) = await RunAsync(new() { ["ASPNETCORE_URLS"] = "http://*:1" }, "healthcheck");

        Assert.Equal(1, exitCode);
        Assert.Contains("did not answer", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_carries_the_headers_that_keep_strangers_out()
    {
        await using var console = await StartAsync();
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
        await using var console = await StartAsync();
        using var client = console.NewClient();

        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task An_unknown_address_is_a_page_and_no_blank()
    {
        await using var console = await StartAsync();
        using var client = console.NewClient();

        using var answer = await client.GetAsync("/nowhere", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is nothing at this address", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private async Task<ConsoleProcess> StartAsync() =>
        await ConsoleProcess.StartAsync(await SettingsAsync([]), TestContext.Current.CancellationToken);

    private async Task<(int ExitCode, string Output)> RunAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        // Built outputs carry appsettings.Development.json, which a Production environment does not read.
        return await ConsoleProcess.RunAsync(await SettingsAsync(settings), TestContext.Current.CancellationToken, arguments);
    }

    private async Task<Dictionary<string, string>> SettingsAsync(Dictionary<string, string> settings) =>
        new(settings) { ["ConnectionStrings__PsaConsole"] = await postgres.CreateDatabaseAsync() };
}
