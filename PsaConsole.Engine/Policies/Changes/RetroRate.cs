using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies.Changes;

/// <summary>Hours that were posted for the client at a rate.</summary>
/// <param name="LineId">The posted line.</param>
/// <param name="SourceId">The time entry it is for.</param>
/// <param name="Invoiced">They stand on an invoice: their line never changes.</param>
public sealed record PostedHours(Guid LineId, string SourceId, DateOnly WorkDate, decimal Hours, decimal Rate, bool Chargeable, bool Invoiced);

/// <summary>An unbilled line at its old and at its new rate: the first is taken back whole, the second is posted.</summary>
public sealed record RepricedLine(PostedHours Posted, Money Reversed, Money Reposted);

/// <summary>What bill rates that hold from an earlier day on do to what is posted (3-workflows 3h, example O-CH2).</summary>
/// <param name="Lines">Chargeable and not invoiced, and priced otherwise than they are posted.</param>
/// <param name="Supplementary">What the invoiced hours would come to more or less: listed, and billed by nobody but finance.</param>
public sealed record RetroRate(IReadOnlyList<RepricedLine> Lines, Money Reversed, Money Reposted, Money Supplementary)
{
    public Money Net => Reversed + Reposted;

    /// <summary>The earliest day of work that is priced anew; null when none is.</summary>
    public DateOnly? Since => Lines.Select(line => (DateOnly?)line.Posted.WorkDate).Min();

    /// <param name="rateOf">The new rate of a line's hour; null where none was agreed: then it stays as it is.</param>
    /// <param name="mode">The legal entity's rounding: each line is rounded once, as it was posted.</param>
    public static RetroRate Of(IEnumerable<PostedHours> posted, Func<PostedHours, decimal?> rateOf, string currency, MidpointRounding mode)
    {
        var nothing = Money.Zero(currency);
        var (reversed, reposted, supplementary, lines) = (nothing, nothing, nothing, new List<RepricedLine>());
        foreach (var line in posted.Where(line => line.Chargeable))
        {
            if (rateOf(line) is not { } rate || rate == line.Rate)
            {
                continue;
            }

            if (line.Invoiced)
            {
                supplementary += Worth(line.Hours, rate - line.Rate);
                continue;
            }

            var repriced = new RepricedLine(line, Worth(-line.Hours, line.Rate), Worth(line.Hours, rate));
            lines.Add(repriced);
            (reversed, reposted) = (reversed + repriced.Reversed, reposted + repriced.Reposted);
        }

        return new RetroRate(lines, reversed, reposted, supplementary);

        Money Worth(decimal hours, decimal each) => new Money(hours * each, currency).Rounded(mode);
    }

    /// <summary>CHG-703: a rate may reach back to the oldest open period, and no further.</summary>
    /// <param name="effective">The first day of work that it would change; null when it changes none.</param>
    public static Finding? TooEarly(DateOnly? effective, DateOnly? firstOpenDay, string subject) => effective is null || firstOpenDay is null || effective >= firstOpenDay
        ? null
        : new Finding("3h", "CHG-703", subject, $"The rates of {subject} can't hold from {EngagementFields.Date(effective)}, where hours are posted: its period is closed. Let them begin on {EngagementFields.Date(firstOpenDay)} or later in the rate card; the change then goes on by itself.")
        {
            Field = "Effective date",
            Expected = $"{EngagementFields.Date(firstOpenDay)} or later",
            Actual = EngagementFields.Date(effective),
        };
}
