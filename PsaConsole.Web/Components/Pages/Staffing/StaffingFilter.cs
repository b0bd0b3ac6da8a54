using System.Globalization;

namespace PsaConsole.Web.Components.Pages.Staffing;

/// <summary>What the timeline shows, as its address says it.</summary>
/// <param name="State"><c>conflicts</c> for people with conflicts only, or null for everybody who is booked.</param>
/// <param name="Scale"><c>days</c>, or null for weeks.</param>
/// <param name="From">First day that is shown; null for today.</param>
/// <param name="Search">Part of a name.</param>
/// <param name="After">Last person of the page before: name and id.</param>
public sealed record StaffingFilter(string? State, string? Scale, DateOnly? From, string? Search, string? After)
{
    public const string Conflicts = "conflicts";
    public const string Days = "days";

    public bool ByDay => Scale == Days;

    /// <summary>Weeks or days that are shown side by side.</summary>
    public int Columns => ByDay ? 14 : 8;

    public int DaysPerColumn => ByDay ? 1 : 7;

    public static StaffingFilter Of(string? state, string? scale, string? from, string? search, string? after) => new(
        state == Conflicts ? state : null,
        scale == Days ? scale : null,
        DateOnly.TryParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is > 2000 and < 2200 ? date : null,
        string.IsNullOrWhiteSpace(search) ? null : search.Trim()[..Math.Min(search.Trim().Length, 120)],
        after is { Length: > 0 and <= 500 } && after.Contains('|', StringComparison.Ordinal) ? after : null);

    /// <summary>The first column's first day: weeks begin on Mondays.</summary>
    public DateOnly First(DateOnly today)
    {
        var from = From ?? today;
        return ByDay ? from : from.AddDays(-(((int)from.DayOfWeek + 6) % 7));
    }

    /// <summary>The address of this view, with a person beside the timeline or without.</summary>
    public string Url(string? person = null) => ConsoleUrls.Staffing(State, Scale, From?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Search, After, person);
}
