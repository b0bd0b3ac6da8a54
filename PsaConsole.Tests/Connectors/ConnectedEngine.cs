using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Mapping;
using PsaConsole.Tests.Sandbox;

namespace PsaConsole.Tests.Connectors;

/// <summary>The connectors with the shipped mapping sets, pointed at a sandbox of their own by its index.</summary>
public sealed class ConnectedEngine : IAsyncLifetime
{
    private ServiceProvider? provider;

    public RunningSandbox Sandbox { get; private set; } = null!;

    public ConnectorHealth Health => Get<ConnectorHealth>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Sandbox = await RunningSandbox.StartAsync();
        provider = await ConnectAsync([]);
    }

    public T Get<T>()
        where T : notnull => provider!.GetRequiredService<T>();

    /// <summary>Another set of connectors at the same sandbox, with settings of its own.</summary>
    public async Task<ServiceProvider> ConnectAsync(Dictionary<string, string?> settings)
    {
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings);
        configuration.AddInMemoryCollection([new("Sandbox:Url", Sandbox.Host.Url("control").ToString())]);
        await configuration.AddSandboxAsync(TimeProvider.System, Token);
        return Provide(configuration);
    }

    public static ServiceProvider Provide(IConfiguration configuration)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddSingleton(Mappings());
        services.AddConnectors(configuration);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public Task FaultAsync(object order) => Sandbox.FaultAsync(order);

    /// <summary>How many calls of a path the sandbox has logged, once it has logged as many as expected: a call whose connection was cut is logged after the cut is seen.</summary>
    public async Task<int> CallsAsync(string path, int expected)
    {
        for (var count = 0; ; Token.ThrowIfCancellationRequested())
        {
            var calls = await Sandbox.Control.GetFromJsonAsync<System.Text.Json.JsonElement>("/calls", Token);
            count = calls.EnumerateArray().Count(call => call.GetProperty("path").GetString()!.Contains(path, StringComparison.Ordinal));
            if (count >= expected)
            {
                return count;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (provider is not null)
        {
            await provider.DisposeAsync();
        }

        if (Sandbox is not null)
        {
            await Sandbox.DisposeAsync();
        }
    }

    private static MappingSets Mappings()
    {
        var sets = new MappingSets();
        foreach (var (name, rules) in ShippedMappings.All())
        {
            sets.Activate(new MappingSet { Name = name, Version = 1, Rules = rules, Author = "shipped", CreatedAt = DateTimeOffset.UnixEpoch });
        }

        return sets;
    }
}
