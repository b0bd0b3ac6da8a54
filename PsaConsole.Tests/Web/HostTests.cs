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

    private async Task<(int ExitCode, string Output)> RunAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        // Built outputs carry appsettings.Development.json, which a Production environment does not read.
        return await ConsoleProcess.RunAsync(await SettingsAsync(settings), TestContext.Current.CancellationToken, arguments);
    }

    private async Task<Dictionary<string, string>> SettingsAsync(Dictionary<string, string> settings) =>
        new(settings) { ["ConnectionStrings__PsaConsole"] = await postgres.CreateDatabaseAsync() };
}
