using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Microsoft365;

/// <summary>Microsoft 365 as the place where people are told: a Teams channel and mail.</summary>
public sealed class Microsoft365Connector(GraphHttp graph, TeamsHttp teams, IOptions<Microsoft365Options> options) : ICollaboration
{
    public string SystemName => GraphHttp.System;

    public ITarget<Notice> Channel { get; } = new TeamsChannel(teams);

    public ITarget<Notice> Mail { get; } = new NoticeMail(graph, options);

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1.0/users?$select=id&$top=1", UriKind.Relative));
        (await graph.SendAsync(request, CallKind.Probe, cancellationToken)).Object();
    }

    internal static void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddConnectorHttp<Microsoft365Options>(configuration, GraphHttp.System);
        services.AddConnectorClient<Microsoft365Options>(TeamsHttp.System);
        services.AddSingleton<GraphHttp>();
        services.AddSingleton<TeamsHttp>();
        services.AddSingleton<Microsoft365Connector>();
        services.AddSingleton<ICollaboration>(provider => provider.GetRequiredService<Microsoft365Connector>());
        services.AddSingleton<IConnector>(provider => provider.GetRequiredService<Microsoft365Connector>());
        services.AddSingleton<INoticeReader>(provider => new GraphNotices(provider.GetRequiredService<IOptions<Microsoft365Options>>().Value));
    }
}
