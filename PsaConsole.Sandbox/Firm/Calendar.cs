namespace PsaConsole.Sandbox.Firm;

/// <summary>The public holidays of the firm's countries: a sample, good enough for capacity figures, not for payroll.</summary>
internal static class Calendar
{
    private static readonly Dictionary<string, (int Month, int Day, string Name)[]> Fixed = new()
    {
        ["US"] = [(1, 1, "New Year's Day"), (6, 19, "Juneteenth"), (7, 4, "Independence Day"), (11, 11, "Veterans Day"), (12, 25, "Christmas Day")],
        ["GB"] = [(1, 1, "New Year's Day"), (12, 25, "Christmas Day"), (12, 26, "Boxing Day")],
        ["DE"] = [(1, 1, "New Year's Day"), (5, 1, "Labour Day"), (10, 3, "Day of German Unity"), (12, 25, "Christmas Day"), (12, 26, "Boxing Day")],
        ["JP"] = [(1, 1, "New Year's Day"), (2, 11, "National Foundation Day"), (4, 29, "Showa Day"), (5, 3, "Constitution Day"), (5, 5, "Children's Day"), (11, 3, "Culture Day"), (11, 23, "Labour Thanksgiving Day")],
    };

    public static List<Holiday> Holidays(int firstYear, int lastYear)
    {
        var holidays = new List<Holiday>();
        for (var year = firstYear; year <= lastYear; year++)
        {
            var easter = Easter(year);
            holidays.AddRange(Fixed.SelectMany(pair => pair.Value.Select(day => new Holiday(pair.Key, new DateOnly(year, day.Month, day.Day), day.Name))));
            foreach (var country in new[] { "GB", "DE" })
            {
                holidays.Add(new Holiday(country, easter.AddDays(-2), "Good Friday"));
                holidays.Add(new Holiday(country, easter.AddDays(1), "Easter Monday"));
            }

            holidays.Add(new Holiday("DE", easter.AddDays(39), "Ascension Day"));
            holidays.Add(new Holiday("DE", easter.AddDays(50), "Whit Monday"));
            holidays.Add(new Holiday("GB", Weekday(year, 5, DayOfWeek.Monday, -1), "Spring Bank Holiday"));
            holidays.Add(new Holiday("GB", Weekday(year, 8, DayOfWeek.Monday, -1), "Summer Bank Holiday"));
            holidays.Add(new Holiday("US", Weekday(year, 5, DayOfWeek.Monday, -1), "Memorial Day"));
            holidays.Add(new Holiday("US", Weekday(year, 9, DayOfWeek.Monday, 1), "Labor Day"));
            holidays.Add(new Holiday("US", Weekday(year, 11, DayOfWeek.Thursday, 4), "Thanksgiving"));
        }

        return [.. holidays.OrderBy(holiday => holiday.Date).ThenBy(holiday => holiday.Country, StringComparer.Ordinal)];
    }

    /// <summary>The n-th such weekday of the month; -1 for the last.</summary>
    private static DateOnly Weekday(int year, int month, DayOfWeek weekday, int nth)
    {
        var days = Enumerable.Range(1, DateTime.DaysInMonth(year, month)).Select(day => new DateOnly(year, month, day)).Where(day => day.DayOfWeek == weekday).ToList();
        return nth > 0 ? days[nth - 1] : days[^1];
    }

    /// <summary>The anonymous Gregorian computus.</summary>
    private static DateOnly Easter(int year)
    {
        int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
        int h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
        return new DateOnly(year, (h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
    }
}
