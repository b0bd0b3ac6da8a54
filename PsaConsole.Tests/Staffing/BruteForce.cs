using PsaConsole.Engine.Model;
using PsaConsole.Engine.Staffing;

namespace PsaConsole.Tests.Staffing;

/// <summary>The rules once more, day by day in decimals, as slowly as the specification reads: nothing of the engine but its records is used.</summary>
internal static class BruteForce
{
    public sealed record Day(DateOnly Date, decimal Capacity, decimal Leave, decimal Net, decimal Hard, decimal Tentative);

    public static List<Day> Days(StaffedPerson person, IReadOnlyList<Assignment> assignments, DateRange window)
    {
        var spread = assignments.ToDictionary(item => item.Id, item => Spread(person, item));
        var days = new List<Day>();
        for (var date = window.From; date <= window.To; date = date.AddDays(1))
        {
            var capacity = Employed(person, date) ? CalendarHours(person, date) : 0m;
            var leave = 0m;
            foreach (var item in person.Leaves.Where(item => item.Dates.Contains(date) && item.Status == LeaveStatus.Approved))
            {
                leave += item.HoursPerDay ?? capacity;
            }

            leave = Math.Min(leave, capacity);
            var hard = assignments.Where(item => item.Hard).Sum(item => spread[item.Id].GetValueOrDefault(date));
            var tentative = assignments.Where(item => !item.Hard).Sum(item => spread[item.Id].GetValueOrDefault(date) * item.ProbabilityPercent / 100m);
            days.Add(new Day(date, capacity, leave, capacity - leave, hard, tentative));
        }

        return days;
    }

    /// <summary>Days over their hours: date, hours, grave or not.</summary>
    public static List<(DateOnly Date, decimal Over, bool Grave)> DaysOver(StaffedPerson person, IEnumerable<Day> days) =>
        [.. days.Where(day => Employed(person, day.Date) && day.Hard - day.Net > 0.25m).Select(day => (day.Date, day.Hard - day.Net, day.Hard - day.Net > 2m))];

    /// <summary>Weeks over their hours, by their Monday; the days must be whole weeks.</summary>
    public static Dictionary<DateOnly, decimal> WeeksOver(StaffedPerson person, List<Day> days)
    {
        var found = new Dictionary<DateOnly, decimal>();
        for (var start = 0; start < days.Count; start += 7)
        {
            var week = days.Skip(start).Take(7).ToList();
            var over = week.Where(day => Employed(person, day.Date)).Sum(day => day.Hard) - week.Sum(day => day.Net);
            if (over > 0.5m)
            {
                found[days[start].Date] = over;
            }
        }

        return found;
    }

    /// <summary>Hours of work that a leave makes too many, by date.</summary>
    public static Dictionary<DateOnly, decimal> LeaveHours(IEnumerable<Day> days) => days
        .Where(day => day.Leave > 0m && day.Hard > day.Net)
        .ToDictionary(day => day.Date, day => Math.Min(day.Leave, day.Hard - day.Net));

    /// <summary>Hours before the first or after the last day employed.</summary>
    public static decimal HoursOutside(StaffedPerson person, IEnumerable<Assignment> assignments, DateRange window) => assignments
        .SelectMany(item => Spread(person, item))
        .Where(day => day.Key >= window.From && !Employed(person, day.Key))
        .Sum(day => day.Value);

    private static Dictionary<DateOnly, decimal> Spread(StaffedPerson person, Assignment assignment)
    {
        var days = new List<DateOnly>();
        for (var date = assignment.Dates.From; date <= assignment.Dates.To; date = date.AddDays(1))
        {
            if (CalendarHours(person, date) > 0m)
            {
                days.Add(date);
            }
        }

        switch (assignment.Method)
        {
            case SpreadMethod.Percent:
                return days.ToDictionary(date => date, date => Round(assignment.Value / 100m * CalendarHours(person, date)));
            case SpreadMethod.FixedPerDay:
                return days.ToDictionary(date => date, _ => assignment.Value);
            default:
                var hours = new Dictionary<DateOnly, decimal>();
                var each = days.Count == 0 ? 0m : Math.Floor(assignment.Value / days.Count * 100m) / 100m;
                days.ForEach(date => hours[date] = each);
                if (days.Count > 0)
                {
                    hours[days[^1]] = assignment.Value - (each * (days.Count - 1));
                }

                return hours;
        }
    }

    private static bool Employed(StaffedPerson person, DateOnly date) => !(date < person.HiredOn) && !(date > person.LastWorkingDay);

    private static decimal CalendarHours(StaffedPerson person, DateOnly date)
    {
        var pattern = person.Calendar.WeekPattern[date.DayOfWeek == DayOfWeek.Sunday ? 6 : (int)date.DayOfWeek - 1];
        var holiday = person.Calendar.Holidays.TryGetValue(date, out var factor) ? factor : 0m;
        return Round(pattern * (1m - holiday) * (person.CalendarBasis == CalendarBasis.FullTimePattern ? person.FullTimeEquivalent : 1m));
    }

    private static decimal Round(decimal hours) => decimal.Round(hours, 2, MidpointRounding.AwayFromZero);
}
