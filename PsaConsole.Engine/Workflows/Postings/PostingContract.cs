using System.Globalization;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Workflows.Postings;

/// <summary>What must be read back of a posting before it counts as done (3-workflows 3e.6): a staged line is not one.</summary>
public static class PostingContract
{
    /// <summary>Every attribute with what was asked and what the books hold; all pairs are equal when the posting is verified.</summary>
    public static IReadOnlyList<(string Field, string? Expected, string? Actual)> Compare(LedgerLine asked, LedgerLine? found) =>
    [
        ("Posted", "yes", found is { Posted: true } ? "yes" : "no"),
        ("Document number", found?.Voucher ?? "a number", found?.Voucher),
        ("Legal entity", asked.LegalEntity, found?.LegalEntity),
        ("Project", asked.ProjectId, found?.ProjectId),
        ("Person", asked.Person?.ToUpperInvariant(), found?.Person?.ToUpperInvariant()),
        ("Hours", Number(asked.Hours), Number(found?.Hours)),
        (AmountOf(asked), Number(asked.Amount), Number(found?.Amount)),
        ("Currency", asked.Currency, found?.Currency),
        ("Exchange rate", Rate(asked.ExchangeRate), Rate(found?.ExchangeRate)),
        ("Accounting date", Date(asked.AccountingDate), Date(found?.AccountingDate)),
        ("Period", asked.PeriodId, found?.PeriodId),
        ("Cost centre", asked.CostCenter, found?.CostCenter),
        ("Category", asked.Category, found?.Category),
        ("Receipt", asked.Receipt, found?.Receipt),
        ("Source", asked.Source, found?.Source),
        ("Reversal of", asked.ReversalOf, found?.ReversalOf),
    ];

    // Hours and their amount tell a rate: the name lets those see it who may see that rate.
    private static string AmountOf(LedgerLine asked) => asked switch
    {
        { Hours: 0m } => "Amount",
        { Kind: nameof(PostingKind.Cost) } => "Amount at cost rate",
        _ => "Amount at bill rate",
    };

    private static string? Number(decimal? value) => value?.ToString("0.00##", CultureInfo.InvariantCulture);

    /// <summary>Books keep rates as floating point numbers: eight decimals are the same in both.</summary>
    private static string? Rate(decimal? value) => value is { } rate ? decimal.Round(rate, 8, MidpointRounding.AwayFromZero).ToString("0.########", CultureInfo.InvariantCulture) : null;

    private static string? Date(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
