namespace PsaConsole.Engine.Exceptions;

/// <summary>When a case is due: hours of the owning team's working time, counted from when it was raised (4-exceptions, example O23).</summary>
/// <param name="Zone">Time zone of the team.</param>
/// <param name="Opens">Local time at which the working day begins.</param>
/// <param name="Closes">Local time at which it ends.</param>
public sealed record ServiceClock(TimeZoneInfo Zone, TimeOnly Opens, TimeOnly Closes)
{
    /// <summary>Monday to Friday, 09:00–17:30 UTC: what teams have until they get a calendar of their own.</summary>
    public static ServiceClock Default { get; } = new(TimeZoneInfo.Utc, new TimeOnly(9, 0), new TimeOnly(17, 30));

    /// <summary>Local dates on which the team does not work.</summary>
    public IReadOnlySet<DateOnly> Holidays { get; init; } = new HashSet<DateOnly>();

    /// <summary>Business hours within which a case of this severity is to be resolved.</summary>
    public static TimeSpan HoursToResolve(CaseSeverity severity) => severity switch
    {
        CaseSeverity.Critical => TimeSpan.FromHours(4),
        CaseSeverity.High => TimeSpan.FromHours(8),
        CaseSeverity.Medium => TimeSpan.FromHours(24),
        _ => TimeSpan.FromHours(80),
    };

    /// <summary>The moment at which <paramref name="hours"/> of working time have passed since <paramref name="from"/>.</summary>
    public DateTimeOffset Due(DateTimeOffset from, TimeSpan hours)
    {
        var local = TimeZoneInfo.ConvertTime(from, Zone).DateTime;
        var left = hours;
        while (true)
        {
            var day = DateOnly.FromDateTime(local);
            var begins = Later(local, day.ToDateTime(Opens));
            var ends = day.ToDateTime(Closes);
            if (IsWorkingDay(day) && begins < ends)
            {
                var open = ends - begins;
                if (left <= open)
                {
                    var due = begins + left;
                    return new DateTimeOffset(due, Zone.GetUtcOffset(due)).ToUniversalTime();
                }

                left -= open;
            }

            local = day.AddDays(1).ToDateTime(Opens);
        }
    }

    /// <summary>Working time between two moments; nothing when the second is not later.</summary>
    public TimeSpan Worked(DateTimeOffset from, DateTimeOffset to)
    {
        var (begin, end) = (TimeZoneInfo.ConvertTime(from, Zone).DateTime, TimeZoneInfo.ConvertTime(to, Zone).DateTime);
        var worked = TimeSpan.Zero;
        for (var day = DateOnly.FromDateTime(begin); day <= DateOnly.FromDateTime(end); day = day.AddDays(1))
        {
            var (opens, closes) = (Later(begin, day.ToDateTime(Opens)), day.ToDateTime(Closes));
            var until = closes < end ? closes : end;
            worked += IsWorkingDay(day) && opens < until ? until - opens : TimeSpan.Zero;
        }

        return worked;
    }

    /// <summary>When the team next begins a working day of the wanted kind, later than today.</summary>
    public DateTimeOffset Opening(DateTimeOffset now, Func<DateOnly, bool> wanted) =>
        Opening(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, Zone).DateTime).AddDays(1), wanted);

    /// <summary>When the team begins to work on a day, or on its first working day after it.</summary>
    public DateTimeOffset Opening(DateOnly day) => Opening(day, _ => true);

    private DateTimeOffset Opening(DateOnly day, Func<DateOnly, bool> wanted)
    {
        while (!IsWorkingDay(day) || !wanted(day))
        {
            day = day.AddDays(1);
        }

        var opens = day.ToDateTime(Opens);
        return new DateTimeOffset(opens, Zone.GetUtcOffset(opens)).ToUniversalTime();
    }

    /// <summary>Whether the team works on a local date: Monday to Friday, without its holidays.</summary>
    public bool IsWorkingDay(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !Holidays.Contains(day);

    /// <summary>Working days that are left after the day of a moment, until the month of that day ends: none on its last one.</summary>
    public int WorkingDaysLeftInMonth(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, Zone).DateTime);
        return Enumerable.Range(today.Day + 1, DateTime.DaysInMonth(today.Year, today.Month) - today.Day).Count(day => IsWorkingDay(new DateOnly(today.Year, today.Month, day)));
    }

    private static DateTime Later(DateTime first, DateTime second) => first > second ? first : second;
}
