using System.Globalization;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>
/// Postings are journal entries, one for each financial line: they have a document number, a period, a currency with its rate, and are never changed but
/// taken back by another. Time bills have none of these, and take no negative hours (vendor page 2.2).
/// </summary>
public sealed class NetSuiteLedger(NetSuiteHttp http, MappingSets mappings, TimeProvider clock) : ILedger
{
    private readonly NetSuiteReferences references = new(http, clock);

    public string SystemName => NetSuiteHttp.System;

    public ITarget<LedgerLine> Lines { get; } = new NetSuiteJournals(http, new NetSuiteReferences(http, clock), mappings);

    /// <summary>Months that take postings or once did; years and quarters hold them.</summary>
    public async Task<IReadOnlyList<AccountingPeriod>> ReadPeriodsAsync(CancellationToken cancellationToken)
    {
        var rows = await http.QueryAsync(
            "SELECT id, periodname, TO_CHAR(startdate, 'YYYY-MM-DD') AS starts, TO_CHAR(enddate, 'YYYY-MM-DD') AS ends, closed, alllocked, arlocked FROM accountingperiod WHERE isyear = 'F' AND isquarter = 'F' AND isadjust = 'F' AND isinactive = 'F' ORDER BY id", [], cancellationToken);
        return [.. rows.Select(row => mappings.Read<AccountingPeriod>("netsuite.period.read", row))];
    }

    public async Task<IReadOnlyList<FxRate>> ReadRatesAsync(string functionalCurrency, DateRange dates, CancellationToken cancellationToken)
    {
        var rows = await http.QueryAsync(
            "SELECT r.id, b.symbol AS home, t.symbol AS other, r.exchangerate, TO_CHAR(r.effectivedate, 'YYYY-MM-DD') AS effective FROM currencyrate r JOIN currency b ON b.id = r.basecurrency JOIN currency t ON t.id = r.transactioncurrency WHERE b.symbol = ? AND r.effectivedate >= TO_DATE(?, 'YYYY-MM-DD') AND r.effectivedate <= TO_DATE(?, 'YYYY-MM-DD') ORDER BY r.id",
            [functionalCurrency, Day(dates.From), Day(dates.To ?? dates.From)],
            cancellationToken);
        return [.. rows.Select(row => new FxRate(FxUse.Spot, row["other"]!.ToString(), row["home"]!.ToString(), DateOnly.ParseExact(row["effective"]!.ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture), decimal.Parse(row["exchangerate"]!.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture)))];
    }

    public Task<bool> KnowsPersonAsync(string email, CancellationToken cancellationToken) => references.KnowsAsync("employee", email, cancellationToken);

    public async Task<decimal> ReadInvoicedAsync(string projectId, CancellationToken cancellationToken)
    {
        var rows = await http.QueryAsync("SELECT id, foreigntotal FROM transaction WHERE type = 'CustInvc' AND job = ? ORDER BY id", [projectId], cancellationToken);
        return rows.Sum(row => row["foreigntotal"] is { } total ? decimal.Parse(total.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture) : 0m);
    }

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
