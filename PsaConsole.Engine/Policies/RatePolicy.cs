using System.Globalization;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>Finds the rate of a role and checks that the plan earns its margin (PL07, 5-staffing 5.8).</summary>
public static class RatePolicy
{
    /// <summary>
    /// The rate that matches most dimensions on the date; an empty dimension matches everything. Zero counts as missing, and two rates of equal
    /// specificity are ambiguous.
    /// </summary>
    /// <returns>The rate, or in words why there is none.</returns>
    public static (Rate? Rate, string? Why) Resolve(IEnumerable<Rate> card, RequestedRole role, DateOnly date, string currency)
    {
        var matches = card
            .Where(rate => rate.Currency == currency && rate.Bill > 0 && new DateRange(rate.From ?? DateOnly.MinValue, rate.To).Contains(date)
                && Matches(rate.Role, role.Role) && Matches(rate.Level, role.Level) && Matches(rate.Location, role.Location))
            .GroupBy(Specificity)
            .MaxBy(group => group.Key)?
            .ToList();
        return matches switch
        {
            null => (null, "no rate"),
            [var only] => (only, null),
            var several => (null, $"{several.Count} rates of equal weight"),
        };
    }

    /// <summary>PL07: every role has a rate at its start, in the contract currency, and the planned margin reaches the floor.</summary>
    /// <param name="marginFloorPercent">25 by default.</param>
    public static IEnumerable<Finding> Alignment(Opportunity deal, decimal marginFloorPercent)
    {
        if (!DealPolicy.NeedsRateCard(deal.BillingType) || deal.RateCard is null)
        {
            yield break;
        }

        var revenue = 0m;
        var cost = 0m;
        foreach (var role in deal.Roles)
        {
            var date = role.From ?? deal.PlannedStart ?? DateOnly.MinValue;
            var (rate, why) = Resolve(deal.Rates, role, date, deal.Currency);
            if (rate is null)
            {
                yield return Misaligned(deal, $"Rate of {Name(role)}", "one bill rate", why, $"Rate card {deal.RateCard} has {why} for {Name(role)} in {deal.Currency} on {date:yyyy-MM-dd}. Add the rate, or correct the role in CRM.");
                continue;
            }

            revenue += role.Hours * rate.Bill * (1 - ((deal.DiscountPercent ?? 0m) / 100m));
            cost += role.Hours * (rate.Cost ?? 0m);
        }

        if (revenue > 0 && (revenue - cost) / revenue * 100m is var margin && margin < marginFloorPercent)
        {
            var shown = margin.ToString("0.0", CultureInfo.InvariantCulture);
            yield return Misaligned(deal, "Margin", $"at least {marginFloorPercent} %", $"{shown} %", $"The planned margin of {deal.Name} is {shown} %, below the floor of {marginFloorPercent} %. Correct rates or discount in CRM, or approve.");
        }
    }

    private static Finding Misaligned(Opportunity deal, string field, string expected, string? actual, string message) => new("PL07", "HND-004", deal.Name, message)
    {
        Field = field,
        Expected = expected,
        Actual = actual,
        Exposure = deal.Amount is { } amount ? new Money(amount, deal.Currency) : null,
    };

    private static int Specificity(Rate rate) => (rate.Role is null ? 0 : 1) + (rate.Level is null ? 0 : 1) + (rate.Location is null ? 0 : 1);

    private static bool Matches(string? dimension, string? value) => dimension is null || dimension == value;

    private static string Name(RequestedRole role) => string.Join(" ", new[] { role.Role, role.Level, role.Location }.Where(part => part is not null));
}
