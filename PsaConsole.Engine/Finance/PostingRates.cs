using System.Globalization;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Finance;

/// <summary>How narrowly a rate holds; the narrowest wins (5-staffing 5.8).</summary>
public enum RateScope
{
    LegalEntity,
    Client,
    Engagement,
    Person,
}

/// <summary>A price of one hour of work; an empty dimension matches everything.</summary>
public sealed record PostingRate
{
    public required RateScope Scope { get; init; }

    /// <summary>Where it is kept, in words: "rate card Standard DE01 2026".</summary>
    public required string Source { get; init; }

    public string? Role { get; init; }
    public string? Level { get; init; }
    public string? Location { get; init; }

    /// <summary>E-mail address of the one person it is for.</summary>
    public string? Person { get; init; }

    /// <summary>Per hour, four decimals.</summary>
    public required decimal Amount { get; init; }

    public required string Currency { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? To { get; init; }

    /// <summary>Somebody agreed to a price of nothing; without it a zero is a rate that nobody filled in (PL41).</summary>
    public bool ExplicitZero { get; init; }
}

/// <summary>Who worked as what, and where.</summary>
public sealed record RateQuestion(string? Person, string? Role, string? Level, string? Location)
{
    public override string ToString() => string.Join(" ", new[] { Role, Level, Location }.Where(part => part is not null)) is { Length: > 0 } words ? words : Person ?? "anybody";
}

/// <summary>Finds the price of an hour at its work date: one, or a reason why there is none (PL41, 5-staffing 5.8, example O9).</summary>
public static class PostingRates
{
    /// <summary>
    /// The rate of the narrowest scope that has any for the question on the date; within it the row that names most. Two of equal weight are ambiguous,
    /// and a zero that nobody agreed to is missing: both are TIM-403, and neither falls through to a wider scope.
    /// </summary>
    /// <param name="kind">bill or cost, for the words of the finding.</param>
    public static (PostingRate? Rate, Finding? Finding) Resolve(
        IEnumerable<PostingRate> rates, RateQuestion question, DateOnly workDate, string currency, string kind, string subject)
    {
        var matching = rates
            .Where(rate => rate.Currency == currency && (rate.From ?? DateOnly.MinValue) <= workDate && workDate <= (rate.To ?? DateOnly.MaxValue) && Fits(rate, question))
            .GroupBy(rate => rate.Scope).MaxBy(group => group.Key)?
            .GroupBy(Weight).MaxBy(group => group.Key)?
            .ToList();
        return matching switch
        {
            null => (null, Found("no rate")),
            [{ Amount: 0m, ExplicitZero: false } zero] => (null, Found($"a rate of zero that nobody agreed to ({zero.Source})")),
            [{ Amount: < 0m } negative] => (null, Found($"a negative rate ({negative.Source})")),
            [var only] => (only, null),
            var several => (null, Found($"{several.Count} rates of equal weight ({string.Join(", ", several.Select(rate => rate.Source).Distinct())})")),
        };

        Finding Found(string why) => new("PL41", "TIM-403", subject, string.Create(CultureInfo.InvariantCulture, $"There is {why} as {kind} rate for {question} in {currency} on {workDate:yyyy-MM-dd}. Correct the rate card, then retry."))
        {
            Field = $"{char.ToUpperInvariant(kind[0])}{kind[1..]} rate",
            Expected = $"one rate for {question} in {currency}",
            Actual = why,
        };
    }

    private static bool Fits(PostingRate rate, RateQuestion question) =>
        Matches(rate.Role, question.Role) && Matches(rate.Level, question.Level) && Matches(rate.Location, question.Location) && Matches(rate.Person, question.Person);

    /// <summary>A dimension that a rate leaves open matches every value.</summary>
    internal static bool Matches(string? dimension, string? value) => dimension is null || string.Equals(dimension, value, StringComparison.OrdinalIgnoreCase);

    private static int Weight(PostingRate rate) => new[] { rate.Role, rate.Level, rate.Location, rate.Person }.Count(dimension => dimension is not null);
}
