namespace PsaConsole.Benchmarks.EngineLoad;

/// <summary>Calls the local server that stands for every vendor, the same way in all loads that are compared.</summary>
internal sealed class VendorCalls(Uri address) : IDisposable
{
    /// <summary>Calls of one work item.</summary>
    public const int Each = 3;

    private readonly HttpClient client = new(new SocketsHttpHandler { UseCookies = false, PooledConnectionLifetime = TimeSpan.FromHours(2) }) { BaseAddress = address };

    public async Task AskAsync(CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(new Uri("/work", UriKind.Relative), cancellationToken);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    /// <summary>From now on each answer takes so long, in milliseconds.</summary>
    public async Task SlowDownAsync(int milliseconds, CancellationToken cancellationToken)
    {
        using var answer = await client.PostAsync(new Uri($"/latency/{milliseconds}", UriKind.Relative), null, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => client.Dispose();
}
