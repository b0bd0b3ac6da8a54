using System.Globalization;

namespace PsaConsole.Engine.Staffing;

/// <summary>Whether somebody may work where the work is: permit (PL24), and days on site in a foreign country (PL25); STF-305, 5-staffing 5.5.</summary>
internal static class Eligibility
{
    /// <summary>PL24: the first day of each assignment that no citizenship or permit covers.</summary>
    public static IEnumerable<Conflict> Permits(PersonPlan plan)
    {
        var person = plan.Person;
        foreach (var item in plan.Planned.Where(item => Planning.End(item.Assignment) >= plan.Window.From))
        {
            var assignment = item.Assignment;
            var country = assignment.Country ?? person.Country;
            if (country is null || (!person.PermitsKnown && country == person.Country))
            {
                continue;
            }

            var ranges = person.Permits.Where(permit => permit.Country == country).Select(permit => permit.Dates).ToList();
            var uncovered = WorkDays(plan, item).FirstOrDefault(date => date >= plan.Window.From && !ranges.Exists(range => range.Contains(date)));
            if (uncovered != default)
            {
                yield return NotCovered(person, assignment, country, uncovered, isKnown: person.PermitsKnown || ranges.Count > 0);
            }
        }
    }

    /// <summary>PL25: distinct dates on site within the 365 days that end on a date, by foreign country.</summary>
    public static IEnumerable<Conflict> Presence(PersonPlan plan, StaffingRules rules)
    {
        var onSite = plan.Planned.Where(item => item.Assignment is { Hard: true, OnSite: true, Country: not null } && item.Assignment.Country != plan.Person.Country);
        foreach (var group in onSite.GroupBy(item => item.Assignment.Country!))
        {
            var planned = group.SelectMany(item => WorkDays(plan, item)).ToHashSet();
            var dates = planned.Union(plan.Person.Presence.TryGetValue(group.Key, out var been) ? been : []).Order().ToList();
            if (Crossing(dates, planned, plan, rules.PresenceLimitDays) is { } limit)
            {
                yield return Exceeded(plan, [.. group], ConflictKind.PresenceLimit, ConflictSeverity.High, limit, rules.PresenceLimitDays);
            }
            else if (Crossing(dates, planned, plan, rules.PresenceWarningDays) is { } warning)
            {
                yield return Exceeded(plan, [.. group], ConflictKind.PresenceWarning, ConflictSeverity.Medium, warning, rules.PresenceWarningDays);
            }
        }
    }

    /// <summary>The first planned date on which the count is above the limit, and the highest count of any planned date.</summary>
    private static (DateOnly Date, int Most)? Crossing(List<DateOnly> dates, HashSet<DateOnly> planned, PersonPlan plan, int limit)
    {
        var first = 0;
        DateOnly? crossed = null;
        var most = 0;
        for (var index = 0; index < dates.Count; index++)
        {
            while (dates[first] <= dates[index].AddDays(-365))
            {
                first++;
            }

            var count = index - first + 1;
            if (count > limit && planned.Contains(dates[index]) && dates[index] >= plan.Window.From)
            {
                crossed ??= dates[index];
                most = Math.Max(most, count);
            }
        }

        return crossed is { } date ? (date, most) : null;
    }

    internal static IEnumerable<DateOnly> WorkDays(PersonPlan plan, PlannedAssignment item)
    {
        for (var index = 0; index < item.Hundredths.Length; index++)
        {
            if (item.Hundredths[index] > 0)
            {
                yield return plan.Date(item.Offset + index);
            }
        }
    }

    private static Conflict NotCovered(StaffedPerson person, Assignment assignment, string country, DateOnly date, bool isKnown)
    {
        var kind = (isKnown, assignment.OnSite) switch
        {
            (true, true) => ConflictKind.PermitMissingOnSite,
            (true, false) => ConflictKind.PermitMissingRemote,
            (false, true) => ConflictKind.PermitUnknownOnSite,
            _ => ConflictKind.PermitUnknownRemote,
        };
        var what = isKnown ? "has no permit to work" : "may need a permit, which is not known here, to work";
        var text = string.Create(CultureInfo.InvariantCulture, $"{person.Name} {what} in {country} from {date:yyyy-MM-dd} for {assignment.Title}.");
        var severity = kind == ConflictKind.PermitMissingOnSite ? ConflictSeverity.Critical : ConflictSeverity.High;
        return new Conflict(kind, "STF-305", "PL24", severity, date, Planning.End(assignment), 0m, text) { Because = [assignment.Id], Involved = [assignment.Id] };
    }

    private static Conflict Exceeded(PersonPlan plan, List<PlannedAssignment> items, ConflictKind kind, ConflictSeverity severity, (DateOnly Date, int Most) found, int limit)
    {
        var ids = items.Where(item => WorkDays(plan, item).Any(date => date >= plan.Window.From)).Select(item => item.Assignment.Id).Order(StringComparer.Ordinal).ToList();
        var text = string.Create(CultureInfo.InvariantCulture, $"{plan.Person.Name} would be on site in {items[0].Assignment.Country} for {found.Most} days within 365; more than {limit} from {found.Date:yyyy-MM-dd}. Ask HR for tax and social security.");
        return new Conflict(kind, "STF-305", "PL25", severity, found.Date, items.Max(item => Planning.End(item.Assignment)), 0m, text) { Because = ids, Involved = ids, Measured = found.Most, Limit = limit };
    }
}
