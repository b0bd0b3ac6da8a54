using System.Globalization;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Finance;

/// <summary>What an expense costs and what the client is charged for it (3-workflows 3f.2, 3f.3).</summary>
public static class ExpensePricing
{
    /// <summary>Net, tax and cost; a finding EXP-501 when there is tax and nobody knows how much.</summary>
    public static (ExpenseAmounts? Amounts, string Why, Finding? Missing) Split(Expense expense, EntityPack pack, string subject)
    {
        var (gross, recoverable) = (new Money(expense.Amount, expense.Currency), pack.Expenses.RecoverablePercent);
        if (!expense.Taxable)
        {
            return (ExpenseCost.OfReceipt(gross, Money.Zero(expense.Currency), recoverable, pack.Rounding), "no tax in it", null);
        }

        var back = string.Create(CultureInfo.InvariantCulture, $"{recoverable:0.##} % of it comes back");
        if (expense.Tax is { } tax)
        {
            var said = new Money(tax, expense.Currency);
            return tax >= 0m && tax <= expense.Amount
                ? (ExpenseCost.OfReceipt(gross, said, recoverable, pack.Rounding), $"{said} tax as the receipt says, {back}", null)
                : (null, "", Missing(said.ToString(), $"{said} can't be the tax in {gross}"));
        }

        var standard = pack.TaxCodes.FirstOrDefault(code => code is { Kind: TaxKind.Standard, Percent: not null } && code.IsValidOn(expense.Date));
        return standard is { Percent: { } percent }
            ? (ExpenseCost.OfGross(gross, percent, recoverable, pack.Rounding), string.Create(CultureInfo.InvariantCulture, $"{percent:0.##} % tax in it by {standard.Code}, {back}"), null)
            : (null, "", Missing(null, $"there is tax in it, the PSA does not say how much, and {pack.LegalEntity} has no rate that would tell"));

        Finding Missing(string? actual, string why) => new("3f.2", "EXP-501", subject, $"{subject} is not posted: {why}. Complete the line in the PSA.") { Field = "Tax", Expected = "the tax in the amount", Actual = actual, Exposure = gross };
    }

    /// <summary>What the client is charged, in the contract's currency: the cost with the mark-up, by way of the books' currency where the two differ.</summary>
    /// <param name="paid">From the currency it was paid in to the books'.</param>
    /// <param name="contract">From the contract's currency to the books'.</param>
    public static Money Charge(Money cost, FxFound paid, string currency, FxFound contract, EntityPack pack)
    {
        var converted = cost.Currency == currency ? cost : new Money(cost.Amount * paid.Rate / contract.Rate, currency);
        return ExpenseCost.Billed(converted, pack.Expenses.MarkUpPercent, pack.Rounding);
    }
}
