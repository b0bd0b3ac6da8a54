using System.Globalization;

namespace PsaConsole.Engine.Exceptions;

/// <summary>How long a case is put off: until a moment, or until it was met a few more times.</summary>
/// <param name="Name">Stands for it in forms.</param>
/// <param name="Title">As people choose it: "Until Monday 09:00".</param>
/// <param name="Until">When it is shown again; null when that does not depend on time.</param>
/// <param name="MoreTimes">How often it must be met again before it is shown; null when that does not matter.</param>
public sealed record Snooze(string Name, string Title, DateTimeOffset? Until, int? MoreTimes)
{
    /// <summary>Name of <see cref="OnDay"/>.</summary>
    public const string Day = "date";

    private const int Few = 3;

    /// <summary>The furthest ahead that a case is put off.</summary>
    private const int MostDays = 366;

    /// <summary>What can be chosen now, in the working time of the team.</summary>
    /// <param name="due">The case's deadline; null when it has none, or when several cases are meant.</param>
    public static IReadOnlyList<Snooze> Choices(ServiceClock clock, DateTimeOffset now, DateTimeOffset? due)
    {
        var tomorrow = clock.Opening(now, day => true);
        var week = clock.Opening(now, day => day.DayOfWeek == DayOfWeek.Monday);
        List<Snooze> choices = [new("hour", "For an hour", now.AddHours(1), null), new("day", $"Until {Words(clock, tomorrow)}", tomorrow, null)];
        if (week != tomorrow)
        {
            choices.Add(new("week", $"Until {Words(clock, week)}", week, null));
        }

        if (due > now)
        {
            choices.Add(new("due", $"Until it is due and escalates, {Words(clock, due.Value)}", due, null));
        }

        choices.Add(new("times", string.Create(CultureInfo.InvariantCulture, $"Until it was met {Few} more times"), null, Few));
        return choices;
    }

    /// <summary>Until the team's working day begins that somebody chose, or the next one after it.</summary>
    public static Snooze OnDay(ServiceClock clock, DateOnly day) => new(Day, $"Until {Words(clock, clock.Opening(day))}", clock.Opening(day), null);

    /// <summary>Why it can't be put off so; null when it can.</summary>
    public string? WhyNot(DateTimeOffset now) => Until is { } at && (at <= now || at > now.AddDays(MostDays))
        ? "Say until when it is put off: a time from now to a year ahead."
        : null;

    private static string Words(ServiceClock clock, DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, clock.Zone).ToString("dddd d MMMM, HH:mm", CultureInfo.GetCultureInfo("en-GB"));
}
