using System.Globalization;

namespace PsaConsole.Engine.Staffing;

/// <summary>Tentative work on top of confirmed work, and two full bookings for different clients (PL27, STF-307); 5-staffing 5.6, example O5.</summary>
internal static class DoubleBooking
{
    public static IEnumerable<Conflict> Find(PersonPlan plan, StaffingRules rules) => Neighbours.Join(Days(plan, rules)).Concat(Pairs(plan, rules));

    private static IEnumerable<Conflict> Days(PersonPlan plan, StaffingRules rules)
    {
        for (var day = plan.WindowStart; day < plan.WindowEnd; day++)
        {
            var (net, hard, raw) = (plan.Net(day), plan.Hard[day], plan.TentativeRaw[day]);
            if (raw == 0 || hard > net || hard + raw <= net || !plan.Employed(day))
            {
                continue;
            }

            var over = hard + raw - net;
            var (kind, code, severity) = hard == 0
                ? (ConflictKind.TentativeOnly, "", ConflictSeverity.Info)
                : (ConflictKind.DoubleBooking, "STF-307", (hard * 100) + plan.TentativeWeighted[day] > net * 100 ? ConflictSeverity.Medium : ConflictSeverity.Low);
            var involved = plan.WithHours(day, hardOnly: false).Select(item => item.Assignment.Id).Order(StringComparer.Ordinal).ToList();
            var text = string.Create(CultureInfo.InvariantCulture, $"{plan.Person.Name} has {Hundredths.Hours(hard):0.00} h confirmed and {Hundredths.Hours(raw):0.00} h tentative, {Hundredths.Hours(net):0.00} h are available");
            yield return new Conflict(kind, code, "PL27", severity, plan.Date(day), plan.Date(day), Hundredths.Hours(over), text)
            {
                Because = involved,
                Involved = involved,
                Days = [new DayHours(plan.Date(day), Hundredths.Hours(over))],
                Measured = (hard / 100m) + (plan.TentativeWeighted[day] / 10_000m),
                Limit = Hundredths.Hours(net),
            };
        }
    }

    /// <summary>Two assignments that each fill the same days, for different clients, at least one of them confirmed.</summary>
    private static IEnumerable<Conflict> Pairs(PersonPlan plan, StaffingRules rules)
    {
        var full = plan.Planned.Where(item => item.Assignment.Hard || item.Assignment.ProbabilityPercent >= rules.LikelyPercent).Where(item => IsFull(plan, item)).ToList();
        for (var one = 0; one < full.Count; one++)
        {
            for (var other = one + 1; other < full.Count; other++)
            {
                var (first, second) = (full[one].Assignment, full[other].Assignment);
                if ((!first.Hard && !second.Hard) || first.ClientId is null || second.ClientId is null || first.ClientId == second.ClientId || !first.Dates.Overlaps(second.Dates))
                {
                    continue;
                }

                if (Shared(plan, full[one], full[other]) is { Count: > 0 } days)
                {
                    string[] both = [.. new[] { first.Id, second.Id }.Order(StringComparer.Ordinal)];
                    var text = string.Create(CultureInfo.InvariantCulture, $"{plan.Person.Name} is booked in full for {first.Title} and for {second.Title}, from {days[0].Date:yyyy-MM-dd} to {days[^1].Date:yyyy-MM-dd}.");
                    yield return new Conflict(ConflictKind.DoubleBooking, "STF-307", "PL27", ConflictSeverity.High, days[0].Date, days[^1].Date, days.Sum(day => day.Hours), text)
                    {
                        Because = both,
                        Involved = both,
                        Days = days,
                    };
                }
            }
        }
    }

    private static bool IsFull(PersonPlan plan, PlannedAssignment item)
    {
        for (var index = 0; index < item.Hundredths.Length; index++)
        {
            if (plan.Capacity[item.Offset + index] is > 0 and var capacity && item.Hundredths[index] >= capacity)
            {
                return true;
            }
        }

        return false;
    }

    private static List<DayHours> Shared(PersonPlan plan, PlannedAssignment one, PlannedAssignment other)
    {
        var days = new List<DayHours>();
        var from = Math.Max(plan.WindowStart, Math.Max(one.Offset, other.Offset));
        var to = Math.Min(plan.WindowEnd, Math.Min(one.Offset + one.Hundredths.Length, other.Offset + other.Hundredths.Length));
        for (var day = from; day < to; day++)
        {
            if (plan.Capacity[day] is > 0 and var capacity && one.On(day) >= capacity && other.On(day) >= capacity)
            {
                days.Add(new DayHours(plan.Date(day), Hundredths.Hours(Math.Min(one.On(day), other.On(day)))));
            }
        }

        return days;
    }
}
