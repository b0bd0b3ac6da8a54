using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>Clients are customers: one primary subsidiary, and a relationship for each further legal entity that sells to them.</summary>
internal sealed class NetSuiteClients(NetSuiteHttp http, NetSuiteReferences references, MappingSets mappings) : ITarget<Client>
{
    private const string Customer = "customer";
    private const string Relationship = "customersubsidiaryrelationship";
    private const string RelationshipsOf = "SELECT id, subsidiary FROM customersubsidiaryrelationship WHERE entity = ? ORDER BY id";

    public async Task<string?> FindAsync(string key, CancellationToken cancellationToken) => (await http.FindAsync(Customer, $"eid:{key}", cancellationToken))?["id"]?.ToString();

    /// <summary>A customer that finance made before us keeps its own fields: only its legal entities are completed.</summary>
    public async Task<string> WriteAsync(string key, Client record, string? id, CancellationToken cancellationToken)
    {
        if (record.LegalEntities is not [var primary, ..])
        {
            throw new ConnectorException(NetSuiteHttp.System, ErrorClass.Business, $"{record.LegalName} can't be set up in netsuite without a legal entity that sells to it.");
        }

        if (id is null)
        {
            var source = JsonSerializer.SerializeToNode(record, MappingSets.Json)!.AsObject();
            source["ids"] = new JsonObject
            {
                ["legalEntity"] = await references.IdOfAsync(NetSuiteReferences.Subsidiary, primary, cancellationToken),
                ["currency"] = await references.IdOfAsync(NetSuiteReferences.Currency, record.Currency, cancellationToken),
                ["terms"] = await references.IdOfAsync(NetSuiteReferences.Term, record.PaymentTerms, cancellationToken),
            };
            id = await http.UpsertAsync(Customer, key, mappings.Map("netsuite.client.write", source).Complete(), "", cancellationToken);
        }

        await EnsureEntitiesAsync(key, id, record, cancellationToken);
        return id;
    }

    public async Task<Client?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await http.FindAsync(Customer, id, cancellationToken) is not { } customer)
        {
            return null;
        }

        customer["codes"] = new JsonObject
        {
            ["currency"] = await references.CodeOfAsync(NetSuiteReferences.Currency, customer["currency"]?["id"]?.ToString(), cancellationToken),
            ["terms"] = await references.CodeOfAsync(NetSuiteReferences.Term, customer["terms"]?["id"]?.ToString(), cancellationToken),
        };
        var client = mappings.Read<Client>("netsuite.client.read", customer);
        return client with { LegalEntities = await EntitiesAsync(id, customer, cancellationToken) };
    }

    /// <summary>Master data stays: there is nothing to take back (3-workflows 3a step 5).</summary>
    public Task WithdrawAsync(string id, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Customers that share the tax number, the web address or the first word of the name; the policy decides how alike they are.</summary>
    public async Task<IReadOnlyList<ClientMatch>> SearchAsync(Client client, CancellationToken cancellationToken)
    {
        var word = client.LegalName.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        const string query = "SELECT id, companyname, custentity_psac_tax_reg, url FROM customer WHERE isinactive = 'F' AND (custentity_psac_tax_reg = ? OR url LIKE ? OR companyname LIKE ?) ORDER BY id";
        var rows = await http.QueryAsync(query, cancellationToken, client.TaxRegistration ?? "-", $"%{client.Domain ?? "-"}%", $"{word}%");
        return [.. rows.Select(row => ToMatch(row, client.Country))];
    }

    /// <summary>The country is in the address book, which SuiteQL does not show; rows that share a telling key are compared as of the same country.</summary>
    private ClientMatch ToMatch(JsonObject row, string? country)
    {
        var found = mappings.Read<Client>("netsuite.client.match", row);
        return new ClientMatch(row["id"]!.ToString(), found.LegalName, found.TaxRegistration, found.Domain, country);
    }

    private async Task EnsureEntitiesAsync(string key, string id, Client record, CancellationToken cancellationToken)
    {
        var customer = await http.FindAsync(Customer, id, cancellationToken)
            ?? throw new ConnectorException(NetSuiteHttp.System, ErrorClass.Business, $"netsuite has no customer {id} any more. Point {record.LegalName} at the right one.");
        var known = await EntitiesAsync(id, customer, cancellationToken);
        foreach (var entity in record.LegalEntities.Except(known))
        {
            var source = new JsonObject
            {
                ["customer"] = id,
                ["legalEntity"] = await references.IdOfAsync(NetSuiteReferences.Subsidiary, entity, cancellationToken),
            };
            await http.UpsertAsync(Relationship, $"{key}-{entity}", mappings.Map("netsuite.client-entity.write", source).Complete(), "", cancellationToken);
        }
    }

    private async Task<IReadOnlyList<string>> EntitiesAsync(string id, JsonObject customer, CancellationToken cancellationToken)
    {
        var rows = await http.QueryAsync(RelationshipsOf, cancellationToken, id);
        var codes = new List<string>();
        foreach (var subsidiary in rows.Select(row => row["subsidiary"]?.ToString()).Prepend(customer["subsidiary"]?["id"]?.ToString()).OfType<string>().Distinct())
        {
            codes.Add((await references.CodeOfAsync(NetSuiteReferences.Subsidiary, subsidiary, cancellationToken))!);
        }

        return codes;
    }
}
