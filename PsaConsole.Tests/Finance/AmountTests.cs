using CsCheck;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;

namespace PsaConsole.Tests.Finance;

/// <summary>Lines of time and expenses, and the limits they must fit: O-T1, O13, O19, O-EX1.</summary>
public sealed class AmountTests
{
    private const MidpointRounding Away = MidpointRounding.AwayFromZero;
    private static readonly Money Cost = new(100m, "EUR");
    private static readonly Money Bill = new(200m, "EUR");

    [Fact]
    public void Eight_hours_cost_and_earn()
    {
        Assert.Equal([new(PostingKind.Cost, true, 8m, 100m, Euro(800m)), new(PostingKind.Unbilled, true, 8m, 200m, Euro(1_600m))], TimePricing.Lines(8m, 8m, true, Cost, Bill, Away));
    }

    [Fact]
    public void Hours_that_are_not_charged_are_a_line_of_their_own()
    {
        PricedLine[] expected = [new(PostingKind.Cost, true, 8m, 100m, Euro(800m)), new(PostingKind.Unbilled, true, 6m, 200m, Euro(1_200m)), new(PostingKind.Unbilled, false, 2m, 200m, Euro(400m))];

        Assert.Equal(expected, TimePricing.Lines(8m, 6m, true, Cost, Bill, Away));
    }

    [Fact]
    public void Fixed_price_work_is_cost_only() =>
        Assert.Equal(PostingKind.Cost, Assert.Single(TimePricing.Lines(8m, 8m, false, Cost, null, Away)).Kind);

    [Fact]
    public void A_line_is_rounded_once()
    {
        // O13: 7.5 × 133.33 = 999.975 → 999.98; three lines are 2,999.94.
        var line = TimePricing.Lines(7.5m, 7.5m, true, Cost, new Money(133.33m, "EUR"), Away)[1];

        Assert.Equal(2_999.94m, 3 * line.Amount.Amount);
    }

    [Fact]
    public void Hours_are_split_without_rest() =>
        Gen.Select(Gen.Int[0, 2400], Gen.Int[0, 2400], Gen.Int[1, 100_000]).Sample((one, other, cents) =>
        {
            var (hours, billable) = (Math.Max(one, other) / 100m, Math.Min(one, other) / 100m);
            var lines = TimePricing.Lines(hours, billable, true, Cost, new Money(cents / 100m, "EUR"), Away);
            Assert.Equal(hours, lines.Where(line => line.Kind == PostingKind.Cost).Sum(line => line.Hours));
            Assert.Equal(hours, lines.Where(line => line.Kind == PostingKind.Unbilled).Sum(line => line.Hours));
        });

    [Fact]
    public void What_does_not_fit_a_limit_says_what_is_short()
    {
        FundingLimit[] limits = [new(FundingLevel.Contract, "contract C-1", 50_000m, 38_200m, 9_650m), new(FundingLevel.Customer, "client", 100_000m, 0m, 0m)];

        var finding = Assert.Single(Funding.Check(limits, Euro(2_400m), "8 h of Jane"));

        Assert.Equal(2_150m, limits[0].Available);
        Assert.Equal(("TIM-407", Euro(250m)), (finding.Code, finding.Exposure));
        Assert.Empty(Funding.Check(limits, Euro(2_150m), "8 h of Jane"));
    }

    [Fact]
    public void Each_of_the_four_levels_is_checked()
    {
        FundingLimit[] limits = [.. Enum.GetValues<FundingLevel>().Select(level => new FundingLimit(level, level.ToString(), 100m, 0m, 0m))];

        Assert.Equal(4, Funding.Check(limits, Euro(100.01m), "").Count());
        Assert.Empty(Funding.Check(limits, Euro(100m), ""));
    }

    [Theory]
    [InlineData(100, 100.00)]
    [InlineData(0, 119.00)]
    public void Tax_that_nobody_gives_back_is_cost(int recoverable, double cost)
    {
        var amounts = ExpenseCost.OfGross(Euro(119.00m), 19m, recoverable, Away);

        Assert.Equal(new ExpenseAmounts(Euro(100.00m), Euro(19.00m), Euro((decimal)cost)), amounts);
    }

    [Fact]
    public void Mark_up_comes_on_the_cost_with_its_lost_tax()
    {
        var amounts = ExpenseCost.OfNet(Euro(1_000m), 5m, 80m, Away);

        Assert.Equal(Euro(1_010.00m), amounts.Cost);
        Assert.Equal(Euro(1_060.50m), ExpenseCost.Billed(amounts.Cost, 5m, Away));
    }

    [Fact]
    public void Net_and_tax_are_the_gross_whatever_the_rates() =>
        Gen.Select(Gen.Int[1, 10_000_000], Gen.Int[0, 30], Gen.Int[0, 100]).Sample((cents, tax, recoverable) =>
        {
            var gross = Euro(cents / 100m);
            var amounts = ExpenseCost.OfGross(gross, tax, recoverable, Away);
            Assert.Equal(gross, amounts.Net + amounts.Tax);
            Assert.InRange(amounts.Cost.Amount, amounts.Net.Amount, gross.Amount);
        });

    private static Money Euro(decimal amount) => new(amount, "EUR");
}
