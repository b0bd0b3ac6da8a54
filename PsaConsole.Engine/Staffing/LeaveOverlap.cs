using System.Globalization;

namespace PsaConsole.Engine.Staffing;

/// <summary>Work on days on which somebody is not available (PL22, STF-303); 5-staffing 5.3.</summary>
internal static class LeaveOverlap
{
    public static IEnumerable<Conflict> Find(PersonPlan plan, StaffingRules rules)
    {
        if (plan.Person.Leaves.Count == 0)
        {
            yield break;
        }

        var isLong = LongLeave(plan, rules);
        var shares = new List<(string Assignment, ConflictKind Kind, int Day, int Hours)>();
        for (var day = plan.WindowStart; day < plan.WindowEnd; day++)
        {
            if (plan.Leave[day] > 0)
            {
                Attribute(plan, day, isLong[day], shares);
            }
            else if (plan.Possible[day] > 0 && plan.Hard[day] > 0)
            {
                shares.AddRange(plan.WithHours(day, hardOnly: true).Select(item => (item.Assignment.Id, ConflictKind.PossibleLeave, day, Math.Min(plan.Possible[day], item.On(day)))));
            }
        }

        foreach (var group in shares.GroupBy(share => (share.Assignment, share.Kind)))
        {
            yield return Told(plan, group.Key.Assignment, group.Key.Kind, [.. group.Select(share => new DayHours(plan.Date(share.Day), Hundredths.Hours(share.Hours)))]);
        }
    }

    /// <summary>Overload that the leave causes goes to whoever is given up first, up to its hours; on a long leave every hour counts, tentative ones too.</summary>
    private static void Attribute(PersonPlan plan, int day, bool isLong, List<(string, ConflictKind, int, int)> shares)
    {
        var overload = plan.Hard[day] - plan.Net(day);
        var left = Math.Min(plan.Leave[day], Math.Max(0, overload));
        foreach (var item in plan.WithHours(day, hardOnly: !isLong))
        {
            var hours = item.On(day);
            var overlap = isLong ? Math.Min(hours, plan.Leave[day]) : Math.Min(hours, left);
            if (!isLong)
            {
                left -= overlap;
            }

            if (overlap > 0)
            {
                shares.Add((item.Assignment.Id, isLong ? ConflictKind.LongLeaveOverlap : ConflictKind.LeaveOverlap, day, overlap));
            }
            else if (overload <= 0)
            {
                shares.Add((item.Assignment.Id, ConflictKind.LeaveWithoutOverload, day, Math.Min(hours, plan.Leave[day])));
            }
        }
    }

    /// <summary>Days of a stretch of at least ten working days off, holidays and weekends in between notwithstanding.</summary>
    private static bool[] LongLeave(PersonPlan plan, StaffingRules rules)
    {
        var isLong = new bool[plan.Length];
        var run = new List<int>();
        for (var day = 0; day <= plan.Length; day++)
        {
            if (day < plan.Length && plan.Capacity[day] == 0)
            {
                continue;
            }

            if (day < plan.Length && plan.Leave[day] >= plan.Capacity[day])
            {
                run.Add(day);
                continue;
            }

            if (run.Count >= rules.LongLeaveDays)
            {
                run.ForEach(index => isLong[index] = true);
            }

            run.Clear();
        }

        return isLong;
    }

    private static Conflict Told(PersonPlan plan, string assignmentId, ConflictKind kind, List<DayHours> days)
    {
        var title = plan.Planned.Find(item => item.Assignment.Id == assignmentId)!.Assignment.Title;
        var hours = days.Sum(day => day.Hours);
        var (code, severity, what) = kind switch
        {
            ConflictKind.LongLeaveOverlap => ("STF-303", ConflictSeverity.High, "is not available for a long time"),
            ConflictKind.LeaveOverlap => ("STF-303", ConflictSeverity.High, "is not available"),
            ConflictKind.PossibleLeave => ("", ConflictSeverity.Info, "may not be available"),
            _ => ("", ConflictSeverity.Info, "is not available for part of the day, and has room left for the work"),
        };
        var dates = days.Count == 1
            ? string.Create(CultureInfo.InvariantCulture, $"on {days[0].Date:yyyy-MM-dd}")
            : string.Create(CultureInfo.InvariantCulture, $"on {days.Count} days from {days[0].Date:yyyy-MM-dd} to {days[^1].Date:yyyy-MM-dd}");
        var text = string.Create(CultureInfo.InvariantCulture, $"{plan.Person.Name} {what}: {hours:0.00} h of {title} {dates}.");
        return new Conflict(kind, code, "PL22", severity, days[0].Date, days[^1].Date, hours, text) { Because = [assignmentId], Involved = [assignmentId], Days = days };
    }
}
