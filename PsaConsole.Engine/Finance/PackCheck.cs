using System.Globalization;
using PsaConsole.Engine.Access;

namespace PsaConsole.Engine.Finance;

/// <summary>What must hold for a pack before anything is decided by it.</summary>
internal static class PackCheck
{
    /// <summary>Sentences about everything that is wrong; none when the pack may be used.</summary>
    public static IEnumerable<string> Problems(EntityPack pack, IReadOnlyDictionary<string, IReadOnlySet<string>> regions) =>
        Form(pack, regions).Concat(Codes(pack)).Concat(Examples(pack, regions));

    private static IEnumerable<string> Form(EntityPack pack, IReadOnlyDictionary<string, IReadOnlySet<string>> regions)
    {
        if (pack.LegalEntity.Length is 0 or > 20 || !pack.LegalEntity.All(char.IsAsciiLetterOrDigit))
        {
            yield return $"legalEntity \"{pack.LegalEntity}\" must be 1 to 20 letters and digits.";
        }

        if (pack.Country.Length != 2 || !pack.Country.All(char.IsAsciiLetterUpper))
        {
            yield return $"country \"{pack.Country}\" must be an ISO-3166 code of two capitals.";
        }

        if (pack.Currency.Length != 3 || !pack.Currency.All(char.IsAsciiLetterUpper))
        {
            yield return $"currency \"{pack.Currency}\" must be an ISO-4217 code of three capitals.";
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(pack.TimeZone, out _))
        {
            yield return $"timeZone \"{pack.TimeZone}\" is not known.";
        }

        if (pack.Union is { } union && !regions.ContainsKey(union))
        {
            yield return $"union \"{union}\" is not among the regions.";
        }

        if (pack.FiscalYearStartMonth is < 1 or > 12)
        {
            yield return "fiscalYearStartMonth is no month from 1 to 12.";
        }

        if (pack.ApprovalThreshold < 0m || pack.LatePostings.Days < 0 || pack.LatePostings.Amount < 0m || pack.Exchange.OldestDays < 0)
        {
            yield return "A threshold or a number of days is negative.";
        }

        if (pack.ApprovalTiers.Any(tier => tier.Above < 0m || tier.Role is not (Roles.DeliveryOperations or Roles.FinanceOperations or Roles.FinanceController)))
        {
            yield return "An approval tier has a negative amount, or a role that approves nothing: DeliveryOperations, FinanceOperations or FinanceController.";
        }

        if (pack.Expenses.RecoverablePercent is < 0m or > 100m || pack.Expenses.ReceiptAbove < 0m || pack.Expenses.OldestDays < 0)
        {
            yield return "An expense rule is out of its range.";
        }
    }

    private static IEnumerable<string> Codes(EntityPack pack)
    {
        foreach (var rule in pack.TaxRules.Where(rule => pack.TaxCodes.All(code => code.Code != rule.Code)))
        {
            yield return $"A tax rule names {rule.Code}, which is not among the tax codes.";
        }

        foreach (var group in pack.TaxCodes.GroupBy(code => code.Code))
        {
            var spans = group.OrderBy(code => code.From ?? DateOnly.MinValue).ToList();
            if (spans.Zip(spans.Skip(1)).Any(pair => (pair.First.To ?? DateOnly.MaxValue) >= (pair.Second.From ?? DateOnly.MinValue)))
            {
                yield return $"Tax code {group.Key} is defined twice for the same dates.";
            }
        }
    }

    private static IEnumerable<string> Examples(EntityPack pack, IReadOnlyDictionary<string, IReadOnlySet<string>> regions)
    {
        if (pack.Examples.Count == 0)
        {
            yield return "It has no examples: a pack proves itself by at least one.";
        }

        foreach (var example in pack.Examples)
        {
            var (code, _) = TaxPolicy.Determine(pack, regions, example.Billing, example.ClientCountry, example.Registered, example.On, "the example's client");
            if (code != example.TaxCode)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"Example {example.Billing} for a client in {example.ClientCountry} on {example.On:yyyy-MM-dd} gives {code ?? "no code"}, not {example.TaxCode}.");
            }
        }
    }
}
