using System.Text.Json.Nodes;
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

    /// <summary>By its sign-in name or its mail address, which are the same in most tenants. https://learn.microsoft.com/graph/api/user-list</summary>
    public async Task<DirectoryUser?> FindUserAsync(string address, CancellationToken cancellationToken)
    {
        var value = address.Replace("'", "''", StringComparison.Ordinal);
        var filter = Uri.EscapeDataString($"userPrincipalName eq '{value}' or mail eq '{value}'");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/v1.0/users?$filter={filter}&$select=id,userPrincipalName,mail,accountEnabled", UriKind.Relative));
        var found = (await graph.SendAsync(request, CallKind.Read, cancellationToken)).Object()["value"] as JsonArray ?? [];
        return found is [JsonObject user]
            ? new DirectoryUser(user["id"]!.ToString(), user["mail"]?.ToString() ?? user["userPrincipalName"]!.ToString(), (bool?)user["accountEnabled"] ?? false)
            : found.Count == 0
                ? null
                : throw new ConnectorException(GraphHttp.System, ErrorClass.Business, $"microsoft365 has {found.Count} accounts with the address {address}. Correct all but one.");
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
