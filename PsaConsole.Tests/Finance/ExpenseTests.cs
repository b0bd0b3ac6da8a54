using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Tests.Finance;

/// <summary>Tax, limits and charge of expenses (3-workflows 3f, PL51; example O-EX1 and its reference figure).</summary>
public sealed class ExpenseTests
{
    private static readonly DateOnly Spent = new(2026, 3, 10);
    private static readonly FxFound Par = new(1m, Spent, "par");

    [Theory]
    [InlineData(100, "100.00")]
    [InlineData(0, "119.00")]
    public void Tax_that_does_not_come_back_is_cost(decimal recoverable, string cost)
    {
        var (amounts, _, missing) = ExpensePricing.Split(Claim(119m) with { Taxable = true }, Pack(recoverable), "Hotel");

        Assert.Null(missing);
        Assert.Equal((new Money(100m, "EUR"), new Money(19m, "EUR"), cost), (amounts!.Net, amounts.Tax, amounts.Cost.Amount.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Mark_up_is_on_the_cost()
    {
        // 1,000 net with 5 % tax, of which a fifth is lost: 1,010.00; with 5 % mark-up 1,060.50.
        var pack = Pack(80m, markUp: 5m);
        var (amounts, why, _) = ExpensePricing.Split(Claim(1_050m) with { Taxable = true, Tax = 50m }, pack, "Hotel");

        Assert.Equal(new Money(1_010m, "EUR"), amounts!.Cost);
        Assert.Equal(new Money(1_060.50m, "EUR"), ExpensePricing.Charge(amounts.Cost, Par, "EUR", Par, pack));
        Assert.Contains("80 % of it comes back", why, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_paid_in_another_currency_is_charged_in_the_contracts()
    {
        // 100 GBP at 1.15 EUR, charged in USD at 0.92 EUR: 125 USD.
        var charged = ExpensePricing.Charge(new Money(100m, "GBP"), new FxFound(1.15m, Spent, "GBP/EUR"), "USD", new FxFound(0.92m, Spent, "USD/EUR"), Pack(100m));

        Assert.Equal(new Money(125m, "USD"), charged);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("120")]
    public void Tax_that_can_not_be_is_not_posted(string tax)
    {
        var (amounts, _, missing) = ExpensePricing.Split(Claim(119m) with { Taxable = true, Tax = decimal.Parse(tax, System.Globalization.CultureInfo.InvariantCulture) }, Pack(100m), "Hotel");

        Assert.Equal((null, "EXP-501"), (amounts, missing?.Code));
    }

    [Fact]
    public void Tax_that_nobody_knows_is_asked_for()
    {
        var pack = Pack(100m) with { TaxCodes = [new TaxCode("US-AVATAX", TaxKind.Standard, null, null, null)] };

        Assert.Equal("EXP-501", ExpensePricing.Split(Claim(119m) with { Taxable = true }, pack, "Hotel").Missing?.Code);
    }

    [Theory]
    [InlineData(25, true)]
    [InlineData(25.01, false)]
    public void Small_amounts_need_no_receipt(decimal worth, bool passes) =>
        Assert.Equal(passes, !ExpensePolicy.Receipt(Claim(worth) with { Receipt = null }, new Money(worth, "EUR"), Pack(100m).Expenses).Any());

    [Theory]
    [InlineData(90, 80, true)]
    [InlineData(91, 80, false)]
    [InlineData(-1, 80, false)]
    [InlineData(0, 80.01, false)]
    [InlineData(0, 0, false)]
    public void Age_and_amount_have_limits(int days, decimal amount, bool passes)
    {
        var claim = Claim(amount) with { Date = Spent.AddDays(-days) };

        Assert.Equal(passes, !ExpensePolicy.Limits(claim, "Meals", new Money(amount, "EUR"), [claim], Pack(100m).Expenses, Spent).Any());
    }

    [Fact]
    public void Only_the_later_of_two_equal_claims_is_stopped()
    {
        var (first, second) = (Claim(10m) with { Approved = true }, Claim(10m) with { Id = "2", Approved = true });
        var worth = new Money(10m, "EUR");

        Assert.Empty(ExpensePolicy.Limits(first, "Meals", worth, [first, second], Pack(100m).Expenses, Spent));
        Assert.Equal("1", Assert.Single(ExpensePolicy.Limits(second, "Meals", worth, [first, second], Pack(100m).Expenses, Spent)).Actual);
        Assert.Empty(ExpensePolicy.Limits(second, "Meals", worth, [first with { Approved = false }, second], Pack(100m).Expenses, Spent));
    }

    private static Expense Claim(decimal amount) => new() { Id = "1", ProjectId = "7", Person = "eva@northwind.example", Date = Spent, Category = "Meals", Amount = amount, Currency = "EUR", Receipt = "R" };

    private static EntityPack Pack(decimal recoverable, decimal markUp = 0m) => new()
    {
        LegalEntity = "DE01",
        Version = 1,
        EffectiveFrom = new DateOnly(2020, 1, 1),
        Owner = "Finance",
        Country = "DE",
        Currency = "EUR",
        TimeZone = "Europe/Berlin",
        Rounding = MidpointRounding.AwayFromZero,
        ApprovalThreshold = 1_000_000m,
        CostCenters = new Dictionary<string, string>(),
        TaxCodes = [new TaxCode("DE-STD", TaxKind.Standard, 19m, null, null)],
        TaxRules = [],
        Expenses = new ExpenseRule(ExpenseBook.Psa, 25m, 90, recoverable, new Dictionary<string, decimal> { ["Meals"] = 80m }, markUp),
        Examples = [],
    };
}
