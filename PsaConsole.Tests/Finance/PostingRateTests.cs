using PsaConsole.Engine.Finance;

namespace PsaConsole.Tests.Finance;

/// <summary>The price of an hour at its work date (PL41, O9).</summary>
public sealed class PostingRateTests
{
    private static readonly DateOnly Day = new(2026, 3, 10);
    private static readonly RateQuestion Question = new("jane@example.com", "Consultant", "L3", "DE");

    private static readonly PostingRate Entity = new() { Scope = RateScope.LegalEntity, Source = "Standard DE01", Role = "Consultant", Level = "L3", Location = "DE", Amount = 180m, Currency = "EUR" };
    private static readonly PostingRate Client = new() { Scope = RateScope.Client, Source = "client card", Role = "Consultant", Level = "L3", Amount = 155m, Currency = "EUR", From = new DateOnly(2026, 3, 1) };
    private static readonly PostingRate Engagement = new() { Scope = RateScope.Engagement, Source = "engagement", Role = "Consultant", Amount = 150m, Currency = "EUR", From = new DateOnly(2026, 1, 1), To = new DateOnly(2026, 3, 9) };

    [Theory]
    [InlineData(10, 155)]
    [InlineData(9, 150)]
    public void Work_date_decides_which_scope_still_holds(int day, int expected)
    {
        var (rate, _) = Resolve(new DateOnly(2026, 3, day), Entity, Client, Engagement);

        Assert.Equal(expected, rate!.Amount);
    }

    [Fact]
    public void Rate_of_one_person_comes_before_every_other()
    {
        var own = Engagement with { Scope = RateScope.Person, Person = "JANE@example.com", Role = null, Amount = 199m, To = null };

        Assert.Equal(199m, Resolve(Day, Entity, Client, own).Rate!.Amount);
        Assert.Equal(155m, Resolve(Day, Entity, Client, own with { Person = "joe@example.com" }).Rate!.Amount);
    }

    [Fact]
    public void Zero_is_a_rate_only_when_somebody_agreed_to_it()
    {
        var (rate, finding) = Resolve(Day, Entity, Client with { Amount = 0m });

        Assert.Null(rate);
        Assert.Equal("TIM-403", finding!.Code);
        Assert.Contains("zero that nobody agreed to", finding.Message, StringComparison.Ordinal);
        Assert.Equal(0m, Resolve(Day, Entity, Client with { Amount = 0m, ExplicitZero = true }).Rate!.Amount);
    }

    [Fact]
    public void Two_rates_of_equal_weight_are_ambiguous_and_do_not_fall_through()
    {
        var (rate, finding) = Resolve(Day, Entity, Client, Client with { Source = "another card", Level = null, Location = "DE" });

        Assert.Null(rate);
        Assert.Equal("2 rates of equal weight (client card, another card)", finding!.Actual);
    }

    [Fact]
    public void No_rate_and_a_rate_of_another_currency_are_missing()
    {
        Assert.Equal("no rate", Resolve(Day).Finding!.Actual);
        Assert.Equal("no rate", Resolve(Day, Entity with { Currency = "USD" }).Finding!.Actual);
    }

    private static (PostingRate? Rate, PsaConsole.Engine.Policies.Finding? Finding) Resolve(DateOnly date, params PostingRate[] rates) =>
        PostingRates.Resolve(rates, Question, date, "EUR", "bill", "8 h of Jane");
}
