using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>
/// Clients are customers: of one subsidiary first of all, and of further ones by a relationship each. Finance owns terms, currency, tax number and address
/// once it has the customer, so that those are written only with a new one.
/// </summary>
internal sealed class NetSuiteClients(NetSuiteHttp http, NetSuiteReferences references, MappingSets mappings) : ITarget<Client>
{
    public const string Record = "customer";
    private const string Relationship = "customerSubsidiaryRelationship";
    private const string ReadSet = "netsuite.client.read";
    private const int MostCandidates = 50;

    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) => http.FindIdAsync(Record, ExternalKey.Of(key), cancellationToken);

    public async Task<string> WriteAsync(string key, Client record, string? id, CancellationToken cancellationToken)
    {
        var externalId = ExternalKey.Of(key);
        if (id is null)
        {
            var wire = mappings.Map("netsuite.client.write", Source(record)).Complete();
            await references.ResolveAsync(wire, cancellationToken);
            id = await http.UpsertAsync(Record, externalId, wire, replaced: "addressBook", cancellationToken);
        }
        else
        {
            await UpdateAsync(id, record, cancellationToken);
        }

        await EnsureSubsidiariesAsync(id, externalId, record.LegalEntities, cancellationToken);
        return id;
    }

    public async Task<Client?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await http.FindAsync(Record, id, cancellationToken) is not { } customer)
        {
            return null;
        }

        customer["legalEntities"] = new JsonArray([.. (await RelationshipsAsync(id, cancellationToken)).Where(row => !row.IsInactive).Select(row => (JsonNode)row.Code)]);
        return await TranslateAsync(customer, cancellationToken);
    }

    /// <summary>Master data stays: there is nothing to take back (3-workflows 3a step 5).</summary>
    public Task WithdrawAsync(string id, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Customers with the same tax number, domain or first word in their name; the policy decides how alike they are.</summary>
    public async Task<IReadOnlyList<ClientMatch>> SearchAsync(Client client, CancellationToken cancellationToken)
    {
        var word = new string([.. client.LegalName.TakeWhile(character => char.IsLetterOrDigit(character))]);
        (string Column, string Operator, string? Value)[] keys =
        [
            (ColumnOf("taxRegistration"), "=", client.TaxRegistration?.ToUpperInvariant()),
            (ColumnOf("website"), "LIKE", client.Domain is { } domain ? $"%{domain.ToUpperInvariant()}%" : null),
            (ColumnOf("legalName"), "LIKE", word.Length > 0 ? word.ToUpperInvariant() + "%" : null),
        ];

        // All keys are asked: one that finds only another client, such as its namesake abroad, must not hide what a weaker one finds. The strongest come first.
        var found = new List<string>();
        foreach (var (column, comparison, value) in keys.Where(key => key.Value is not null))
        {
            var rows = await http.QueryAsync($"SELECT id FROM customer WHERE UPPER({column}) {comparison} ? AND isinactive = 'F' ORDER BY id", [value!], cancellationToken);
            found.AddRange(rows.Select(row => row["id"]!.ToString()));
        }

        return [.. await Task.WhenAll(found.Distinct().Take(MostCandidates).Select(id => MatchAsync(id, cancellationToken)))];
    }

    private async Task<ClientMatch> MatchAsync(string id, CancellationToken cancellationToken)
    {
        // A country is part of an address, and queries do not reach addresses.
        var customer = await http.FindAsync(Record, id, cancellationToken)
            ?? throw new ConnectorException(NetSuiteHttp.System, ErrorClass.Transient, $"netsuite found customer {id} and does not show it. It was probably deleted just now.");
        var client = await TranslateAsync(customer, cancellationToken);
        return new ClientMatch(id, client.LegalName, client.TaxRegistration, client.Domain, client.Country);
    }

    private async Task<Client> TranslateAsync(JsonObject customer, CancellationToken cancellationToken)
    {
        var addresses = (customer["addressBook"]?["items"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        customer["billTo"] = (addresses.Find(address => (bool?)address["defaultBilling"] == true) ?? (addresses is [var first, ..] ? first : null))?["addressBookAddress"]?.DeepClone();
        await references.TranslateAsync(customer, mappings.SourcesOf(ReadSet).Fields, cancellationToken);
        return mappings.Read<Client>(ReadSet, customer);
    }

    private async Task UpdateAsync(string id, Client record, CancellationToken cancellationToken)
    {
        var wire = mappings.Map("netsuite.client.update", Source(record)).Complete();
        if (!WireState.Holds(await http.FindAsync(Record, id, cancellationToken), wire))
        {
            await http.UpdateAsync(Record, id, wire, cancellationToken);
        }
    }

    /// <summary>Replaces the address book by the one address that invoices bear.</summary>
    public async Task WriteBillToAsync(string id, Client record, CancellationToken cancellationToken)
    {
        var wire = mappings.Map("netsuite.client.bill-to.write", Source(record)).Complete();
        await http.UpdateAsync(Record, id, wire, replaced: "addressBook", cancellationToken);
    }

    private async Task EnsureSubsidiariesAsync(string id, string externalId, IReadOnlyList<string> legalEntities, CancellationToken cancellationToken)
    {
        var known = await RelationshipsAsync(id, cancellationToken);
        foreach (var code in legalEntities)
        {
            if (known.Find(row => row.Code == code) is not { } relationship)
            {
                var wire = new JsonObject
                {
                    ["entity"] = new JsonObject { ["id"] = id },
                    ["subsidiary"] = new JsonObject { ["id"] = await references.IdAsync("subsidiary", code, cancellationToken) },
                };
                await http.UpsertAsync(Relationship, ExternalKey.Of($"{externalId}-{code}"), wire, replaced: null, cancellationToken);
            }
            else if (relationship.IsInactive)
            {
                await http.UpdateAsync(Relationship, relationship.Id, new JsonObject { ["isInactive"] = false }, cancellationToken);
            }
        }
    }

    /// <summary>The first subsidiary is among them.</summary>
    private async Task<List<RelationshipRow>> RelationshipsAsync(string id, CancellationToken cancellationToken)
    {
        var rows = await http.QueryAsync(
            "SELECT r.id, s.externalid AS code, r.isinactive FROM customersubsidiaryrelationship r JOIN subsidiary s ON s.id = r.subsidiary WHERE r.entity = ? ORDER BY r.id", [id], cancellationToken);
        return [.. rows.Where(row => row["code"] is not null).Select(row => new RelationshipRow(row["id"]!.ToString(), row["code"]!.ToString(), row["isinactive"]?.ToString() == "T"))];
    }

    /// <summary>The client with its first legal entity and its addresses as the mapping sets read them.</summary>
    private static JsonObject Source(Client record)
    {
        var source = JsonSerializer.SerializeToNode(record, MappingSets.Json)!.AsObject();
        source["legalEntity"] = record.LegalEntities is [var primary, ..] ? primary : null;
        source["addresses"] = record.BillTo is { } address
            ? new JsonArray(JsonSerializer.SerializeToNode(address with { Country = address.Country ?? record.Country }, MappingSets.Json))
            : [];
        if (source["addresses"]!.AsArray() is [JsonObject first])
        {
            first["addressee"] = record.LegalName;
        }

        return source;
    }

    /// <summary>Column of queries for a field of the client: the name of the record's field in small letters.</summary>
    private string ColumnOf(string target) => mappings.SourceOf(ReadSet, target).ToLowerInvariant();

    private sealed record RelationshipRow(string Id, string Code, bool IsInactive);
}
