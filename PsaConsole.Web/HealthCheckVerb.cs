namespace PsaConsole.Web;

/// <summary><c>healthcheck</c>: asks the console of this machine whether it lives. For container images, which carry no curl.</summary>
public static class HealthCheckVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Exit code 0 when it answers, else 1 with the reason on standard error.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var settings = new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").AddCommandLine(args).Build();
        var address = new Uri(OwnAddress(settings), ConsoleUrls.Live());
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(address);
            return answer.IsSuccessStatusCode ? 0 : await FailAsync($"{address} answered {(int)answer.StatusCode}.");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            return await FailAsync($"{address} did not answer: {failure.Message}");
        }
    }

    // "http://*:8080" and "http://0.0.0.0:8080" are places to listen at, not to call.
    private static Uri OwnAddress(IConfiguration settings)
    {
        var listening = settings["urls"]?.Split(';')[0]
            ?? (settings["http_ports"] is { Length: > 0 } ports ? $"http://*:{ports.Split(';')[0]}" : "http://127.0.0.1:5000");
        var port = BindingAddress.Parse(listening).Port;
        return new Uri($"http://127.0.0.1:{port}");
    }

    private static async Task<int> FailAsync(string reason)
    {
        await Console.Error.WriteLineAsync(reason);
        return 1;
    }
}
