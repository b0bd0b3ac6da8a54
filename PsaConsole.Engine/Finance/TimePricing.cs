using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Finance;

/// <summary>What a financial line is (2-canonical-model, Posting).</summary>
public enum PostingKind
{
    /// <summary>What the work or expense costs the project.</summary>
    Cost,

    /// <summary>Sales that are earned and not invoiced.</summary>
    Unbilled,
}

/// <summary>One financial line before it has a date, a period and a place.</summary>
/// <param name="Hours">Zero for an expense.</param>
/// <param name="Rate">Per hour; for an expense the amount itself.</param>
/// <param name="Amount">Rounded once, at the minor unit.</param>
public sealed record PricedLine(PostingKind Kind, bool Chargeable, decimal Hours, decimal Rate, Money Amount);

/// <summary>Turns hours into lines (3-workflows 3e.3, example O-T1; rounding O13).</summary>
public static class TimePricing
{
    /// <summary>
    /// One cost line always; unbilled sales only where time is billed, split into what is charged and what is not. Fixed price and non-billable work is
    /// cost only.
    /// </summary>
    /// <param name="billableHours">At most <paramref name="hours"/>.</param>
    public static IReadOnlyList<PricedLine> Lines(
        decimal hours, decimal billableHours, bool billedByTime, Money costRate, Money? billRate, MidpointRounding mode)
    {
        if (billableHours < 0m || billableHours > hours)
        {
            throw new ArgumentOutOfRangeException(nameof(billableHours), billableHours, $"Billable hours must be between 0 and the {hours} h that were worked.");
        }

        List<PricedLine> lines = [Line(PostingKind.Cost, true, hours, costRate, mode)];
        if (billedByTime && billRate is { } rate)
        {
            lines.AddRange(billableHours > 0m ? [Line(PostingKind.Unbilled, true, billableHours, rate, mode)] : []);
            lines.AddRange(billableHours < hours ? [Line(PostingKind.Unbilled, false, hours - billableHours, rate, mode)] : []);
        }

        return lines;
    }

    private static PricedLine Line(PostingKind kind, bool chargeable, decimal hours, Money rate, MidpointRounding mode) =>
        new(kind, chargeable, hours, rate.Amount, new Money(hours * rate.Amount, rate.Currency).Rounded(mode));
}
