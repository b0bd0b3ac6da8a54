using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies.Changes;

/// <summary>Hours that were posted for the client at a rate.</summary>
/// <param name="Invoiced">They stand on an invoice: their line never changes.</param>
public sealed record PostedHours(string SourceId, DateOnly WorkDate, decimal Hours, decimal Rate, bool Chargeable, bool Invoiced);

/// <summary>An unbilled line at its old and at its new rate: the first is taken back whole, the second is posted.</summary>
public sealed record RepricedLine(PostedHours Posted, Money Reversed, Money Reposted);

/// <summary>What a bill rate that holds from an earlier day on does to what is posted (3-workflows 3h, example O-CH2).</summary>
/// <param name="Lines">Chargeable and not invoiced, worked on that day or later.</param>
/// <param name="Supplementary">What the invoiced hours would come to more or less: listed, and billed by nobody but finance.</param>
public sealed record RetroRate(IReadOnlyList<RepricedLine> Lines, Money Reversed, Money Reposted, Money Supplementary)
{
    public Money Net => Reversed + Reposted;

    /// <param name="mode">The legal entity's rounding: each line is rounded once, as it was posted.</param>
    public static RetroRate Of(IEnumerable<PostedHours> posted, DateOnly effective, Money rate, MidpointRounding mode)
    {
        var touched = posted.Where(line => line.Chargeable && line.WorkDate >= effective && line.Rate != rate.Amount).ToList();
        List<RepricedLine> lines = [.. touched.Where(line => !line.Invoiced).Select(line => new RepricedLine(line, Worth(-line.Hours, line.Rate), Worth(line.Hours, rate.Amount)))];
        var nothing = Money.Zero(rate.Currency);
        return new RetroRate(
            lines,
            lines.Aggregate(nothing, (sum, line) => sum + line.Reversed),
            lines.Aggregate(nothing, (sum, line) => sum + line.Reposted),
            touched.Where(line => line.Invoiced).Aggregate(nothing, (sum, line) => sum + Worth(line.Hours, rate.Amount - line.Rate)));

        Money Worth(decimal hours, decimal each) => new Money(hours * each, rate.Currency).Rounded(mode);
    }

    /// <summary>CHG-703: a rate may reach back to the oldest open period, and no further.</summary>
    public static Finding? TooEarly(DateOnly effective, DateOnly? firstOpenDay, string subject) => effective >= firstOpenDay || firstOpenDay is null
        ? null
        : new Finding("3h", "CHG-703", subject, $"The rate of {subject} can't hold from {EngagementFields.Date(effective)}: its period is closed. Let it begin on {EngagementFields.Date(firstOpenDay)} or later.")
        {
            Field = "Effective date",
            Expected = $"{EngagementFields.Date(firstOpenDay)} or later",
            Actual = EngagementFields.Date(effective),
        };
}
