using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using PsaConsole.Sandbox;

namespace PsaConsole.Tests.Sandbox;

/// <summary>A sandbox with a small firm on free ports, and clients for it.</summary>
public sealed class RunningSandbox : IAsyncLifetime
{
    /// <summary>Consultants of the firm that most tests work with.</summary>
    private const int Few = 40;

    private readonly SandboxOptions _options;
    private readonly List<HttpClient> _clients = [];

    public RunningSandbox()
        : this(new SandboxOptions { Consultants = Few })
    {
    }

    private RunningSandbox(SandboxOptions options) => _options = options with { Port = 0, Seed = 7 };

    public SandboxHost Host { get; private set; } = null!;

    public HttpClient Control { get; private set; } = null!;

    public static Task<RunningSandbox> StartAsync(string? dataFolder = null) => StartAsync(new SandboxOptions { Consultants = Few, DataFolder = dataFolder });

    /// <param name="options">Its ports are free ones, and its firm is drawn from the tests' own seed.</param>
    public static async Task<RunningSandbox> StartAsync(SandboxOptions options)
    {
        var sandbox = new RunningSandbox(options);
        await sandbox.InitializeAsync();
        return sandbox;
    }

    public async ValueTask InitializeAsync()
    {
        Host = await SandboxHost.StartAsync(_options, TestContext.Current.CancellationToken);
        Control = Client("control");
    }

    public HttpClient Client(string system)
    {
        var client = new HttpClient { BaseAddress = Host.Url(system), Timeout = TimeSpan.FromSeconds(20) };
        _clients.Add(client);
        return client;
    }

    /// <summary>A client that has signed in to Salesforce; addresses start below /services/data/v66.0/.</summary>
    public async Task<HttpClient> SalesforceAsync()
    {
        var client = Client("salesforce");
        client.BaseAddress = new Uri(client.BaseAddress!, "/services/data/v66.0/");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await SalesforceTokenAsync(client));
        return client;
    }

    public async Task<string> SalesforceTokenAsync(HttpClient client)
    {
        var credentials = Host.Vendor("salesforce").Credentials;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = (string)credentials["clientId"]!,
            ["client_secret"] = (string)credentials["clientSecret"]!,
        });
        using var answer = await client.PostAsync("/services/oauth2/token", form, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await JsonAsync(answer)).GetProperty("access_token").GetString()!;
    }

    public async Task FaultAsync(object order)
    {
        using var answer = await Control.PostAsJsonAsync("/faults", order, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
        => await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        if (Host is not null)
        {
            await Host.DisposeAsync();
        }
    }
}
