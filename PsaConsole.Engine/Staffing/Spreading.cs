namespace PsaConsole.Engine.Staffing;

/// <summary>
/// Spreads an assignment over the days of its range on which the calendar has hours: holidays are left out, leave is not, so that it shows as a conflict
/// (5-staffing 5.1, examples O2–O4).
/// </summary>
internal static class Spreading
{
    /// <summary>Fills the hours of each day; answers the hundredths that found no day.</summary>
    public static int Fill(PersonPlan plan, Assignment assignment, int offset, int[] hours) => assignment.Method switch
    {
        SpreadMethod.Percent => EachDay(plan, offset, hours, capacity => Hundredths.Of(assignment.Value / 100m * Hundredths.Hours(capacity))),
        SpreadMethod.FixedPerDay => EachDay(plan, offset, hours, _ => Hundredths.Of(assignment.Value)),
        SpreadMethod.EvenHours => Evenly(plan, Hundredths.Of(assignment.Value), offset, hours),
        SpreadMethod.FrontLoad => Early(plan, Hundredths.Of(assignment.Value), offset, hours),
        _ => Given(assignment, hours),
    };

    private static int EachDay(PersonPlan plan, int offset, int[] hours, Func<int, int> ofCapacity)
    {
        for (var index = 0; index < hours.Length; index++)
        {
            if (plan.Calendar[offset + index] is > 0 and var capacity)
            {
                hours[index] = ofCapacity(capacity);
            }
        }

        return 0;
    }

    /// <summary>The same hundredths each day, cut off; what that leaves comes on the last day.</summary>
    private static int Evenly(PersonPlan plan, int total, int offset, int[] hours)
    {
        var days = 0;
        var last = -1;
        for (var index = 0; index < hours.Length; index++)
        {
            if (plan.Calendar[offset + index] > 0)
            {
                days++;
                last = index;
            }
        }

        if (days == 0)
        {
            return total;
        }

        var each = total / days;
        for (var index = 0; index <= last; index++)
        {
            if (plan.Calendar[offset + index] > 0)
            {
                hours[index] = each;
            }
        }

        hours[last] += total - (each * days);
        return 0;
    }

    private static int Early(PersonPlan plan, int total, int offset, int[] hours)
    {
        for (var index = 0; index < hours.Length && total > 0; index++)
        {
            var free = Math.Max(0, plan.Net(offset + index) - plan.Hard[offset + index]);
            hours[index] = Math.Min(free, total);
            total -= hours[index];
        }

        return total;
    }

    private static int Given(Assignment assignment, int[] hours)
    {
        var outside = 0;
        foreach (var (date, value) in assignment.Contour)
        {
            var index = date.DayNumber - assignment.Dates.From.DayNumber;
            if ((uint)index < (uint)hours.Length)
            {
                hours[index] = Hundredths.Of(value);
            }
            else
            {
                outside += Hundredths.Of(value);
            }
        }

        return outside;
    }
}
