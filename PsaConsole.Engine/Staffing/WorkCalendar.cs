namespace PsaConsole.Engine.Staffing;

/// <summary>Whether a week pattern describes the job at full time, or what this person works in fact.</summary>
public enum CalendarBasis
{
    /// <summary>The full-time equivalent is applied to it, once.</summary>
    FullTimePattern,

    /// <summary>Part time is in the pattern already.</summary>
    PersonalPattern,
}

/// <summary>Working hours of a week with the holidays of a region (2-canonical-model 2.4).</summary>
public sealed record WorkCalendar
{
    /// <summary>Hours from Monday to Sunday.</summary>
    public required IReadOnlyList<decimal> WeekPattern { get; init; }

    /// <summary>Share of the day that a holiday takes: 1 for a whole one.</summary>
    public IReadOnlyDictionary<DateOnly, decimal> Holidays { get; init; } = new Dictionary<DateOnly, decimal>();

    /// <summary>First day of the week over which hours are added up.</summary>
    public DayOfWeek WeekStart { get; init; } = DayOfWeek.Monday;

    /// <summary>Eight hours from Monday to Friday, no holidays.</summary>
    public static WorkCalendar FullTime { get; } = new() { WeekPattern = [8m, 8m, 8m, 8m, 8m, 0m, 0m] };

    /// <summary>cal(d): hours of the weekday less the holiday's share (5-staffing 5.1).</summary>
    public decimal HoursOn(DateOnly date) => WeekPattern[Index(date.DayOfWeek)] * (1m - Holidays.GetValueOrDefault(date));

    /// <summary>How many days of the pattern are worked.</summary>
    public int WorkingDaysPerWeek => WeekPattern.Count(hours => hours > 0m);

    /// <summary>First day of the week that holds the date.</summary>
    public DateOnly WeekOf(DateOnly date) => date.AddDays(-((7 + (int)date.DayOfWeek - (int)WeekStart) % 7));

    /// <summary>The date after so many working days; Monday to Friday without whole holidays count.</summary>
    public DateOnly AddBusinessDays(DateOnly date, int days)
    {
        while (days > 0)
        {
            date = date.AddDays(1);
            if (date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && Holidays.GetValueOrDefault(date) < 1m)
            {
                days--;
            }
        }

        return date;
    }

    private static int Index(DayOfWeek day) => ((int)day + 6) % 7;
}
