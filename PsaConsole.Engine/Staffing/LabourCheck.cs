using System.Globalization;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Staffing;

/// <summary>Working time against the pack of the person's country (PL30–PL33, STF-308); 5-staffing 5.9, example O6.</summary>
internal static class LabourCheck
{
    public static IEnumerable<Conflict> Find(PersonPlan plan, StaffingRules rules)
    {
        if (LabourPacks.Of(rules.LabourPacks, plan.Person.Country) is not { } pack)
        {
            return [];
        }

        var time = new WorkingTime(plan, rules.Today);
        return Neighbours.Join(Days(time, pack))
            .Concat(Shifts(plan, pack))
            .Concat(Neighbours.Join(Rest(time, pack)))
            .Concat(Neighbours.Join(Weeks(time, pack)))
            .Concat(pack.Averages.SelectMany(average => Averages(time, pack, average, rules)))
            .Concat(WorkdayAverages(time, pack));
    }

    private static IEnumerable<Conflict> Days(WorkingTime time, LabourPack pack)
    {
        var plan = time.Plan;
        for (var day = plan.WindowStart; day < plan.WindowEnd; day++)
        {
            if (plan.Hard[day] == 0)
            {
                continue;
            }

            var hours = Hundredths.Hours(time.On(day));
            if (pack.DailyMaximum is { } most && hours > most)
            {
                yield return Limit(plan, "PL31", day, day + 1, hours - most, hours, most, $"{plan.Person.Name} would work more than the {Text(most)} h a day that {pack.Name} allows", day, (int)(most * Hundredths.PerHour));
            }
            else if (pack.SundaysFree && (plan.Date(day).DayOfWeek == DayOfWeek.Sunday || plan.Person.Calendar.Holidays.GetValueOrDefault(plan.Date(day)) >= 1m))
            {
                yield return Limit(plan, "PL33", day, day + 1, hours, hours, 0m, $"{plan.Person.Name} would work on a Sunday or holiday, which {pack.Name} keeps free", day, 0);
            }
        }
    }

    /// <summary>PL31 where clock times are known: too little time between the end of one day's work and the start of the next.</summary>
    private static IEnumerable<Conflict> Shifts(PersonPlan plan, LabourPack pack)
    {
        var shifts = plan.Person.Shifts.OrderBy(shift => shift.Start).ToList();
        for (var index = 1; index < shifts.Count && pack.DailyRest is not null; index++)
        {
            var (before, after) = (shifts[index - 1], shifts[index]);
            var rest = (decimal)(after.Start - before.End).TotalHours;
            var day = DateOnly.FromDateTime(after.Start);
            if (day > DateOnly.FromDateTime(before.Start) && rest < pack.DailyRest && plan.Window.Contains(day))
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"{plan.Person.Name} would rest {rest:0.##} h before the work of {day:yyyy-MM-dd}; {pack.Name} asks for {pack.DailyRest:0.##} h.");
                var at = day.DayNumber - plan.First.DayNumber;
                yield return new Conflict(ConflictKind.LabourLimit, "STF-308", "PL31", ConflictSeverity.Critical, day.AddDays(-1), day, pack.DailyRest.Value - rest, text)
                {
                    Because = Involved(plan, at - 1, at + 1),
                    Involved = Involved(plan, at - 1, at + 1),
                    Measured = rest,
                    Limit = pack.DailyRest,
                };
            }
        }
    }

    /// <summary>PL32: work on all of any seven days in a row.</summary>
    private static IEnumerable<Conflict> Rest(WorkingTime time, LabourPack pack)
    {
        var plan = time.Plan;
        var inARow = 0;
        for (var day = Math.Max(0, plan.WindowStart - 6); pack.WeeklyRest && day < plan.WindowEnd; day++)
        {
            inARow = time.On(day) > 0 ? inARow + 1 : 0;
            if (inARow >= 7 && day >= plan.WindowStart)
            {
                var hours = Hundredths.Hours(time.On(day));
                yield return Limit(plan, "PL32", day, day + 1, hours, inARow, 6m, $"{plan.Person.Name} would have no free day in seven", day, 0);
            }
        }
    }

    private static IEnumerable<Conflict> Weeks(WorkingTime time, LabourPack pack)
    {
        var plan = time.Plan;
        for (var week = plan.WindowStart / 7 * 7; pack.WeeklyMaximum is not null && week < plan.WindowEnd; week += 7)
        {
            var hours = Hundredths.Hours(time.Sum(week, week + 7));
            if (hours > pack.WeeklyMaximum)
            {
                var most = pack.WeeklyMaximum.Value;
                yield return Limit(plan, "PL33", week, week + 7, hours - most, hours, most, $"{plan.Person.Name} would work more than the {Text(most)} h a week that {pack.Name} allows", week, (int)(most * Hundredths.PerHour));
            }
        }
    }

    private static IEnumerable<Conflict> Averages(WorkingTime time, LabourPack pack, WeeklyAverage average, StaffingRules rules)
    {
        var plan = time.Plan;
        (int From, int To, decimal Worst, int Start, decimal Limit, bool Breach)? open = null;
        for (var week = plan.WindowStart / 7 * 7; week < plan.WindowEnd; week += 7)
        {
            var end = week + 7;
            var start = Math.Max(0, end - (7 * average.Weeks));
            var (measured, limit) = Measure(time, pack, average, rules, start, end);
            var warnAt = average.WarnAt is { } usual ? Math.Min(usual, limit) : limit;
            var optedOut = average.MayOptOut && plan.Person.OptOut?.Contains(plan.Date(end - 1)) == true;
            var found = !optedOut && (measured > limit || (average.WarnAt is not null && measured >= warnAt));
            var breach = measured > limit;
            if (open is { } run && (!found || run.Breach != breach))
            {
                yield return Average(plan, pack, average, run);
                open = null;
            }

            if (found)
            {
                open = open is { } before ? (before.From, end, Math.Max(before.Worst, measured), before.Start, limit, breach) : (week, end, measured, start, limit, breach);
            }
        }

        if (open is { } last)
        {
            yield return Average(plan, pack, average, last);
        }
    }

    private static (decimal Measured, decimal Limit) Measure(WorkingTime time, LabourPack pack, WeeklyAverage average, StaffingRules rules, int start, int end)
    {
        var following = average.Method == AverageMethod.FollowingDays ? time.Following(end, time.Excluded(start, end)) : 0L;
        var measured = average.Of(Hundredths.Hours(time.Sum(start, end)), time.Excluded(start, end), time.Plan.Person.Calendar.WorkingDaysPerWeek, Hundredths.Hours(following));
        return (measured, LimitOn(time.Plan, pack, average, rules, time.Plan.Date(end - 1)));
    }

    /// <summary>The narrowest setting of PL30 on that date, or the pack's own limit.</summary>
    private static decimal LimitOn(PersonPlan plan, LabourPack pack, WeeklyAverage average, StaffingRules rules, DateOnly date)
    {
        if (rules.Settings.Count == 0)
        {
            return average.Limit;
        }

        var place = new PolicyPlace { Region = pack.Code, LegalEntity = plan.Person.LegalEntity };
        var settings = rules.Settings.Where(setting => setting.Parameter == PolicyParameters.MaximumWeeklyHours && setting.Dates.Contains(date)).ToList();
        return settings.Count > 0 && PolicyParameters.Resolve(settings, PolicyParameters.MaximumWeeklyHours, place, date).Value is { } set ? Math.Min(set, average.Limit) : average.Limit;
    }

    private static IEnumerable<Conflict> WorkdayAverages(WorkingTime time, LabourPack pack)
    {
        var plan = time.Plan;
        for (var week = plan.WindowStart / 7 * 7; pack.WorkdayAverage is not null && week < plan.WindowEnd; week += 7)
        {
            var end = week + 7;
            var start = Math.Max(0, end - (7 * pack.WorkdayAverage.Weeks));
            var measured = pack.WorkdayAverage.Of(Hundredths.Hours(time.Sum(start, end)), time.Excluded(start, end));
            if (measured > pack.WorkdayAverage.Limit)
            {
                var run = (week, end, measured, start, pack.WorkdayAverage.Limit, true);
                yield return Average(plan, pack, new WeeklyAverage(pack.WorkdayAverage.Weeks, pack.WorkdayAverage.Limit, null, AverageMethod.Neutral, false), run, "a working day");
                yield break;
            }
        }
    }

    private static Conflict Average(PersonPlan plan, LabourPack pack, WeeklyAverage average, (int From, int To, decimal Worst, int Start, decimal Limit, bool Breach) run, string per = "a week")
    {
        var (kind, severity) = run.Breach ? (ConflictKind.LabourLimit, ConflictSeverity.Critical) : (ConflictKind.LabourWarning, ConflictSeverity.Medium);
        var worst = decimal.Round(run.Worst, 2, MidpointRounding.AwayFromZero);
        var text = string.Create(CultureInfo.InvariantCulture, $"{plan.Person.Name} would work {worst:0.00} h {per} on average over {average.Weeks} weeks, from the week of {plan.Date(run.From):yyyy-MM-dd}; {pack.Name} allows {run.Limit:0.##} h.");
        var involved = Involved(plan, run.Start, run.To);
        return new Conflict(kind, "STF-308", per == "a week" ? "PL30" : "PL33", severity, plan.Date(run.From), plan.Date(run.To - 1), Math.Max(0m, worst - run.Limit), text)
        {
            Because = involved,
            Involved = involved,
            Measured = worst,
            Limit = run.Limit,
        };
    }

    private static Conflict Limit(PersonPlan plan, string policy, int from, int to, decimal hours, decimal measured, decimal limit, string text, int explainFrom, int free) =>
        new(ConflictKind.LabourLimit, "STF-308", policy, ConflictSeverity.Critical, plan.Date(from), plan.Date(to - 1), hours, text)
        {
            Because = OverAllocation.Explain(plan, explainFrom, to, free),
            Involved = Involved(plan, from, to),
            Measured = measured,
            Limit = limit,
        };

    private static List<string> Involved(PersonPlan plan, int from, int to)
    {
        var involved = new List<string>();
        foreach (var item in plan.Planned.Where(item => item.Assignment.Hard))
        {
            var first = Math.Max(from, item.Offset);
            var last = Math.Min(to, item.Offset + item.Hundredths.Length);
            for (var day = first; day < last; day++)
            {
                if (item.On(day) > 0)
                {
                    involved.Add(item.Assignment.Id);
                    break;
                }
            }
        }

        involved.Sort(StringComparer.Ordinal);
        return involved;
    }

    private static string Text(decimal hours) => hours.ToString("0.##", CultureInfo.InvariantCulture);
}
