using System.Globalization;

namespace PsaConsole.Sandbox.Salesforce.Soql;

/// <summary>The days that a date word such as LAST_MONTH or LAST_N_DAYS:7 means, in the org's time zone (UTC here). The end is not part of it.</summary>
internal readonly record struct DatePeriod(DateOnly Start, DateOnly End)
{
    public static DatePeriod Of(string word, DateOnly today)
    {
        var parts = word.Split(':');
        var days = parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
        var week = today.AddDays(-(int)today.DayOfWeek);
        var month = new DateOnly(today.Year, today.Month, 1);
        var quarter = new DateOnly(today.Year, (today.Month - 1) / 3 * 3 + 1, 1);
        var year = new DateOnly(today.Year, 1, 1);
        return (parts[0], days) switch
        {
            ("TODAY", null) => new(today, today.AddDays(1)),
            ("YESTERDAY", null) => new(today.AddDays(-1), today),
            ("TOMORROW", null) => new(today.AddDays(1), today.AddDays(2)),
            ("LAST_WEEK", null) => new(week.AddDays(-7), week),
            ("THIS_WEEK", null) => new(week, week.AddDays(7)),
            ("NEXT_WEEK", null) => new(week.AddDays(7), week.AddDays(14)),
            ("LAST_MONTH", null) => new(month.AddMonths(-1), month),
            ("THIS_MONTH", null) => new(month, month.AddMonths(1)),
            ("NEXT_MONTH", null) => new(month.AddMonths(1), month.AddMonths(2)),
            ("LAST_QUARTER", null) => new(quarter.AddMonths(-3), quarter),
            ("THIS_QUARTER", null) => new(quarter, quarter.AddMonths(3)),
            ("LAST_YEAR", null) => new(year.AddYears(-1), year),
            ("THIS_YEAR", null) => new(year, year.AddYears(1)),
            ("NEXT_YEAR", null) => new(year.AddYears(1), year.AddYears(2)),
            ("LAST_N_DAYS", { } back) => new(today.AddDays(-back), today.AddDays(1)),
            ("NEXT_N_DAYS", { } ahead) => new(today.AddDays(1), today.AddDays(ahead + 1)),
            _ => throw SalesforceRefusal.Query("MALFORMED_QUERY", $"unexpected token: '{word}'"),
        };
    }
}
