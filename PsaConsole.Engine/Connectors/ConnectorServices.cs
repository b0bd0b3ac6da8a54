using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Connectors.Microsoft365;
using PsaConsole.Engine.Connectors.Kantata;
using PsaConsole.Engine.Connectors.NetSuite;
using PsaConsole.Engine.Connectors.Salesforce;
using PsaConsole.Engine.Connectors.Workday;

namespace PsaConsole.Engine.Connectors;

/// <summary>Registers the connectors: a new vendor is one more line.</summary>
public static class ConnectorServices
{
    public static IServiceCollection AddConnectors(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ConnectorHealth>();
        services.TryAddSingleton<CallBudgets>();
        services.TryAddSingleton<DroppedFields>();
        NetSuiteConnector.Register(services, configuration);
        SalesforceConnector.Register(services, configuration);
        KantataConnector.Register(services, configuration);
        WorkdayConnector.Register(services, configuration);
        Microsoft365Connector.Register(services, configuration);
        return services;
    }

    /// <summary>What every vendor's registration begins with: its options from Connectors:{systemName}, checked at start, and its HTTP client.</summary>
    internal static void AddConnectorHttp<TOptions>(this IServiceCollection services, IConfiguration configuration, string systemName)
        where TOptions : ConnectorOptions
    {
        var section = "Connectors:" + systemName;
        services.AddOptions<TOptions>().Bind(configuration.GetSection(section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>>(new ConnectorOptionsCheck<TOptions>(section));
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<TOptions>>().Value;
            return new DailyQuota(systemName, options.DailyCalls, options.DailyReserve, provider.GetRequiredService<CallLedger>, provider.GetRequiredService<TimeProvider>());
        });
        services.AddConnectorClient<TOptions>(systemName);
    }
}
