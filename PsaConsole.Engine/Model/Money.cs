using System.Globalization;

namespace PsaConsole.Engine.Model;

/// <summary>An amount with its ISO-4217 currency. Arithmetic between two currencies is refused, never converted.</summary>
/// <param name="Amount">Document amounts are rounded to the currency's minor unit; unit rates keep four decimals.</param>
/// <param name="Currency">ISO-4217 code in capitals, such as EUR.</param>
public readonly record struct Money(decimal Amount, string Currency) : IComparable<Money>
{
    public static Money Zero(string currency) => new(0m, currency);

    public static Money operator +(Money left, Money right) => new(left.Amount + Same(left, right), left.Currency);

    public static Money operator -(Money left, Money right) => new(left.Amount - Same(left, right), left.Currency);

    public static Money Add(Money left, Money right) => left + right;

    public static Money Subtract(Money left, Money right) => left - right;

    public int CompareTo(Money other) => Amount.CompareTo(Same(this, other));

    public static bool operator <(Money left, Money right) => left.CompareTo(right) < 0;

    public static bool operator >(Money left, Money right) => left.CompareTo(right) > 0;

    public static bool operator <=(Money left, Money right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Money left, Money right) => left.CompareTo(right) >= 0;

    /// <summary>Rounds to the currency's minor unit.</summary>
    /// <param name="mode">The legal entity's rounding mode: always passed, since .NET's own default is not the business's.</param>
    public Money Rounded(MidpointRounding mode) => new(decimal.Round(Amount, Currencies.MinorUnits(Currency), mode), Currency);

    /// <summary>
    /// Splits the amount by weights with the largest-remainder method (8-localisation-finance 8.2, example O15): the parts are
    /// whole minor units and add up to the amount exactly. Equal remainders go to the earlier part.
    /// </summary>
    /// <exception cref="ArgumentException">No weight, a negative weight, or weights that add up to zero.</exception>
    public IReadOnlyList<Money> Split(IReadOnlyList<decimal> weights)
    {
        var total = weights.Sum();
        if (total <= 0 || weights.Any(weight => weight < 0))
        {
            throw new ArgumentException($"{this} can't be split: the weights must be zero or more and add up to more than zero.", nameof(weights));
        }

        var unit = Currencies.MinorUnit(Currency);
        var units = decimal.Round(Amount / unit, 0, MidpointRounding.AwayFromZero);
        var exact = weights.Select(weight => units * weight / total).ToArray();
        var parts = exact.Select(decimal.Floor).ToArray();
        var left = (int)(units - parts.Sum());
        foreach (var index in Enumerable.Range(0, parts.Length).OrderByDescending(i => exact[i] - parts[i]).ThenBy(i => i).Take(left))
        {
            parts[index]++;
        }

        var currency = Currency;
        return [.. parts.Select(part => new Money(part * unit, currency))];
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Amount.ToString("N" + Currencies.MinorUnits(Currency), CultureInfo.InvariantCulture)} {Currency}");

    private static decimal Same(Money left, Money right) => left.Currency == right.Currency
        ? right.Amount
        : throw new InvalidOperationException($"{left} and {right} can't be combined: the currencies differ.");
}
