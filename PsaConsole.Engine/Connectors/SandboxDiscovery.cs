using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace PsaConsole.Engine.Connectors;

/// <summary>
/// Points the connectors at a sandbox: with Sandbox:Url set, its index gives the address and sample credentials of every system whose Url is not configured otherwise. A key that is configured stays.
/// Runs before services are built, so that connectors know configuration only.
/// </summary>
public static class SandboxDiscovery
{
    private const int MaximumIndexBytes = 256 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <exception cref="SandboxDiscoveryException">Sandbox:Url is set and does not answer with an index within 30 seconds.</exception>
    public static async Task AddSandboxAsync(this IConfigurationManager configuration, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (configuration["Sandbox:Url"] is not { Length: > 0 } text)
        {
            return;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new SandboxDiscoveryException("Sandbox:Url must be an absolute http or https address.");
        }

        var index = await ReadAsync(url, clock, cancellationToken);
        configuration.AddInMemoryCollection(Values(index, configuration));
    }

    private static Dictionary<string, string?> Values(JsonObject index, IConfiguration configured)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var system in (index["systems"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var section = $"Connectors:{system["name"]}";
            if (configured[section + ":Url"] is { Length: > 0 })
            {
                continue;
            }

            values[section + ":Url"] = system["url"]?.ToString();
            foreach (var (name, value) in (system["credentials"] as JsonObject ?? []).Where(pair => configured[$"{section}:{pair.Key}"] is null))
            {
                values[$"{section}:{name}"] = value?.ToString();
            }
        }

        return values;
    }

    /// <summary>The sandbox and the console may start side by side, so its first refusals are waited out.</summary>
    private static async Task<JsonObject> ReadAsync(Uri url, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        using var client = new HttpClient { MaxResponseContentBufferSize = MaximumIndexBytes };
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        Exception? last = null;
        try
        {
            while (true)
            {
                try
                {
                    return JsonNode.Parse(await client.GetStringAsync(url, waiting.Token)) as JsonObject
                        ?? throw new SandboxDiscoveryException($"Sandbox:Url {url} answers, but not with an index. Is it the sandbox's control address?");
                }
                catch (HttpRequestException problem)
                {
                    last = problem;
                    await Task.Delay(Pause, clock, waiting.Token);
                }
            }
        }
        catch (JsonException problem)
        {
            throw new SandboxDiscoveryException($"Sandbox:Url {url} answers, but not with JSON. Is it the sandbox's control address?", problem);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SandboxDiscoveryException($"The sandbox at Sandbox:Url {url} does not answer. Start it, or remove the setting.", last);
        }
    }
}

/// <summary>The sandbox that the configuration asks for can't be used. The message says what to do.</summary>
public sealed class SandboxDiscoveryException(string message, Exception? inner = null) : Exception(message, inner);
