using System.Globalization;

namespace PsaConsole.Engine.Staffing;

/// <summary>More hard work than there are hours, by day (PL20, STF-301) and by week (PL21, STF-302); 5-staffing 5.2.</summary>
internal static class OverAllocation
{
    public static IEnumerable<Conflict> Find(PersonPlan plan, StaffingRules rules)
    {
        foreach (var item in plan.Planned.Where(item => item.Unplaced > 0m))
        {
            yield return Unplaceable(plan, item);
        }

        foreach (var group in Neighbours.Join(Days(plan, rules)))
        {
            yield return group;
        }

        foreach (var group in Neighbours.Join(Weeks(plan, rules)))
        {
            yield return group;
        }
    }

    /// <summary>The fewest hard assignments whose hours alone exceed what is free: the largest first.</summary>
    internal static List<string> Explain(PersonPlan plan, int from, int to, int free)
    {
        var because = new List<string>();
        var sum = 0;
        var sizes = plan.Planned.Where(item => item.Assignment.Hard).Select(item => (item.Assignment.Id, Hours: Sum(item, from, to))).Where(item => item.Hours > 0);
        foreach (var (id, hours) in sizes.OrderByDescending(item => item.Hours).ThenBy(item => item.Id, StringComparer.Ordinal))
        {
            because.Add(id);
            sum += hours;
            if (sum > free)
            {
                break;
            }
        }

        because.Sort(StringComparer.Ordinal);
        return because;
    }

    private static IEnumerable<Conflict> Days(PersonPlan plan, StaffingRules rules)
    {
        var tolerance = Hundredths.Of(rules.DayTolerance);
        var grave = Hundredths.Of(rules.GraveDayHours);
        for (var day = plan.WindowStart; day < plan.WindowEnd; day++)
        {
            var over = plan.Hard[day] - plan.Net(day);
            if (over <= tolerance || !plan.Employed(day))
            {
                continue;
            }

            var severity = over > grave ? ConflictSeverity.High : ConflictSeverity.Medium;
            var hours = Hundredths.Hours(over);
            var text = string.Create(CultureInfo.InvariantCulture, $"{plan.Person.Name} has {Hundredths.Hours(plan.Hard[day]):0.00} h of confirmed work and {Hundredths.Hours(plan.Net(day)):0.00} h available");
            yield return new Conflict(ConflictKind.DayOverAllocation, "STF-301", "PL20", severity, plan.Date(day), plan.Date(day), hours, text)
            {
                Because = Explain(plan, day, day + 1, plan.Net(day) + tolerance),
                Involved = Involved(plan, day, day + 1),
                Days = [new DayHours(plan.Date(day), hours)],
                Measured = Hundredths.Hours(plan.Hard[day]),
                Limit = Hundredths.Hours(plan.Net(day)),
            };
        }
    }

    private static IEnumerable<Conflict> Weeks(PersonPlan plan, StaffingRules rules)
    {
        var tolerance = Hundredths.Of(rules.WeekTolerance);
        for (var week = plan.WindowStart / 7 * 7; week + 7 <= plan.Length && week < plan.WindowEnd; week += 7)
        {
            var (hard, net) = (0, 0);
            for (var day = week; day < week + 7; day++)
            {
                // Work outside the employment is another conflict (PL28).
                hard += plan.Employed(day) ? plan.Hard[day] : 0;
                net += plan.Net(day);
            }

            if (hard - net <= tolerance)
            {
                continue;
            }

            var text = string.Create(CultureInfo.InvariantCulture, $"{plan.Person.Name} has {Hundredths.Hours(hard):0.00} h of confirmed work and {Hundredths.Hours(net):0.00} h available in the week");
            yield return new Conflict(ConflictKind.WeekOverAllocation, "STF-302", "PL21", SeverityOf(hard - net, net, rules), plan.Date(week), plan.Date(week + 6), Hundredths.Hours(hard - net), text)
            {
                Because = Explain(plan, week, week + 7, net + tolerance),
                Involved = Involved(plan, week, week + 7),
                Measured = Hundredths.Hours(hard),
                Limit = Hundredths.Hours(net),
            };
        }
    }

    private static ConflictSeverity SeverityOf(int over, int net, StaffingRules rules)
    {
        var percent = net <= 0 ? decimal.MaxValue : 100m * over / net;
        return percent <= rules.MediumWeekPercent ? ConflictSeverity.Medium : percent <= rules.HighWeekPercent ? ConflictSeverity.High : ConflictSeverity.Critical;
    }

    private static Conflict Unplaceable(PersonPlan plan, PlannedAssignment item)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{item.Unplaced:0.00} h of {item.Assignment.Title} find no room on the days of {plan.Person.Name}. Give it more days, or somebody else.");
        return new Conflict(ConflictKind.Unplaceable, "STF-302", "PL21", ConflictSeverity.Critical, item.Assignment.Dates.From, Planning.End(item.Assignment), item.Unplaced, text)
        {
            Because = [item.Assignment.Id],
            Involved = [item.Assignment.Id],
        };
    }

    private static List<string> Involved(PersonPlan plan, int from, int to) =>
        [.. plan.Planned.Where(item => item.Assignment.Hard && Sum(item, from, to) > 0).Select(item => item.Assignment.Id).Order(StringComparer.Ordinal)];

    private static int Sum(PlannedAssignment item, int from, int to)
    {
        var sum = 0;
        for (var day = from; day < to; day++)
        {
            sum += item.On(day);
        }

        return sum;
    }
}
