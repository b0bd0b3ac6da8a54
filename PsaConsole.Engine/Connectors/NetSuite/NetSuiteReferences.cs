using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>
/// Our codes and NetSuite's internal ids. A mapping set writes a reference as "field.find.kind" with our code in it, which becomes the id; and reads
/// one as "field.found.kind.code" or ".name". What was found is kept for minutes; what was not is asked for again, since somebody may just have created it.
/// </summary>
internal sealed class NetSuiteReferences(NetSuiteHttp http, TimeProvider clock)
{
    private const string Find = "find";
    private const string Found = ".found.";
    private const int MostKept = 5_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private static readonly Dictionary<string, Kind> Kinds = new(StringComparer.Ordinal)
    {
        ["subsidiary"] = new("externalid", "name"),
        ["currency"] = new("symbol", "name"),
        ["term"] = new("name", "name"),
        ["department"] = new("externalid", "name"),
        ["employee"] = new("email", "entityid"),
        ["account"] = new("acctnumber", "fullname"),
        ["billingratecard"] = new("externalid", "name"),
    };

    private readonly ConcurrentDictionary<(string Kind, string By, string Value), (Reference Reference, DateTimeOffset Until)> known = new();

    /// <summary>Puts ids where a mapping set wrote our codes.</summary>
    /// <exception cref="ConnectorException">Business: NetSuite has no such record, several, or it is inactive; the message names it.</exception>
    public async Task ResolveAsync(JsonObject wire, CancellationToken cancellationToken)
    {
        foreach (var (field, value) in wire.ToList())
        {
            if (value is JsonObject wrapped && wrapped[Find] is JsonObject wanted)
            {
                var (kind, code) = wanted.Single();
                wire[field] = code is null ? null : new JsonObject { ["id"] = await IdAsync(kind, code.ToString(), cancellationToken) };
            }
        }
    }

    /// <summary>Id of the active record with this code.</summary>
    /// <exception cref="ConnectorException">Business: there is none, or several.</exception>
    public async Task<string> IdAsync(string kind, string code, CancellationToken cancellationToken) =>
        (await GetAsync(kind, Kinds[kind].Code, code, active: true, cancellationToken)
            ?? throw Missing($"netsuite has no active {kind} \"{code}\". Create it there, or correct the value or its mapping.")).Id;

    /// <summary>True when there is one active record with this code.</summary>
    public async Task<bool> KnowsAsync(string kind, string code, CancellationToken cancellationToken) =>
        await GetAsync(kind, Kinds[kind].Code, code, active: true, cancellationToken) is not null;

    /// <summary>Adds code and name beside the ids of a record, for the fields of which a mapping set reads them.</summary>
    public async Task TranslateAsync(JsonObject wire, IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        foreach (var path in paths.Where(path => path.Contains(Found, StringComparison.Ordinal)))
        {
            var field = path[..path.IndexOf(Found, StringComparison.Ordinal)];
            var kind = path[(field.Length + Found.Length)..].Split('.')[0];
            if (JsonPath.Read(wire, field) is JsonObject reference && reference["id"]?.ToString() is { } id && await GetAsync(kind, "id", id, active: false, cancellationToken) is { } found)
            {
                JsonPath.Write(wire, $"{field}{Found}{kind}", new JsonObject { ["code"] = found.Code, ["name"] = found.Name });
            }
        }
    }

    private async Task<Reference?> GetAsync(string kind, string by, string value, bool active, CancellationToken cancellationToken)
    {
        var key = (kind, by, value.ToUpperInvariant());
        if (known.TryGetValue(key, out var kept) && kept.Until > clock.GetUtcNow())
        {
            return kept.Reference;
        }

        var (code, name) = Kinds[kind];
        var match = by == "id" ? "id = ?" : $"UPPER({by}) = ?";
        var rows = await http.QueryAsync($"SELECT id, {code} AS code, {name} AS name FROM {kind} WHERE {match}{(active ? " AND isinactive = 'F'" : "")} ORDER BY id", [key.Item3], cancellationToken);
        if (rows.Count > 1)
        {
            throw Missing($"netsuite has {rows.Count} active records of {kind} \"{value}\" ({string.Join(", ", rows.Select(row => row["id"]))}). Correct or deactivate all but one.");
        }

        if (rows.Count == 0)
        {
            return null;
        }

        var found = new Reference(rows[0]["id"]!.ToString(), rows[0]["code"]?.ToString(), rows[0]["name"]?.ToString());
        if (known.Count >= MostKept)
        {
            known.Clear();
        }

        known[key] = (found, clock.GetUtcNow() + Kept);
        return found;
    }

    private static ConnectorException Missing(string message) => new(NetSuiteHttp.System, ErrorClass.Business, message);

    /// <param name="Code">Column that holds our code.</param>
    /// <param name="Name">Column that holds the name.</param>
    private sealed record Kind(string Code, string Name);

    private sealed record Reference(string Id, string? Code, string? Name);
}
