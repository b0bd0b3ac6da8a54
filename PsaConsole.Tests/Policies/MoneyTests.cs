using CsCheck;
using PsaConsole.Engine.Model;

namespace PsaConsole.Tests.Policies;

/// <summary>Rounding and splits with the numbers of 8-localisation 8.2.</summary>
public sealed class MoneyTests
{
    private static readonly string[] Currency = ["EUR", "JPY", "KWD"];

    [Theory]
    [InlineData("10000.01", "EUR", new[] { 60.0, 25.0, 15.0 }, new[] { "6000.01", "2500.00", "1500.00" })]
    [InlineData("100.00", "EUR", new[] { 1.0, 1.0, 1.0 }, new[] { "33.34", "33.33", "33.33" })]
    [InlineData("1000", "JPY", new[] { 33.4, 33.3, 33.3 }, new[] { "334", "333", "333" })]
    public void Amount_is_split_by_largest_remainder(string amount, string currency, double[] weights, string[] expected)
    {
        var parts = new Money(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), currency).Split([.. weights.Select(weight => (decimal)weight)]);

        Assert.Equal(expected.Select(part => decimal.Parse(part, System.Globalization.CultureInfo.InvariantCulture)), parts.Select(part => part.Amount));
    }

    [Fact]
    public void Parts_always_add_up_to_the_whole_in_whole_minor_units() =>
        Gen.Select(Gen.Long[0, 1_000_000_000], Gen.Int[0, 2].Select(index => Currency[index]), Gen.Int[1, 1000].Array[1, 12]).Sample((units, currency, weights) =>
        {
            var whole = new Money(units * Currencies.MinorUnit(currency), currency);
            var parts = whole.Split([.. weights.Select(weight => (decimal)weight)]);
            Assert.Equal(whole.Amount, parts.Sum(part => part.Amount));
            Assert.All(parts, part => Assert.Equal(0m, part.Amount % Currencies.MinorUnit(currency)));
        });

    [Theory]
    [InlineData("2.665", "EUR", "2.67", "2.66")]
    [InlineData("-2.125", "EUR", "-2.13", "-2.12")]
    [InlineData("1234.5", "JPY", "1235", "1234")]
    [InlineData("1.2345", "KWD", "1.235", "1.234")]
    public void Rounding_is_at_the_minor_unit_and_its_mode_is_chosen(string amount, string currency, string away, string even)
    {
        var money = new Money(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), currency);

        Assert.Equal(decimal.Parse(away, System.Globalization.CultureInfo.InvariantCulture), money.Rounded(MidpointRounding.AwayFromZero).Amount);
        Assert.Equal(decimal.Parse(even, System.Globalization.CultureInfo.InvariantCulture), money.Rounded(MidpointRounding.ToEven).Amount);
    }

    [Fact]
    public void Two_currencies_are_never_added() =>
        Assert.Throws<InvalidOperationException>(() => new Money(1m, "EUR") + new Money(1m, "USD"));
}
