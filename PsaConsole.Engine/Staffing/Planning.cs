using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Staffing;

/// <summary>Lays out a person's days: capacity, leave, spread assignments.</summary>
public static class Planning
{
    /// <summary>Longest stretch of days that a plan covers; what begins earlier or ends later is refused where it comes in.</summary>
    public const int MostDays = 3660;

    /// <param name="window">The dates that are to be checked; must have an end.</param>
    /// <param name="history">Days before the window that averages look back to.</param>
    /// <exception cref="ArgumentException">The dates have no end, or cover more than <see cref="MostDays"/>.</exception>
    public static PersonPlan Of(StaffedPerson person, IEnumerable<Assignment> assignments, DateRange window, int history = 0)
    {
        var all = assignments as IReadOnlyList<Assignment> ?? [.. assignments];
        var last = window.To ?? throw new ArgumentException("A plan needs a last day.", nameof(window));
        var first = window.From.AddDays(-history);
        foreach (var assignment in all)
        {
            first = assignment.Dates.From < first ? assignment.Dates.From : first;
            last = End(assignment) > last ? End(assignment) : last;
        }

        first = person.Calendar.WeekOf(first);
        last = person.Calendar.WeekOf(last).AddDays(6);
        var length = last.DayNumber - first.DayNumber + 1;
        if (length > MostDays)
        {
            throw new ArgumentException($"The plan of {person.Name} would cover {length} days; {MostDays} are the most. Correct the dates of the assignments.", nameof(assignments));
        }

        var plan = new PersonPlan(person, window, first, length);
        LayOutDays(plan);
        LayOutLeave(plan);
        LayOutWork(plan, all);
        return plan;
    }

    internal static DateOnly End(Assignment assignment) =>
        assignment.Dates.To ?? throw new ArgumentException($"Assignment {assignment.Id} has no last day. Give it one.", nameof(assignment));

    private static void LayOutDays(PersonPlan plan)
    {
        var person = plan.Person;
        var share = person.CalendarBasis == CalendarBasis.FullTimePattern ? person.FullTimeEquivalent : 1m;
        var usual = person.Calendar.WeekPattern.Select(hours => Hundredths.Of(hours * share)).ToArray();
        var monday = ((int)plan.First.DayOfWeek + 6) % 7;
        for (var day = 0; day < plan.Length; day++)
        {
            plan.Calendar[day] = usual[(monday + day) % 7];
        }

        foreach (var (date, _) in person.Calendar.Holidays)
        {
            var day = date.DayNumber - plan.First.DayNumber;
            if ((uint)day < (uint)plan.Length)
            {
                plan.Calendar[day] = Hundredths.Of(person.Calendar.HoursOn(date) * share);
            }
        }

        for (var day = 0; day < plan.Length; day++)
        {
            plan.Capacity[day] = plan.Employed(day) ? plan.Calendar[day] : 0;
        }
    }

    private static void LayOutLeave(PersonPlan plan)
    {
        foreach (var leave in plan.Person.Leaves)
        {
            var target = leave.Status == LeaveStatus.Approved ? plan.Leave : plan.Possible;
            var from = Math.Max(0, leave.Dates.From.DayNumber - plan.First.DayNumber);
            var to = Math.Min(plan.Length - 1, (leave.Dates.To ?? DateOnly.MaxValue).DayNumber - plan.First.DayNumber);
            for (var day = from; day <= to; day++)
            {
                var hours = leave.HoursPerDay is { } given ? Hundredths.Of(given) : plan.Capacity[day];
                target[day] = Math.Min(plan.Capacity[day], target[day] + hours);
            }
        }
    }

    /// <summary>Front-loading fills what the others leave free, so it comes last, in the order the assignments were made.</summary>
    private static void LayOutWork(PersonPlan plan, IReadOnlyList<Assignment> assignments)
    {
        foreach (var assignment in assignments.Where(item => item.Method != SpreadMethod.FrontLoad))
        {
            Add(plan, assignment);
        }

        foreach (var assignment in assignments.Where(item => item.Method == SpreadMethod.FrontLoad).OrderBy(item => item.CreatedAt).ThenBy(item => item.Id, StringComparer.Ordinal))
        {
            Add(plan, assignment);
        }
    }

    private static void Add(PersonPlan plan, Assignment assignment)
    {
        var offset = assignment.Dates.From.DayNumber - plan.First.DayNumber;
        var hours = new int[Math.Max(0, End(assignment).DayNumber - assignment.Dates.From.DayNumber + 1)];
        var unplaced = Spreading.Fill(plan, assignment, offset, hours);
        plan.Planned.Add(new PlannedAssignment(assignment, offset, hours, unplaced));
        for (var index = 0; index < hours.Length; index++)
        {
            if (assignment.Hard)
            {
                plan.Hard[offset + index] += hours[index];
            }
            else
            {
                plan.TentativeRaw[offset + index] += hours[index];
                plan.TentativeWeighted[offset + index] += hours[index] * assignment.ProbabilityPercent;
            }
        }
    }
}
