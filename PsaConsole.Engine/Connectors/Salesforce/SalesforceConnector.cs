using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Salesforce;

/// <summary>Salesforce as the system of record for clients and deals.</summary>
public sealed class SalesforceConnector : ICrm, IChangeSource
{
    private const string ClientSet = "salesforce.client.read";

    private readonly SalesforceHttp http;
    private readonly MappingSets mappings;
    private readonly SalesforceOptions options;
    private readonly DealReader deals;
    private readonly SalesforceChanges changes;

    public SalesforceConnector(SalesforceHttp http, MappingSets mappings, IOptions<SalesforceOptions> options, TimeProvider clock)
    {
        this.http = http;
        this.mappings = mappings;
        this.options = options.Value;
        deals = new DealReader(http, mappings);
        changes = new SalesforceChanges(http, mappings, clock);
        HandOffs = new HandOffTarget(http, mappings);
    }

    public string SystemName => SalesforceHttp.System;

    public ITarget<HandOffStatus> HandOffs { get; }

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, http.Data("limits"));
        await http.SendAsync(request, CallKind.Probe, cancellationToken);
    }

    public Task<Opportunity?> ReadOpportunityAsync(string id, DateTimeOffset? atLeast, CancellationToken cancellationToken) => deals.ReadAsync(id, atLeast, cancellationToken);

    public Task<IReadOnlyList<string>> ReadDealsOfAsync(string rateCardId, CancellationToken cancellationToken) => deals.ReadDealsOfAsync(rateCardId, cancellationToken);

    public DateTimeOffset? SavedAt(string revision) => SalesforceChanges.SavedAt(revision);

    public async Task<Client?> ReadClientAsync(string id, CancellationToken cancellationToken)
    {
        var found = await http.QueryAsync($"SELECT {Soql.Fields(mappings.SourcesOf(ClientSet))} FROM Account WHERE Id = '{Soql.Id(id)}'", cancellationToken);
        return found is [var account, ..] ? mappings.Read<Client>(ClientSet, account) : null;
    }

    public async Task WriteClientAsync(string id, Client client, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, http.Data($"sobjects/Account/{Soql.Id(id)}")) { Content = Wire.Json(mappings.Write("salesforce.client.write", client)) };
        await http.SendAsync(request, CallKind.Write, cancellationToken);
    }

    public Uri? LinkTo(string opportunityId) => options.Url is { } root ? new Uri(root, $"/lightning/r/Opportunity/{Uri.EscapeDataString(opportunityId)}/view") : null;

    public Task<ChangePage> ReadChangesAsync(string? cursor, CancellationToken cancellationToken) => changes.ReadAsync(cursor, cancellationToken);

    internal static void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddConnectorHttp<SalesforceOptions>(configuration, SalesforceHttp.System);
        services.AddSingleton<SalesforceHttp>();
        services.AddSingleton<SalesforceConnector>();
        services.AddSingleton<ICrm>(provider => provider.GetRequiredService<SalesforceConnector>());
        services.AddSingleton<IConnector>(provider => provider.GetRequiredService<SalesforceConnector>());
        services.AddSingleton<IChangeSource>(provider => provider.GetRequiredService<SalesforceConnector>());
        services.AddSingleton<INoticeReader>(provider => new OutboundMessages(provider.GetRequiredService<IOptions<SalesforceOptions>>().Value));
    }
}
