using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Finance;

/// <summary>An expense's amounts: all in the currency it was paid in.</summary>
/// <param name="Cost">Net plus the tax that nobody gives back: what the project bears.</param>
public sealed record ExpenseAmounts(Money Net, Money Tax, Money Cost);

/// <summary>Splits an expense into cost and tax, and marks it up (3-workflows 3f, example O-EX1).</summary>
public static class ExpenseCost
{
    /// <summary>Of a gross amount with tax in it.</summary>
    /// <param name="taxPercent">19 for 19 %.</param>
    /// <param name="recoverablePercent">Share of the tax that the tax office gives back; 100 leaves only the net as cost.</param>
    public static ExpenseAmounts OfGross(Money gross, decimal taxPercent, decimal recoverablePercent, MidpointRounding mode)
    {
        var net = new Money(gross.Amount / (1m + (taxPercent / 100m)), gross.Currency).Rounded(mode);
        return Of(net, gross - net, recoverablePercent, mode);
    }

    /// <summary>Of a gross amount whose tax the receipt says.</summary>
    public static ExpenseAmounts OfReceipt(Money gross, Money tax, decimal recoverablePercent, MidpointRounding mode) => Of(gross - tax, tax, recoverablePercent, mode);

    /// <summary>Of a net amount to which tax comes.</summary>
    public static ExpenseAmounts OfNet(Money net, decimal taxPercent, decimal recoverablePercent, MidpointRounding mode) =>
        Of(net, new Money(net.Amount * taxPercent / 100m, net.Currency).Rounded(mode), recoverablePercent, mode);

    /// <summary>What the client is charged: the cost with a mark-up.</summary>
    public static Money Billed(Money cost, decimal markUpPercent, MidpointRounding mode) =>
        new Money(cost.Amount * (1m + (markUpPercent / 100m)), cost.Currency).Rounded(mode);

    private static ExpenseAmounts Of(Money net, Money tax, decimal recoverablePercent, MidpointRounding mode)
    {
        if (recoverablePercent is < 0m or > 100m)
        {
            throw new ArgumentOutOfRangeException(nameof(recoverablePercent), recoverablePercent, "The recoverable share of a tax is between 0 and 100 percent.");
        }

        var lost = new Money(tax.Amount * (100m - recoverablePercent) / 100m, tax.Currency).Rounded(mode);
        return new ExpenseAmounts(net, tax, net + lost);
    }
}
