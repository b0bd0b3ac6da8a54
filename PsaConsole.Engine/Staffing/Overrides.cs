using System.Globalization;

namespace PsaConsole.Engine.Staffing;

/// <summary>
/// Conflicts that a resource manager has taken on (5-staffing 5.12): each holds until its date, for the same kind and assignments, and only as long as the
/// conflict has not grown. What nobody may override stays as it is.
/// </summary>
public sealed class Overrides
{
    private readonly Dictionary<string, decimal> hours;

    private Overrides(Dictionary<string, decimal> hours) => this.hours = hours;

    /// <summary>Those of a person's assignments that hold on the date.</summary>
    public static Overrides Of(IEnumerable<AssignmentRow> rows, DateOnly today) => new(rows
        .Where(row => row.Overridden is not null && row.OverriddenUntil >= today)
        .SelectMany(row => row.Overridden!.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        .Select(line => line.Split('='))
        .GroupBy(parts => parts[0], StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Max(parts => decimal.Parse(parts[1], CultureInfo.InvariantCulture)), StringComparer.Ordinal));

    /// <summary>One line of <see cref="AssignmentRow.Overridden"/>.</summary>
    public static string Line(Conflict conflict) => string.Create(CultureInfo.InvariantCulture, $"{Name(conflict)}={conflict.Hours:0.00}");

    public WeighedConflict Weigh(Conflict conflict, OutcomeMatrix matrix)
    {
        var outcome = matrix.Of(conflict);
        return outcome == ConfirmationOutcome.BlockUnlessOverridden && hours.TryGetValue(Name(conflict), out var most) && conflict.Hours <= most
            ? new WeighedConflict(conflict, ConfirmationOutcome.Warn, Overridden: true)
            : new WeighedConflict(conflict, outcome);
    }

    private static string Name(Conflict conflict) => $"{conflict.Kind}:{string.Join(',', conflict.Because)}";
}
