using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Staffing;

/// <summary>An assignment with its hours by day; the array begins at <see cref="Offset"/> days after the plan's first day.</summary>
public sealed class PlannedAssignment
{
    internal PlannedAssignment(Assignment assignment, int offset, int[] hours, int unplaced) => (Assignment, Offset, Hundredths, Unplaced) = (assignment, offset, hours, Staffing.Hundredths.Hours(unplaced));

    public Assignment Assignment { get; }

    /// <summary>Hours that no day had room for (front-load), or that had no day at all.</summary>
    public decimal Unplaced { get; }

    internal int Offset { get; }

    internal int[] Hundredths { get; }

    internal int On(int day) => (uint)(day - Offset) < (uint)Hundredths.Length ? Hundredths[day - Offset] : 0;
}

/// <summary>Figures of one day, in hours.</summary>
/// <param name="Tentative">Tentative hours by their probability.</param>
/// <param name="TentativeRaw">Tentative hours as they are booked.</param>
public readonly record struct DayFigures(DateOnly Date, decimal Capacity, decimal Leave, decimal Net, decimal Hard, decimal Tentative, decimal TentativeRaw);

/// <summary>
/// A person's window, day by day: capacity, leave, and the hours of every assignment, spread (5-staffing 5.1). Days outside the employment have no
/// capacity, but keep the hours that are planned on them, so that they are found (PL28) and not pushed onto other days.
/// </summary>
public sealed class PersonPlan
{
    internal PersonPlan(StaffedPerson person, DateRange window, DateOnly first, int length)
    {
        Person = person;
        Window = window;
        First = first;
        Calendar = new int[length];
        Capacity = new int[length];
        Leave = new int[length];
        Possible = new int[length];
        Hard = new int[length];
        TentativeRaw = new int[length];
        TentativeWeighted = new int[length];
    }

    public StaffedPerson Person { get; }

    /// <summary>The dates that are checked; the plan itself may begin earlier, for averages and totals.</summary>
    public DateRange Window { get; }

    public IReadOnlyList<PlannedAssignment> Assignments => Planned;

    internal List<PlannedAssignment> Planned { get; } = [];

    internal DateOnly First { get; }

    internal int Length => Calendar.Length;

    /// <summary>Hours of the calendar and full-time equivalent, whether employed or not.</summary>
    internal int[] Calendar { get; }

    internal int[] Capacity { get; }

    internal int[] Leave { get; }

    /// <summary>Leave that is asked for and not approved.</summary>
    internal int[] Possible { get; }

    internal int[] Hard { get; }

    internal int[] TentativeRaw { get; }

    /// <summary>Hundredths of an hour times percent.</summary>
    internal int[] TentativeWeighted { get; }

    internal int WindowStart => Math.Max(0, Window.From.DayNumber - First.DayNumber);

    /// <summary>One past the last day of the window.</summary>
    internal int WindowEnd => Math.Min(Length, Window.To!.Value.DayNumber - First.DayNumber + 1);

    internal int Net(int day) => Capacity[day] - Leave[day];

    internal DateOnly Date(int day) => First.AddDays(day);

    internal bool Employed(int day)
    {
        var date = Date(day);
        return (Person.HiredOn is not { } hired || hired <= date) && (Person.LastWorkingDay is not { } last || date <= last);
    }

    /// <summary>Figures of a day of the plan.</summary>
    public DayFigures On(DateOnly date)
    {
        var day = date.DayNumber - First.DayNumber;
        return (uint)day >= (uint)Length ? new DayFigures(date, 0m, 0m, 0m, 0m, 0m, 0m) : new DayFigures(
            date, Hundredths.Hours(Capacity[day]), Hundredths.Hours(Leave[day]), Hundredths.Hours(Net(day)), Hundredths.Hours(Hard[day]),
            TentativeWeighted[day] / 10_000m, Hundredths.Hours(TentativeRaw[day]));
    }

    /// <summary>Hours of an assignment on a date.</summary>
    public decimal HoursOf(string assignmentId, DateOnly date) =>
        Planned.Find(item => item.Assignment.Id == assignmentId) is { } planned ? Hundredths.Hours(planned.On(date.DayNumber - First.DayNumber)) : 0m;

    /// <summary>Assignments with hours on the day, in the order they are given up: tentative first, then the latest (5-staffing 5.3).</summary>
    internal List<PlannedAssignment> WithHours(int day, bool hardOnly) =>
        [.. Planned.Where(item => item.On(day) > 0 && (!hardOnly || item.Assignment.Hard)).OrderBy(item => item.Assignment.Hard).ThenByDescending(item => item.Assignment.CreatedAt).ThenByDescending(item => item.Assignment.Id, StringComparer.Ordinal)];
}
