using System.Globalization;

namespace PsaConsole.Engine.Staffing;

/// <summary>Hours of one person on one project in the week that begins on a date.</summary>
public sealed record WeekHours(string PersonId, string EngagementId, DateOnly Week, decimal Hours);

/// <summary>Booked hours against the hours of the tasks, week by week, since a month's sum hides what two weeks miss (STF-312); 5-staffing 5.11.</summary>
public static class BookingComparison
{
    /// <returns>A conflict for each week; its hours are positive where too much is booked.</returns>
    public static IEnumerable<Conflict> Find(IEnumerable<WeekHours> bookings, IEnumerable<WeekHours> tasks, StaffingRules rules) => bookings
        .Select(item => (item.PersonId, item.EngagementId, item.Week, item.Hours))
        .Concat(tasks.Select(item => (item.PersonId, item.EngagementId, item.Week, Hours: -item.Hours)))
        .GroupBy(item => (item.PersonId, item.EngagementId, item.Week))
        .Select(group => (group.Key, Difference: group.Sum(item => item.Hours)))
        .Where(found => Math.Abs(found.Difference) > rules.BookingTolerance)
        .OrderBy(found => found.Key.Week)
        .Select(found => new Conflict(
            ConflictKind.BookingDiffers, "STF-312", "5.11", ConflictSeverity.Low, found.Key.Week, found.Key.Week.AddDays(6), found.Difference,
            string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(found.Difference):0.00} h {(found.Difference > 0 ? "more are booked than tasks need" : "of tasks are not booked")} in the week of {found.Key.Week:yyyy-MM-dd}.")));
}
