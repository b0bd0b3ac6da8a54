using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>Financial lines as journal entries of two lines; the first is the one whose sign counts, and a negative amount changes sides.</summary>
internal sealed class NetSuiteJournals(NetSuiteHttp http, NetSuiteReferences references, MappingSets mappings) : ITarget<LedgerLine>
{
    private const string Record = "journalEntry";
    private const string ReadSet = "netsuite.journal.read";

    public Task<string?> FindAsync(string key, CancellationToken cancellationToken) => http.FindIdAsync(Record, ExternalKey.Of(key), cancellationToken);

    /// <summary>Creates the entry, once; one that is there is left alone, since a posting is never changed.</summary>
    public async Task<string> WriteAsync(string key, LedgerLine record, string? id, CancellationToken cancellationToken)
    {
        if (id is not null)
        {
            return id;
        }

        var wire = mappings.Write("netsuite.journal.write", record);
        await references.ResolveAsync(wire, cancellationToken);
        var accounts = mappings.Map("netsuite.posting-accounts", new JsonObject { ["posting"] = $"{record.Class} {record.Kind} {(record.Chargeable ? "chargeable" : "free")}" }).Complete();
        var isPositive = record.Amount >= 0m;
        wire["line"] = new JsonObject
        {
            ["items"] = new JsonArray(
                await LineAsync(record, accounts["debit"]!.ToString(), isPositive ? "debit" : "credit", cancellationToken),
                await LineAsync(record, accounts["credit"]!.ToString(), isPositive ? "credit" : "debit", cancellationToken)),
        };
        return await http.UpsertAsync(Record, ExternalKey.Of(key), wire, replaced: "line", cancellationToken);
    }

    public async Task<LedgerLine?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        if (await http.FindAsync(Record, id, cancellationToken) is not { } entry)
        {
            return null;
        }

        var first = entry["line"]?["items"]?[0]?.AsObject() ?? [];
        entry["first"] = first.DeepClone();
        entry["amount"] = Number(first["debit"]) - Number(first["credit"]);
        await references.TranslateAsync(entry, mappings.SourcesOf(ReadSet).Fields, cancellationToken);
        return mappings.Read<LedgerLine>(ReadSet, entry);
    }

    /// <summary>A posting is taken back by a reversal only.</summary>
    public Task WithdrawAsync(string id, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"Journal entry {id} can't be withdrawn: post its reversal.");

    private async Task<JsonObject> LineAsync(LedgerLine record, string account, string side, CancellationToken cancellationToken)
    {
        var line = mappings.Map("netsuite.journal-line.write", new JsonObject
        {
            ["account"] = account,
            ["side"] = side,
            ["amount"] = Math.Abs(record.Amount),
            ["projectId"] = record.ProjectId,
            ["costCenter"] = record.CostCenter,
            ["memo"] = record.Memo,
        }).Complete();
        await references.ResolveAsync(line, cancellationToken);
        return line;
    }

    private static decimal Number(JsonNode? node) => node is null ? 0m : decimal.Parse(node.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);
}
