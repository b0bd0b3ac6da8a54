using System.Globalization;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Staffing;

/// <summary>What the next working days leave without billable work (STF-311); 5-staffing 5.10, example O10.</summary>
public sealed record Bench
{
    public required decimal NetHours { get; init; }
    public required decimal HardBillableHours { get; init; }

    /// <summary>Hours without confirmed billable work.</summary>
    public required decimal Hours { get; init; }

    /// <summary>The same, with tentative work counted by its probability.</summary>
    public required decimal WeightedHours { get; init; }

    /// <summary>Confirmed billable hours in percent of those available; null when there are none.</summary>
    public decimal? UtilisationPercent => NetHours == 0m ? null : decimal.Round(100m * HardBillableHours / NetHours, 1, MidpointRounding.AwayFromZero);

    /// <summary>Cost of the bench, in the currency of the cost rate.</summary>
    public static Money? Cost(decimal hours, Money? costRate) => costRate is { } rate ? new Money(decimal.Round(hours * rate.Amount, 2, MidpointRounding.AwayFromZero), rate.Currency) : null;

    public static Bench Of(PersonPlan plan, StaffingRules rules)
    {
        var (net, hard, bench, weighted, left) = (0, 0, 0, 0L, rules.BenchDays);
        for (var day = plan.WindowStart; day < plan.Length && left > 0; day++)
        {
            if (plan.Person.Calendar.WeekPattern[((int)plan.Date(day).DayOfWeek + 6) % 7] == 0m)
            {
                continue;
            }

            left--;
            var billable = plan.Planned.Where(item => item.Assignment is { Hard: true, Billable: true }).Sum(item => item.On(day));
            var free = Math.Max(0, plan.Net(day) - billable);
            net += plan.Net(day);
            hard += billable;
            bench += free;
            weighted += Math.Max(0, (free * 100L) - plan.TentativeWeighted[day]);
        }

        return new Bench { NetHours = Hundredths.Hours(net), HardBillableHours = Hundredths.Hours(hard), Hours = Hundredths.Hours(bench), WeightedHours = weighted / 10_000m };
    }

    /// <summary>STF-311, unless the employment ends: there is nobody to find work for then.</summary>
    public static Conflict? Find(PersonPlan plan, StaffingRules rules)
    {
        var bench = Of(plan, rules);
        if (plan.Person.LastWorkingDay is not null || bench.UtilisationPercent is not { } utilisation || utilisation >= rules.BenchPercent)
        {
            return null;
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{plan.Person.Name} has billable work for {utilisation:0.0} % of the next {rules.BenchDays} working days: {bench.Hours:0.00} h are free.");
        return new Conflict(ConflictKind.Bench, "STF-311", "5.10", ConflictSeverity.Low, plan.Window.From, plan.Window.To!.Value, bench.Hours, text) { Measured = utilisation, Limit = rules.BenchPercent };
    }
}
