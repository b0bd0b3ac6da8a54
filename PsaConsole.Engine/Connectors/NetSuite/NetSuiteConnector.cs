using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>Oracle NetSuite OneWorld as the system where the books are kept.</summary>
public sealed class NetSuiteConnector : IErp, IChangeSource
{
    // lastmodifieddate has no zone of its own and whole seconds: an overlap costs a few rows, which the inbox knows already (vendor page 2.3).
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(15);

    private readonly NetSuiteHttp http;
    private readonly NetSuiteReferences references;
    private readonly NetSuiteClients clients;
    private readonly TimeProvider clock;

    public NetSuiteConnector(NetSuiteHttp http, MappingSets mappings, TimeProvider clock)
    {
        this.http = http;
        this.clock = clock;
        references = new NetSuiteReferences(http, clock);
        clients = new NetSuiteClients(http, references, mappings);
        Projects = new NetSuiteProjects(http, references, mappings);
    }

    public string SystemName => NetSuiteHttp.System;

    public ITarget<Client> Clients => clients;

    public ITarget<Engagement> Projects { get; }

    public Task ProbeAsync(CancellationToken cancellationToken) => http.QueryAsync("SELECT id FROM currency ORDER BY id", cancellationToken);

    public Task<IReadOnlyList<ClientMatch>> FindClientsAsync(Client client, CancellationToken cancellationToken) => clients.SearchAsync(client, cancellationToken);

    public Task<IReadOnlyList<LegalEntity>> ReadLegalEntitiesAsync(CancellationToken cancellationToken) => references.LegalEntitiesAsync(cancellationToken);

    public async Task<bool> HasPostingsAsync(string projectId, CancellationToken cancellationToken) =>
        (await http.QueryAsync("SELECT id FROM timebill WHERE customer = ? ORDER BY id", cancellationToken, projectId)).Count > 0
        || (await http.QueryAsync("SELECT id FROM transactionline WHERE entity = ? ORDER BY id", cancellationToken, projectId)).Count > 0;

    /// <summary>Customers and jobs by lastmodifieddate; the revision is that moment, so that the same state is one change.</summary>
    public async Task<ChangePage> ReadChangesAsync(string? cursor, CancellationToken cancellationToken)
    {
        var began = clock.GetUtcNow();
        var since = DateTimeOffset.TryParse(cursor, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var stored) ? stored - Overlap : began;
        List<Change> found = [.. await ChangedAsync("client", "customer", since, cancellationToken), .. await ChangedAsync("engagement", "job", since, cancellationToken)];
        return new ChangePage(found, began.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), More: false);
    }

    internal static void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddConnectorHttp<NetSuiteOptions>(configuration, NetSuiteHttp.System);
        services.AddSingleton<NetSuiteHttp>();
        services.AddSingleton<NetSuiteConnector>();
        services.AddSingleton<IErp>(provider => provider.GetRequiredService<NetSuiteConnector>());
        services.AddSingleton<IConnector>(provider => provider.GetRequiredService<NetSuiteConnector>());
        services.AddSingleton<IChangeSource>(provider => provider.GetRequiredService<NetSuiteConnector>());
    }

    private async Task<IEnumerable<Change>> ChangedAsync(string kind, string table, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var query = $"SELECT id, TO_CHAR(lastmodifieddate, 'YYYY-MM-DD\"T\"HH24:MI:SS') AS changed FROM {table} WHERE lastmodifieddate >= TO_DATE(?, 'YYYY-MM-DD HH24:MI:SS') ORDER BY id";
        var rows = await http.QueryAsync(query, cancellationToken, since.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        return rows.Select(row => ToChange(kind, row));
    }

    private static Change ToChange(string kind, JsonObject row)
    {
        var changed = row["changed"]!.ToString();
        return new Change(kind, row["id"]!.ToString(), changed, DateTimeOffset.Parse(changed, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), null);
    }
}
