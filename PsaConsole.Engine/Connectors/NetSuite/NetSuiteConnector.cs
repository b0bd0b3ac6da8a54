using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>NetSuite OneWorld as the books: customers, projects with their billing schedules, legal entities.</summary>
public sealed class NetSuiteConnector : IErp, IChangeSource
{
    // Dates of queries are those of the integration's user, and a long save becomes visible late under an early date (vendor page 2.3).
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(15);

    // Every step of a hand-off asks for them, and they change a few times a year.
    private static readonly TimeSpan EntitiesKept = TimeSpan.FromMinutes(1);

    private readonly NetSuiteHttp http;
    private readonly NetSuitePeople employees;
    private readonly NetSuitePeople vendors;
    private readonly NetSuiteClients clients;
    private readonly MappingSets mappings;
    private readonly TimeProvider clock;
    private readonly Kept<IReadOnlyList<LegalEntity>> entities;

    public NetSuiteConnector(NetSuiteHttp http, MappingSets mappings, TimeProvider clock)
    {
        this.http = http;
        this.mappings = mappings;
        this.clock = clock;
        entities = new Kept<IReadOnlyList<LegalEntity>>(EntitiesKept, clock, ReadEntitiesAsync);
        var references = new NetSuiteReferences(http, clock);
        clients = new NetSuiteClients(http, references, mappings);
        Projects = new NetSuiteProjects(http, references, mappings);
        employees = new NetSuitePeople("employee", http, references, mappings);
        vendors = new NetSuitePeople("vendor", http, references, mappings);
    }

    public string SystemName => NetSuiteHttp.System;

    public ITarget<Client> Clients => clients;

    public ITarget<Engagement> Projects { get; }

    public ITarget<Placement> Employees => employees;

    public ITarget<Placement> Vendors => vendors;

    public Task<IReadOnlyList<Placement>> ReadPlacementsAsync(Ledger ledger, string email, CancellationToken cancellationToken) =>
        (ledger == Ledger.Employee ? employees : vendors).ReadActiveAsync(email, cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) => http.FirstAsync("SELECT id FROM currency", [], CallKind.Probe, cancellationToken);

    public Task<IReadOnlyList<ClientMatch>> FindClientsAsync(Client client, CancellationToken cancellationToken) => clients.SearchAsync(client, cancellationToken);

    public Task WriteBillToAsync(string clientId, Client client, CancellationToken cancellationToken) => clients.WriteBillToAsync(clientId, client, cancellationToken);

    public Task<IReadOnlyList<LegalEntity>> ReadLegalEntitiesAsync(CancellationToken cancellationToken) => entities.GetAsync(cancellationToken);

    private async Task<IReadOnlyList<LegalEntity>> ReadEntitiesAsync(CancellationToken cancellationToken)
    {
        // A subsidiary without our code takes no part; elimination subsidiaries hold no business.
        var rows = await http.QueryAsync(
            "SELECT s.id, s.externalid AS code, s.name, s.country, c.symbol AS currency, s.isinactive FROM subsidiary s JOIN currency c ON c.id = s.currency WHERE s.externalid IS NOT NULL AND s.iselimination = 'F' ORDER BY s.id", [], cancellationToken);
        return [.. rows.Select(row => mappings.Read<LegalEntity>("netsuite.legal-entity.read", row))];
    }

    /// <summary>Time counts as well as what is in the ledger: both would be orphaned.</summary>
    public async Task<bool> HasPostingsAsync(string projectId, CancellationToken cancellationToken) =>
        await http.FirstAsync("SELECT id FROM timebill WHERE customer = ?", [projectId], CallKind.Read, cancellationToken) is not null
        || await http.FirstAsync("SELECT transaction FROM transactionline WHERE entity = ?", [projectId], CallKind.Read, cancellationToken) is not null;

    public async Task<IReadOnlyList<CostCenter>> ReadCostCentersAsync(CancellationToken cancellationToken) =>
    [
        .. (await http.QueryAsync("SELECT externalid AS code, isinactive FROM department WHERE externalid IS NOT NULL ORDER BY id", [], cancellationToken))
            .Select(row => new CostCenter(row["code"]!.ToString(), row["isinactive"]?.ToString() != "T")),
    ];

    public async Task<IReadOnlyList<PostedTime>> ReadPostedTimeAsync(string personId, DateOnly from, CancellationToken cancellationToken)
    {
        var rows = await http.QueryAsync(
            "SELECT id, TO_CHAR(trandate, 'YYYY-MM-DD') AS worked, hours FROM timebill WHERE employee = ? AND trandate >= TO_DATE(?, 'YYYY-MM-DD') ORDER BY id",
            [personId, from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)],
            cancellationToken);
        return [.. rows.Select(row => mappings.Read<PostedTime>("netsuite.posted-time.read", row))];
    }

    /// <summary>Customers and projects saved since the last read, with an overlap that the inbox takes out again; deletes are not seen here.</summary>
    public async Task<ChangePage> ReadChangesAsync(string? cursor, CancellationToken cancellationToken)
    {
        var began = clock.GetUtcNow();
        var since = Parse(cursor) ?? began;
        var changed = await ReadAsync("client", NetSuiteClients.Record, since - Overlap, cancellationToken);
        changed.AddRange(await ReadAsync("engagement", NetSuiteProjects.Record, since - Overlap, cancellationToken));
        return new ChangePage(changed, began.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), More: false);
    }

    internal static void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddConnectorHttp<NetSuiteOptions>(configuration, NetSuiteHttp.System);
        services.AddSingleton<NetSuiteHttp>();
        services.AddSingleton<NetSuiteConnector>();
        services.AddSingleton<ILedger, NetSuiteLedger>();
        services.AddSingleton<IBilling, NetSuiteBilling>();
        services.AddSingleton<IProjectChanges, NetSuiteProjectChanges>();
        services.AddSingleton<IErp>(provider => provider.GetRequiredService<NetSuiteConnector>());
        services.AddSingleton<IConnector>(provider => provider.GetRequiredService<NetSuiteConnector>());
        services.AddSingleton<IChangeSource>(provider => provider.GetRequiredService<NetSuiteConnector>());
        services.AddSingleton<INoticeReader>(provider => new SignedNotices(NetSuiteHttp.System, provider.GetRequiredService<IOptions<NetSuiteOptions>>().Value, ["engagement", "client"]));
    }

    private async Task<List<Change>> ReadAsync(string sourceType, string record, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var rows = await http.QueryAsync(
            $"""SELECT id, TO_CHAR(lastmodifieddate, 'YYYY-MM-DD"T"HH24:MI:SS') AS changed FROM {record} WHERE lastmodifieddate >= TO_DATE(?, 'YYYY-MM-DD HH24:MI:SS') ORDER BY lastmodifieddate, id""",
            [since.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)],
            cancellationToken);
        return [.. rows.Select(row => new Change(sourceType, row["id"]!.ToString(), row["changed"]!.ToString(), DateTimeOffset.Parse(row["changed"]!.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), null))];
    }

    private static DateTimeOffset? Parse(string? cursor) => cursor switch
    {
        null => null,
        _ when DateTimeOffset.TryParse(cursor, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since) => since,
        _ => throw new ConnectorException(NetSuiteHttp.System, ErrorClass.CursorLost, "The stored position in NetSuite's changes can't be read. Everything of interest is read again."),
    };

}
