using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;

namespace PsaConsole.Tests.Finance;

/// <summary>Exchange rates by date and use, with the numbers of 8-localisation 8.3.</summary>
public sealed class ExchangeTests
{
    private static readonly DateOnly Friday = new(2026, 3, 6);

    private static readonly FxRate[] Table =
    [
        new(FxUse.Spot, "GBP", "USD", Friday, 1.2650m),
        new(FxUse.Spot, "USD", "JPY", Friday, 149.35m),
        new(FxUse.Budget, "GBP", "USD", Friday, 1.30m),
        new(FxUse.Spot, "EUR", "USD", Friday.AddDays(-6), 1.0850m),
    ];

    [Fact]
    public void Amount_is_converted_once_and_rounded_once()
    {
        // O14: 1,250.00 GBP × 1.2650 = 1,581.25 USD; × 149.35 = 236,160 JPY from the unrounded 236,159.69.
        var (dollars, _) = FxRates.Resolve(Table, "GBP", "USD", Friday, FxRule.Default, "entry");
        var (yen, _) = FxRates.Resolve(Table, "GBP", "JPY", Friday, FxRule.Default with { Via = "USD" }, "entry");
        var pounds = new Money(1_250.00m, "GBP");

        Assert.Equal(new Money(1_581.25m, "USD"), FxRates.Convert(pounds, dollars!, "USD", MidpointRounding.AwayFromZero));
        Assert.Equal(new Money(236_160m, "JPY"), FxRates.Convert(pounds, yen!, "JPY", MidpointRounding.AwayFromZero));
    }

    [Fact]
    public void Weekend_takes_the_last_business_day_and_says_so()
    {
        var (found, _) = FxRates.Resolve(Table, "GBP", "USD", Friday.AddDays(2), FxRule.Default, "entry");

        Assert.Equal((1.2650m, Friday), (found!.Rate, found.Date));
        Assert.Contains("Spot GBP/USD 1.265 of 2026-03-06", found.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Rate_that_is_too_old_or_of_another_use_is_missing()
    {
        var (found, finding) = FxRates.Resolve(Table, "EUR", "USD", Friday, FxRule.Default, "8 h of Jane");

        Assert.Null(found);
        Assert.Equal(("EXP-502", "EUR/USD"), (finding!.Code, finding.Field));
        Assert.NotNull(FxRates.Resolve(Table, "EUR", "USD", Friday.AddDays(-1), FxRule.Default, "").Found);
        Assert.NotNull(FxRates.Resolve(Table, "GBP", "USD", Friday, FxRule.Default with { Use = FxUse.MonthEnd }, "").Finding);
    }

    [Fact]
    public void Opposite_pair_is_turned_round_only_where_that_is_allowed()
    {
        var (found, _) = FxRates.Resolve(Table, "USD", "GBP", Friday, FxRule.Default, "entry");

        Assert.Equal(1m / 1.2650m, found!.Rate);
        Assert.NotNull(FxRates.Resolve(Table, "USD", "GBP", Friday, FxRule.Default with { Inverse = false }, "").Finding);
    }
}
