using System.Globalization;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>Finds the rate of a role and checks that the plan earns its margin (PL07, 5-staffing 5.8).</summary>
public static class RatePolicy
{
    private const string MarginField = "Margin";
    private const string NoRate = "no rate";

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
            null => (null, NoRate),
            [var only] => (only, null),
            var several => (null, $"{several.Count} rates of equal weight"),
        };
    }

    /// <summary>
    /// The rate by precedence of cards (5-staffing 5.8, example O9): the first card that has any rate for the role on the date decides, however little
    /// specific its row is; an ambiguous card stops, it never falls through to a wider one.
    /// </summary>
    /// <param name="cards">Narrowest first: the engagement's, the client's, the legal entity's standard.</param>
    public static (Rate? Rate, string? Why) Resolve(IReadOnlyList<IReadOnlyList<Rate>> cards, RequestedRole role, DateOnly date, string currency) => cards
        .Select(card => Resolve(card, role, date, currency))
        .FirstOrDefault(found => found.Why != NoRate, (null, NoRate));

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
                yield return Misaligned(deal, $"Rate of {Name(role)}", "one bill rate", why, string.Create(CultureInfo.InvariantCulture, $"Rate card {deal.RateCard} has {why} for {Name(role)} in {deal.Currency} on {date:yyyy-MM-dd}. Add the rate, or correct the role in CRM."));
                continue;
            }

            // Taken as free work, a missing cost would lift the margin over any floor.
            if (rate.Cost is not > 0m)
            {
                yield return Misaligned(deal, $"Cost of {Name(role)}", "a standard cost", null, $"Rate card {deal.RateCard} has no standard cost for {Name(role)}, so the margin of {deal.Name} can't be planned. Add the cost to the rate.");
                continue;
            }

            revenue += role.Hours * rate.Bill * (1 - ((deal.DiscountPercent ?? 0m) / 100m));
            cost += role.Hours * rate.Cost.Value;
        }

        if (revenue > 0 && (revenue - cost) / revenue * 100m is var margin && margin < marginFloorPercent)
        {
            // Cut, not rounded: 24.96 % must not read as the floor that it misses.
            var shown = decimal.Round(margin, 1, MidpointRounding.ToNegativeInfinity).ToString("0.0", CultureInfo.InvariantCulture);
            var floor = marginFloorPercent.ToString("0.##", CultureInfo.InvariantCulture);
            yield return Misaligned(deal, MarginField, $"at least {floor} %", $"{shown} %", $"The planned margin of {deal.Name} is {shown} %, below the floor of {floor} %. Correct rates or discount in CRM, or approve.");
        }
    }

    /// <summary>True when the finding is about the margin: a matter of decision, where a missing rate is one of completing.</summary>
    public static bool IsMargin(Finding finding) => finding.Policy == "PL07" && finding.Field == MarginField;

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
