using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>People are employees or vendors, of one subsidiary each: who moves to another one gets a record there.</summary>
/// <param name="type">The record type; its mapping sets are named after it.</param>
internal sealed class NetSuitePeople(string type, NetSuiteHttp http, NetSuiteReferences references, MappingSets mappings) : ITarget<Placement>
{
    private readonly string readSet = $"netsuite.{type}.read";

    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) => http.FindIdAsync(type, ExternalKey.Of(key), cancellationToken);

    public async Task<string> WriteAsync(string key, Placement record, string? id, CancellationToken cancellationToken)
    {
        id ??= await FindByAddressAsync(record, cancellationToken);
        var wire = mappings.Write(id is null ? $"netsuite.{type}.write" : $"netsuite.{type}.update", record);
        await references.ResolveAsync(wire, cancellationToken);
        if (id is null)
        {
            return await http.UpsertAsync(type, ExternalKey.Of(key), wire, replaced: null, cancellationToken);
        }

        if (!WireState.Holds(await http.FindAsync(type, id, cancellationToken), wire))
        {
            await http.UpdateAsync(type, id, wire, cancellationToken);
        }

        return id;
    }

    public async Task<Placement?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await http.FindAsync(type, id, cancellationToken) is not { } person)
        {
            return null;
        }

        await references.TranslateAsync(person, mappings.SourcesOf(readSet).Fields, cancellationToken);
        return mappings.Read<Placement>(readSet, person);
    }

    /// <summary>The active records of this address, in every subsidiary.</summary>
    public async Task<IReadOnlyList<Placement>> ReadActiveAsync(string email, CancellationToken cancellationToken)
    {
        var rows = await http.QueryAsync($"SELECT id FROM {type} WHERE UPPER(email) = ? AND isinactive = 'F' ORDER BY id", [email.ToUpperInvariant()], cancellationToken);
        var found = await Task.WhenAll(rows.Select(row => ReadAsync(row["id"]!.ToString(), cancellationToken)));
        return [.. found.OfType<Placement>()];
    }

    /// <summary>Inactive, never deleted: time and costs refer to it.</summary>
    public async Task WithdrawAsync(string id, CancellationToken cancellationToken)
    {
        var inactive = mappings.Map($"netsuite.{type}.withdraw", []).Complete();
        if (await http.FindAsync(type, id, cancellationToken) is { } person && !WireState.Holds(person, inactive))
        {
            await http.UpdateAsync(type, id, inactive, cancellationToken);
        }
    }

    /// <summary>Who was there before us has another external id: the same address in the same subsidiary is the same person.</summary>
    private async Task<string?> FindByAddressAsync(Placement person, CancellationToken cancellationToken)
    {
        if (person.Email is null || person.LegalEntity is null)
        {
            return null;
        }

        var subsidiary = await references.IdAsync("subsidiary", person.LegalEntity, cancellationToken);
        var rows = await http.QueryAsync($"SELECT id FROM {type} WHERE UPPER(email) = ? AND subsidiary = ? ORDER BY id", [person.Email.ToUpperInvariant(), subsidiary], cancellationToken);
        return rows.FirstOrDefault()?["id"]?.ToString();
    }
}
