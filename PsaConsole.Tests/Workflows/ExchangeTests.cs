using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Tests.Workflows;

/// <summary>Money in a legal entity's own currency, by the rates of the books: what thresholds are compared with (8-localisation 8.3, 8.6).</summary>
public sealed class ExchangeTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Foreign_value_is_worth_what_the_books_say_of_the_day()
    {
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var rates = await firm.Get<ILedger>().ReadRatesAsync("EUR", new DateRange(day.AddDays(-5), day), Token);
        var newest = rates.Where(rate => rate is { Use: FxUse.Spot, Base: "JPY", Quote: "EUR" }).MaxBy(rate => rate.Date)!;

        var (value, missing) = await firm.Get<Exchange>().ValueAsync(firm.Get<EntityPacks>().Of("DE01"), new Money(400_000_000m, "JPY"), day, "Deal", Token);

        Assert.Null(missing);
        Assert.Equal(new Money(decimal.Round(400_000_000m * newest.Value, 2, MidpointRounding.AwayFromZero), "EUR"), value);
    }

    [Fact]
    public async Task Value_of_nothing_and_value_in_the_entitys_own_currency_need_no_rate()
    {
        var (packs, exchange, longAgo) = (firm.Get<EntityPacks>(), firm.Get<Exchange>(), new DateOnly(1999, 1, 4));
        Assert.Equal(new Money(0m, "EUR"), (await exchange.ValueAsync(packs.Of("DE01"), new Money(0m, "JPY"), longAgo, "Deal", Token)).Value);
        Assert.Equal(new Money(12.34m, "EUR"), (await exchange.ValueAsync(packs.Of("DE01"), new Money(12.34m, "EUR"), longAgo, "Deal", Token)).Value);
    }

    [Fact]
    public async Task Day_without_a_rate_is_a_finding_and_never_a_guess()
    {
        var (value, missing) = await firm.Get<Exchange>().ValueAsync(firm.Get<EntityPacks>().Of("DE01"), new Money(1m, "JPY"), new DateOnly(1999, 1, 4), "Deal", Token);
        Assert.Null(value);
        Assert.Equal("EXP-502", missing!.Code);
    }
}
