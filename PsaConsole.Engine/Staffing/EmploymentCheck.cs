using System.Globalization;

namespace PsaConsole.Engine.Staffing;

/// <summary>Work before the first or after the last day employed (PL28, STF-306); 5-staffing 5.7.</summary>
internal static class EmploymentCheck
{
    public static IEnumerable<Conflict> Find(PersonPlan plan, StaffingRules rules)
    {
        var urgent = plan.Person.Calendar.AddBusinessDays(rules.Today, rules.UrgentBusinessDays);
        foreach (var item in plan.Planned)
        {
            var days = new List<DayHours>();
            for (var day = Math.Max(item.Offset, plan.WindowStart); day < item.Offset + item.Hundredths.Length; day++)
            {
                if (item.On(day) > 0 && !plan.Employed(day))
                {
                    days.Add(new DayHours(plan.Date(day), Hundredths.Hours(item.On(day))));
                }
            }

            if (days.Count > 0)
            {
                var hours = days.Sum(day => day.Hours);
                var text = string.Create(CultureInfo.InvariantCulture, $"{days.Count} days and {hours:0.00} h of {item.Assignment.Title} lie outside the employment of {plan.Person.Name}, the first on {days[0].Date:yyyy-MM-dd}.");
                var severity = days[0].Date <= urgent ? ConflictSeverity.Critical : ConflictSeverity.High;
                yield return new Conflict(ConflictKind.OutsideEmployment, "STF-306", "PL28", severity, days[0].Date, days[^1].Date, hours, text)
                {
                    Because = [item.Assignment.Id],
                    Involved = [item.Assignment.Id],
                    Days = days,
                };
            }
        }
    }
}
