using System.Globalization;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Finance;

/// <summary>What an exchange rate is made for; a posting takes Spot unless its legal entity's pack says otherwise (8-localisation 8.3).</summary>
public enum FxUse
{
    Spot,
    MonthAverage,
    MonthEnd,
    Budget,
    Contract,
}

/// <summary>A rate of the ERP's table: how many units of <paramref name="Quote"/> one unit of <paramref name="Base"/> is worth on the date.</summary>
public sealed record FxRate(FxUse Use, string Base, string Quote, DateOnly Date, decimal Value);

/// <summary>How rates may be found.</summary>
/// <param name="OldestDays">A missing date takes the last rate that is at most this many days older; 5 by default.</param>
/// <param name="Inverse">A rate of the opposite pair may be turned round.</param>
/// <param name="Via">Currency through which two rates may be combined; null forbids it.</param>
public sealed record FxRule(FxUse Use, int OldestDays, bool Inverse, string? Via)
{
    public static FxRule Default { get; } = new(FxUse.Spot, OldestDays: 5, Inverse: true, Via: null);
}

/// <summary>The rate that was found: its value unrounded, the date of its oldest part, and in words where it comes from.</summary>
public sealed record FxFound(decimal Rate, DateOnly Date, string Source);

/// <summary>Finds and applies exchange rates by date and use (PL06, 8-localisation 8.3, examples O14 and O14b).</summary>
public static class FxRates
{
    /// <summary>The rate of a business date; a finding EXP-502 when the table has none that the rule allows.</summary>
    /// <param name="subject">What is converted, in the words of people.</param>
    public static (FxFound? Found, Finding? Finding) Resolve(IReadOnlyList<FxRate> table, string from, string to, DateOnly date, FxRule rule, string subject)
    {
        var found = Direct(table, from, to, date, rule) ?? Combined(table, from, to, date, rule);
        return found is not null ? (found, null) : (null, Missing(from, to, date, rule, subject));
    }

    /// <summary>The amount in the other currency, rounded once, at that currency's minor unit.</summary>
    public static Money Convert(Money amount, FxFound rate, string to, MidpointRounding mode) => new Money(amount.Amount * rate.Rate, to).Rounded(mode);

    private static FxFound? Combined(IReadOnlyList<FxRate> table, string from, string to, DateOnly date, FxRule rule)
    {
        if (rule.Via is not { } via || via == from || via == to || Direct(table, from, via, date, rule) is not { } first || Direct(table, via, to, date, rule) is not { } second)
        {
            return null;
        }

        // The intermediate value keeps every decimal: euro conversion law asks for three at least.
        return new FxFound(first.Rate * second.Rate, first.Date < second.Date ? first.Date : second.Date, $"{first.Source}, {second.Source}");
    }

    private static FxFound? Direct(IReadOnlyList<FxRate> table, string from, string to, DateOnly date, FxRule rule)
    {
        if (from == to)
        {
            return new FxFound(1m, date, $"{from} is the functional currency");
        }

        var straight = Newest(table, from, to, date, rule);
        var turned = rule.Inverse ? Newest(table, to, from, date, rule) : null;
        if (straight is not null && (turned is null || turned.Date <= straight.Date))
        {
            return new FxFound(straight.Value, straight.Date, Words(straight));
        }

        return turned is null ? null : new FxFound(1m / turned.Value, turned.Date, Words(turned) + " turned round");
    }

    private static FxRate? Newest(IReadOnlyList<FxRate> table, string from, string to, DateOnly date, FxRule rule) => table
        .Where(rate => rate.Use == rule.Use && rate.Base == from && rate.Quote == to && rate.Value > 0m && rate.Date <= date && rate.Date >= date.AddDays(-rule.OldestDays))
        .MaxBy(rate => rate.Date);

    private static string Words(FxRate rate) => string.Create(CultureInfo.InvariantCulture, $"{rate.Use} {rate.Base}/{rate.Quote} {rate.Value:0.##########} of {rate.Date:yyyy-MM-dd}");

    private static Finding Missing(string from, string to, DateOnly date, FxRule rule, string subject) =>
        new("PL06", "EXP-502", subject, string.Create(CultureInfo.InvariantCulture, $"The ERP has no {rule.Use} rate from {from} to {to} for {date:yyyy-MM-dd}, nor one of the {rule.OldestDays} days before. Load the rate there, then retry."))
        {
            Field = $"{from}/{to}",
            Expected = string.Create(CultureInfo.InvariantCulture, $"a rate of {date:yyyy-MM-dd}"),
        };
}
