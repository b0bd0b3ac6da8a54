namespace PsaConsole.Engine.Staffing;

/// <summary>Hours as the labour rules count them: approved hours of past days where they are known, confirmed work for the rest (PL30).</summary>
internal sealed class WorkingTime
{
    private readonly int[] worked;
    private readonly long[] sums;
    private readonly decimal[]? excluded;

    public WorkingTime(PersonPlan plan, DateOnly today)
    {
        Plan = plan;
        worked = plan.Person.Worked.Count == 0 ? plan.Hard : Past(plan, today);
        sums = new long[plan.Length + 1];
        for (var day = 0; day < plan.Length; day++)
        {
            sums[day + 1] = sums[day] + worked[day];
        }

        excluded = plan.Person.Leaves.Count == 0 ? null : ExcludedDays(plan);
    }

    public PersonPlan Plan { get; }

    public int On(int day) => worked[day];

    public long Sum(int from, int to) => sums[Math.Min(to, Plan.Length)] - sums[Math.Max(0, from)];

    /// <summary>Working days on leave, by the share of the day that it takes.</summary>
    public decimal Excluded(int from, int to) => excluded is null ? 0m : excluded[Math.Min(to, Plan.Length)] - excluded[Math.Max(0, from)];

    /// <summary>Hours of as many working days without leave after a period.</summary>
    public long Following(int end, decimal days)
    {
        var hours = 0L;
        for (var day = end; day < Plan.Length && days > 0m; day++)
        {
            if (Plan.Capacity[day] > 0 && Plan.Leave[day] == 0)
            {
                hours += worked[day];
                days--;
            }
        }

        return hours;
    }

    private static int[] Past(PersonPlan plan, DateOnly today)
    {
        var hours = (int[])plan.Hard.Clone();
        foreach (var (date, actual) in plan.Person.Worked)
        {
            var day = date.DayNumber - plan.First.DayNumber;
            if (date < today && (uint)day < (uint)hours.Length)
            {
                hours[day] = Hundredths.Of(actual);
            }
        }

        return hours;
    }

    private static decimal[] ExcludedDays(PersonPlan plan)
    {
        var days = new decimal[plan.Length + 1];
        for (var day = 0; day < plan.Length; day++)
        {
            days[day + 1] = days[day] + (plan.Leave[day] > 0 ? (decimal)plan.Leave[day] / plan.Capacity[day] : 0m);
        }

        return days;
    }
}
