using System.Globalization;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies.Changes;

/// <summary>The rates of a deal that its client agreed to: those of the roles that were sold. They hold until finance approves others (3-workflows 3h, "bill rate").</summary>
public static class AgreedRates
{
    /// <summary>Of the deal's rate card what prices a role that was sold, wherever the work is done, less the deal's discount; null for what is not billed by time.</summary>
    public static IReadOnlyList<AgreedRate>? Of(Opportunity deal)
    {
        if (!DealPolicy.NeedsRateCard(deal.BillingType))
        {
            return null;
        }

        // A rate of nothing is one that nobody filled in (PL41): it is not agreed.
        var card = deal.Rates.Where(rate => rate.Currency == deal.Currency).ToList();
        var agreed = card.Where(rate => rate.Bill > 0m && (deal.Roles.Count == 0 || deal.Roles.Any(role => Fits(rate.Role, role.Role) && Fits(rate.Level, role.Level)))).ToList();
        // What is narrower than a row that was agreed goes with it: a general price must not outrank a special one of the same card.
        return [.. card.Where(rate => agreed.Exists(wider => IsWithin(rate, wider))).Select(rate => new AgreedRate(rate.Role, rate.Level, rate.Location, Discounted(rate.Bill, deal.DiscountPercent), rate.Currency, rate.From, rate.To)).OrderBy(Words, StringComparer.Ordinal)];
    }

    /// <summary>A rate less a discount in percent, to the four decimals that unit rates keep.</summary>
    public static decimal Discounted(decimal rate, decimal? discountPercent) => decimal.Round(rate * (1m - ((discountPercent ?? 0m) / 100m)), 4, MidpointRounding.AwayFromZero);

    /// <summary>As prices of work; narrower than the client's rate card, so that they go first (5-staffing 5.8).</summary>
    public static IEnumerable<PostingRate> Prices(IEnumerable<AgreedRate>? rates, string? rateCard) => (rates ?? []).Select(rate => new PostingRate
    {
        Scope = RateScope.Engagement,
        Source = $"rate card {rateCard ?? "of the deal"}, as agreed",
        Role = rate.Role,
        Level = rate.Level,
        Location = rate.Location,
        Amount = rate.PerHour,
        Currency = rate.Currency,
        From = rate.From,
        To = rate.To,
    });

    /// <summary>All of them in words; null when there are none.</summary>
    public static string? Words(IEnumerable<AgreedRate>? rates) => rates is not null && string.Join("; ", rates.Select(Words)) is { Length: > 0 } words ? words : null;

    /// <summary>Those that only one side has, in words.</summary>
    internal static (string? Before, string? After) Differing(IReadOnlyList<AgreedRate>? before, IReadOnlyList<AgreedRate>? after) =>
        (Words((before ?? []).Except(after ?? [])), Words((after ?? []).Except(before ?? [])));

    private static string Words(AgreedRate rate)
    {
        var who = string.Join(' ', new[] { rate.Role, rate.Level, rate.Location }.OfType<string>()) is { Length: > 0 } named ? named : "everybody";
        var from = rate.From is null ? "" : $" from {EngagementFields.Date(rate.From)}";
        var to = rate.To is null ? "" : $" to {EngagementFields.Date(rate.To)}";
        return string.Create(CultureInfo.InvariantCulture, $"{who} {rate.PerHour:0.00##} {rate.Currency}{from}{to}");
    }

    private static bool IsWithin(Rate rate, Rate wider) =>
        PostingRates.Matches(wider.Role, rate.Role) && PostingRates.Matches(wider.Level, rate.Level) && PostingRates.Matches(wider.Location, rate.Location);

    private static bool Fits(string? dimension, string? value) => value is null || PostingRates.Matches(dimension, value);
}
