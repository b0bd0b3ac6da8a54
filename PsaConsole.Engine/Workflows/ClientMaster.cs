using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows;

/// <summary>
/// Brings a client to every system that needs it (3-workflows 3b), as a service for any workflow: one canonical client, one cross-reference a system,
/// found before it is created, and read back after.
/// </summary>
public sealed class ClientMaster(IDbContextFactory<EngineDbContext> stores, ICrm crm, IPsa psa, IErp erp, TimeProvider time)
{
    /// <summary>Kind of the canonical record in cross-references and keys.</summary>
    internal const string CanonicalType = "client";

    /// <summary>The canonical client behind a CRM account: known by its cross-reference, by tax number or domain and country, or new.</summary>
    /// <returns>
    /// The client as it is kept, or the finding that says why it is not clear which; both where two accounts are one client by their tax number (MST-102): then it stays as
    /// its own account has it.
    /// </returns>
    public async Task<(Guid? Id, Client Kept, Finding? Finding)> IdentifyAsync(string crmClientId, Client client, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        // Two deals of one new client are two lanes: only one of them may create it.
        await store.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('client master', 0))", cancellationToken);
        var reference = await store.CrossReferences.SingleOrDefaultAsync(
            item => item.SystemName == crm.SystemName && item.CanonicalType == CanonicalType && item.ExternalId == crmClientId && item.Active, cancellationToken);
        var (id, finding) = reference is not null ? (reference.CanonicalId, null) : await MatchAsync(store, client, cancellationToken);
        if (finding is not null)
        {
            return (null, client, finding);
        }

        var row = id is null ? null : await store.Clients.FindAsync([id.Value], cancellationToken);
        if (reference is null && row is not null && await store.CrossReferences.FindAsync([CanonicalType, row.Id, crm.SystemName], cancellationToken) is { Active: true } other)
        {
            var twins = ClientMatching.Twins(client, crmClientId, row.LegalName, row.TaxRegistration, other.ExternalId);
            return (twins.Code == ClientMatching.Duplicate ? row.Id : null, JsonSerializer.Deserialize<Client>(row.State, MappingSets.Json)!, twins);
        }

        row ??= store.Clients.Add(New(client)).Entity;
        Refresh(row, client);
        if (reference is null)
        {
            store.CrossReferences.Add(Reference(row.Id, crm.SystemName, crmClientId));
        }

        await store.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (row.Id, client, null);
    }

    /// <summary>Makes sure that the PSA has the client.</summary>
    public Task<(string? Id, Finding? Finding)> EnsureInPsaAsync(Guid clientId, Client client, bool inDoubt, CancellationToken cancellationToken) =>
        EnsureAsync(psa.SystemName, psa.Clients, psa.FindClientsAsync, clientId, client, inDoubt, cancellationToken);

    /// <summary>Makes sure that the ERP has the client, in every legal entity that sells to it.</summary>
    public Task<(string? Id, Finding? Finding)> EnsureInErpAsync(Guid clientId, Client client, bool inDoubt, CancellationToken cancellationToken) =>
        EnsureAsync(erp.SystemName, erp.Clients, erp.FindClientsAsync, clientId, client, inDoubt, cancellationToken);

    /// <summary>Differences between the client we wanted and what the system holds; none means that it is verified.</summary>
    public static IReadOnlyList<Finding> Compare(string systemName, Client expected, Client? actual, bool withAccounting)
    {
        if (actual is null)
        {
            return [Different(systemName, expected, "Client", expected.LegalName, null)];
        }

        var findings = new List<Finding>();
        if (ClientMatching.Likeness(expected.LegalName, actual.LegalName) < ClientMatching.Alike)
        {
            findings.Add(Different(systemName, expected, "Name", expected.LegalName, actual.LegalName));
        }

        if (withAccounting)
        {
            findings.AddRange(expected.LegalEntities.Except(actual.LegalEntities).Select(entity => Different(systemName, expected, "Legal entity", entity, null)));
        }

        return findings;
    }

    private async Task<(string? Id, Finding? Finding)> EnsureAsync(
        string systemName, ITarget<Client> target, Func<Client, CancellationToken, Task<IReadOnlyList<ClientMatch>>> find, Guid clientId, Client client, bool inDoubt, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var key = TargetSteps.KeyOf(CanonicalType, clientId);
        // Held over the calls to the target: two deals of one client are two lanes, and between "not found" and "created" only one of them may be.
        await store.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({key + systemName}, 0))", cancellationToken);
        var reference = await store.CrossReferences.FindAsync([CanonicalType, clientId, systemName], cancellationToken);
        var id = reference?.ExternalId ?? await target.FindAsync(key, cancellationToken);
        if (id is null)
        {
            var candidates = await find(client, cancellationToken);
            var found = candidates.Select(item => item.Id).ToList();
            // What is another client of ours already is not this one, however alike their names are.
            var others = await store.CrossReferences
                .Where(item => item.SystemName == systemName && item.CanonicalType == CanonicalType && item.Active && found.Contains(item.ExternalId))
                .Select(item => item.ExternalId)
                .ToListAsync(cancellationToken);
            var (match, finding) = ClientMatching.Match(client, [.. candidates.Where(item => !others.Contains(item.Id)).Select(item => new ClientCandidate(item.Id, item.Name, item.TaxRegistration, item.Domain, item.Country))]);
            if (finding is not null)
            {
                return (null, finding);
            }

            id = match?.Id;
        }

        id = await target.EnsureAsync(key, client, id, inDoubt, cancellationToken);
        if (reference is null)
        {
            store.CrossReferences.Add(Reference(clientId, systemName, id));
        }
        else
        {
            reference.ExternalId = id;
            reference.VerifiedAt = time.GetUtcNow();
        }

        await store.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (id, null);
    }

    private static async Task<(Guid? Id, Finding? Finding)> MatchAsync(EngineDbContext store, Client client, CancellationToken cancellationToken)
    {
        var rows = await store.Clients.AsNoTracking()
            .Where(row => (client.TaxRegistration != null && row.TaxRegistration == client.TaxRegistration) || row.Country == client.Country)
            .Select(row => new { row.Id, row.LegalName, row.TaxRegistration, row.Domain, row.Country })
            .ToListAsync(cancellationToken);
        // Two numbers are two clients, however alike the rest is.
        var same = rows.Where(row => row.TaxRegistration is null || client.TaxRegistration is null || ClientMatching.SameNumber(row.TaxRegistration, client.TaxRegistration));
        var (match, finding) = ClientMatching.Match(client, [.. same.Select(row => new ClientCandidate(row.Id.ToString(), row.LegalName, row.TaxRegistration, row.Domain, row.Country))]);
        return (match is null ? null : Guid.Parse(match.Id), finding);
    }

    private ClientRow New(Client client) => new() { Id = Guid.CreateVersion7(), LegalName = client.LegalName, State = "{}", CreatedAt = time.GetUtcNow() };

    private void Refresh(ClientRow row, Client client)
    {
        row.LegalName = client.LegalName;
        row.Country = client.Country;
        row.TaxRegistration = client.TaxRegistration;
        row.Domain = client.Domain;
        row.State = JsonSerializer.Serialize(client, MappingSets.Json);
        row.UpdatedAt = time.GetUtcNow();
    }

    private CrossReference Reference(Guid clientId, string systemName, string externalId) => new()
    {
        CanonicalType = CanonicalType,
        CanonicalId = clientId,
        SystemName = systemName,
        ExternalId = externalId,
        FirstSeenAt = time.GetUtcNow(),
    };

    private static Finding Different(string systemName, Client expected, string field, string? wanted, string? found) =>
        new("3b", "MST-104", expected.LegalName, $"{field} of {expected.LegalName} in {systemName} is {found ?? "missing"}, but must be {wanted}. Correct it there, then retry.")
        {
            Field = field,
            Expected = wanted,
            Actual = found,
        };
}
