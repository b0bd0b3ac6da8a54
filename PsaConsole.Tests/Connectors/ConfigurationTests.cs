using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Connectors.Salesforce;

namespace PsaConsole.Tests.Connectors;

public sealed class ConfigurationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connector_without_configuration_says_which_keys_are_missing()
    {
        await using var provider = Provide([]);
        var failed = await Assert.ThrowsAsync<ConnectorException>(() => provider.GetRequiredService<ICrm>().ProbeAsync(Token));
        Assert.Contains("Connectors:salesforce:Url, Connectors:salesforce:ClientId, Connectors:salesforce:ClientSecret", failed.Message, StringComparison.Ordinal);
        Assert.Equal(failed.Message, provider.GetRequiredService<ConnectorHealth>().Of("salesforce").LastError);
    }

    [Theory]
    [InlineData("Url", "https://acme.my.salesforce.com", "Connectors:salesforce:ClientId is not set")]
    [InlineData("Concurrency", "0", "Connectors:salesforce:Concurrency must be from 1 to 100")]
    [InlineData("TimeoutSeconds", "9999", "Connectors:salesforce:TimeoutSeconds must be from 1 to 600")]
    public async Task Half_or_wrong_configuration_is_refused_by_the_name_of_its_key(string key, string value, string message)
    {
        await using var provider = Provide(new() { [$"Connectors:salesforce:{key}"] = value });
        var refused = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<SalesforceOptions>>().Value);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sandbox_address_that_is_none_is_refused()
    {
        using var configuration = new ConfigurationManager();
        configuration["Sandbox:Url"] = "not an address";
        var refused = await Assert.ThrowsAsync<SandboxDiscoveryException>(() => configuration.AddSandboxAsync(TimeProvider.System, Token));
        Assert.Contains("Sandbox:Url", refused.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Provide(Dictionary<string, string?> settings) => ConnectedEngine.Provide(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
}
