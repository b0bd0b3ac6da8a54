using System.Collections.Concurrent;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>Our codes and the account's internal ids of what records refer to: legal entities, currencies, terms, cost centres, people, rate cards.</summary>
internal sealed class NetSuiteReferences(NetSuiteHttp http, TimeProvider clock)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Table> tables = new(StringComparer.Ordinal);

    public static readonly Kind Subsidiary = new("legal entity", "subsidiary", "externalid", "SELECT id, externalid FROM subsidiary WHERE isinactive = 'F' ORDER BY id");
    public static readonly Kind Currency = new("currency", "currency", "symbol", "SELECT id, symbol FROM currency ORDER BY id");
    public static readonly Kind Term = new("payment term", "term", "name", "SELECT id, name FROM term WHERE isinactive = 'F' ORDER BY id");
    public static readonly Kind Department = new("cost centre", "department", "externalid", "SELECT id, externalid FROM department WHERE isinactive = 'F' ORDER BY id");
    public static readonly Kind Employee = new("employee", "employee", "email", "SELECT id, email FROM employee WHERE isinactive = 'F' ORDER BY id");
    public static readonly Kind RateCard = new("rate card", "billingratecard", "name", "SELECT id, name FROM billingratecard WHERE isinactive = 'F' ORDER BY id");

    /// <summary>The internal id of a code; null for no code.</summary>
    /// <exception cref="ConnectorException">Business: the account has no such code.</exception>
    public async Task<string?> IdOfAsync(Kind kind, string? code, CancellationToken cancellationToken)
    {
        if (code is null)
        {
            return null;
        }

        // What was missing may have been added since the table was read.
        return (await TableAsync(kind, fresh: false, cancellationToken)).IdOf(code)
            ?? (await TableAsync(kind, fresh: true, cancellationToken)).IdOf(code)
            ?? throw new ConnectorException(NetSuiteHttp.System, ErrorClass.Business, $"netsuite has no active {kind.Name} \"{code}\". Create or activate it there, or correct it at its source.");
    }

    /// <summary>The code of an internal id; the id itself when the account has it no more.</summary>
    public async Task<string?> CodeOfAsync(Kind kind, string? id, CancellationToken cancellationToken) =>
        id is null ? null : (await TableAsync(kind, fresh: false, cancellationToken)).CodeOf(id) ?? (await TableAsync(kind, fresh: true, cancellationToken)).CodeOf(id) ?? id;

    public async Task<IReadOnlyList<LegalEntity>> LegalEntitiesAsync(CancellationToken cancellationToken)
    {
        var currencies = await TableAsync(Currency, fresh: false, cancellationToken);
        var rows = await http.QueryAsync("SELECT id, externalid, name, country, currency, isinactive FROM subsidiary ORDER BY id", cancellationToken);
        return
        [
            .. from row in rows
               where row["externalid"] is not null
               select new LegalEntity
               {
                   Code = row["externalid"]!.ToString(),
                   Name = row["name"]?.ToString() ?? "",
                   Country = row["country"]?.ToString() ?? "",
                   Currency = currencies.CodeOf(row["currency"]?.ToString() ?? "") ?? "",
                   Active = row["isinactive"]?.ToString() != "T",
               },
        ];
    }

    private async Task<Table> TableAsync(Kind kind, bool fresh, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!fresh && tables.TryGetValue(kind.Record, out var kept) && now - kept.ReadAt < KeptFor)
        {
            return kept;
        }

        var rows = await http.QueryAsync(kind.Query, cancellationToken);
        var pairs = rows.Select(row => (Id: row["id"]!.ToString(), Code: row[kind.Column]?.ToString())).Where(pair => pair.Code is not null).ToList();
        return tables[kind.Record] = new Table(now, pairs!);
    }

    /// <summary>A kind of reference: what people call it, and how its codes are read.</summary>
    public sealed record Kind(string Name, string Record, string Column, string Query);

    private sealed class Table(DateTimeOffset readAt, IReadOnlyList<(string Id, string Code)> pairs)
    {
        private readonly Dictionary<string, string> ids = pairs.DistinctBy(pair => pair.Code, StringComparer.OrdinalIgnoreCase).ToDictionary(pair => pair.Code, pair => pair.Id, StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<string, string> codes = pairs.ToDictionary(pair => pair.Id, pair => pair.Code, StringComparer.Ordinal);

        public DateTimeOffset ReadAt { get; } = readAt;

        public string? IdOf(string code) => ids.GetValueOrDefault(code);

        public string? CodeOf(string id) => codes.GetValueOrDefault(id);
    }
}
