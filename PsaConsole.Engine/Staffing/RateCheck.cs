using System.Globalization;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Staffing;

/// <summary>A bill rate and a cost on every day of the work, in the contract's currency (PL29, STF-309 at planning); 5-staffing 5.8.</summary>
internal static class RateCheck
{
    public static IEnumerable<Conflict> Find(PersonPlan plan, StaffingRules rules)
    {
        var urgent = plan.Person.Calendar.AddBusinessDays(rules.Today, rules.UrgentBusinessDays);
        foreach (var item in plan.Planned.Where(item => item.Assignment is { Billable: true, RateCards: not null, Currency: not null } && Planning.End(item.Assignment) >= plan.Window.From))
        {
            var assignment = item.Assignment;
            var role = new RequestedRole { Role = assignment.Role ?? "", Level = plan.Person.Level, Location = plan.Person.Country, Hours = 0m };
            foreach (var date in Turns(plan, item))
            {
                var (rate, why) = RatePolicy.Resolve(assignment.RateCards!, role, date, assignment.Currency!);
                why = rate is not null && rate.Cost is not > 0m && plan.Person.CostRate is null ? "no cost" : why;
                if (why is not null)
                {
                    var text = string.Create(CultureInfo.InvariantCulture, $"{assignment.Title} has {why} in {assignment.Currency} for {string.Join(' ', new[] { assignment.Role, plan.Person.Level, plan.Person.Country }.OfType<string>())} on {date:yyyy-MM-dd}.");
                    var kind = assignment.Dates.From <= urgent ? ConflictKind.NoRateSoon : ConflictKind.NoRateLater;
                    yield return new Conflict(kind, "STF-309", "PL29", ConflictSeverity.High, date, Planning.End(assignment), 0m, text) { Because = [assignment.Id], Involved = [assignment.Id] };
                    break;
                }
            }
        }
    }

    /// <summary>The first day of work, and every day of work on or after which another rate may hold.</summary>
    private static IEnumerable<DateOnly> Turns(PersonPlan plan, PlannedAssignment item)
    {
        var starts = item.Assignment.RateCards!.SelectMany(card => card).SelectMany(rate => new[] { rate.From, rate.To?.AddDays(1) }).OfType<DateOnly>().ToHashSet();
        DateOnly? last = null;
        foreach (var date in Eligibility.WorkDays(plan, item).Where(date => date >= plan.Window.From))
        {
            if (last is not { } before || starts.Any(start => start > before && start <= date))
            {
                yield return date;
            }

            last = date;
        }
    }
}
