using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>The part of a deal that becomes one project of one legal entity.</summary>
/// <param name="LegalEntity">Code of the entity that sells it.</param>
/// <param name="Amount">Value of the part in the deal's currency, in whole minor units.</param>
public sealed record ProjectPart(string LegalEntity, string? WorkStream, decimal Amount)
{
    public IReadOnlyList<ScheduleEntry> Schedule { get; init; } = [];

    /// <summary>Cap of the part; null when the deal has none.</summary>
    public decimal? NotToExceed { get; init; }
}

/// <summary>
/// Splits a deal into sub-projects by legal entity (3-workflows 3a step 3). The parts add up to the whole to the minor unit, each schedule entry is
/// spread without loss, and where the deal's schedule ties out the schedule of every part does too, unless entries name an entity for more than it sells.
/// </summary>
public static class ProjectSplit
{
    /// <param name="entityOf">The selling entity of each contract line, by the line's id.</param>
    /// <param name="defaultEntity">The entity of a deal without lines.</param>
    public static IReadOnlyList<ProjectPart> Split(Opportunity deal, IReadOnlyDictionary<string, string> entityOf, string defaultEntity)
    {
        if (deal.Lines.Count == 0)
        {
            return [new ProjectPart(defaultEntity, null, deal.Amount ?? 0m) { Schedule = deal.Schedule, NotToExceed = deal.NotToExceed }];
        }

        var groups = deal.Lines
            .GroupBy(line => entityOf[line.Id])
            .Select(group => (Entity: group.Key, Stream: OnlyOne(group.Select(line => line.WorkStream)), Amount: group.Sum(line => line.Amount)))
            .ToList();
        var amounts = Amounts([.. groups.Select(group => group.Amount)], deal.Currency);
        var weights = Usable(amounts) ? amounts : [.. amounts.Select(_ => 1m)];
        var schedules = Schedules(deal, [.. groups.Select(group => group.Entity)], amounts, weights);
        var limits = deal.NotToExceed is { } limit ? new Money(limit, deal.Currency).Split(weights) : null;
        return [.. groups.Select((group, index) => new ProjectPart(group.Entity, group.Stream, amounts[index])
        {
            Schedule = schedules[index],
            NotToExceed = limits?[index].Amount,
        })];
    }

    /// <summary>PL08 for each part: its value isn't negative and, where the billing type has a schedule of amounts, its entries add up to it.</summary>
    public static IEnumerable<Finding> TiesOut(Opportunity deal, IEnumerable<ProjectPart> parts)
    {
        foreach (var part in parts)
        {
            var value = new Money(part.Amount, deal.Currency);
            var scheduled = new Money(part.Schedule.Sum(entry => entry.Amount), deal.Currency);
            if (part.Amount < 0m)
            {
                yield return Untied(deal, part, "HND-010", "at least 0", value, $"The contract lines of {part.LegalEntity} on {deal.Name} add up to {value}. Correct the lines, or the entity that they name, in CRM.");
            }
            else if (DealPolicy.NeedsSchedule(deal.BillingType) && scheduled != value)
            {
                yield return Untied(deal, part, "BIL-602", value.ToString(), scheduled, $"The billing schedule of {part.LegalEntity} on {deal.Name} adds up to {scheduled}, but {part.LegalEntity} sells {value} of it: {value - scheduled} apart. Correct the amounts, or the entity that the entries name, in CRM.");
            }
        }
    }

    private static Finding Untied(Opportunity deal, ProjectPart part, string code, string expected, Money actual, string message) => new("PL08", code, deal.Name, message)
    {
        Field = $"Billing schedule of {part.LegalEntity}",
        Expected = expected,
        Actual = actual.ToString(),
        Exposure = deal.Amount is { } amount ? new Money(amount, deal.Currency) : null,
    };

    /// <summary>Lines may carry more decimals than the currency has; the whole is rounded once and its parts by largest remainder.</summary>
    private static List<decimal> Amounts(List<decimal> sums, string currency) => Usable(sums)
        ? [.. new Money(sums.Sum(), currency).Split(sums).Select(part => part.Amount)]
        : [.. sums.Select(sum => new Money(sum, currency).Rounded(MidpointRounding.AwayFromZero).Amount)];

    /// <summary>
    /// An entry that names its entity goes there whole. Any other is split by largest remainder (example O15) over what each part has still to bill: the
    /// first such entry in proportion to the parts' values, and the last one closes every part's value to the minor unit. Splitting each entry by the
    /// values alone would favour the same part each time and leave the projects some cents beside their contract values.
    /// </summary>
    private static List<List<ScheduleEntry>> Schedules(Opportunity deal, List<string> entities, List<decimal> amounts, List<decimal> weights)
    {
        var parts = entities.Select(_ => new List<ScheduleEntry>()).ToList();
        var open = amounts.ToList();
        foreach (var entry in deal.Schedule)
        {
            if (OwnPart(entry, entities) is { } own)
            {
                open[own] -= entry.Amount;
            }
        }

        foreach (var entry in deal.Schedule.OrderBy(entry => entry.Sequence))
        {
            if (OwnPart(entry, entities) is { } own)
            {
                parts[own].Add(entry);
                continue;
            }

            var shares = new Money(entry.Amount, deal.Currency).Split(Usable(open) ? open : weights);
            for (var index = 0; index < parts.Count; index++)
            {
                var share = shares[index].Amount;
                open[index] -= share;
                // A share of nothing is no entry: an entry of the one part that is still open stays out of the others.
                parts[index].AddRange(share == 0m ? [] : [entry with { Amount = share, SellingEntity = entities[index] }]);
            }
        }

        return parts;
    }

    private static int? OwnPart(ScheduleEntry entry, List<string> entities) => entities.Count == 1
        ? 0
        : entry.SellingEntity is { } code && entities.IndexOf(code) is var place and >= 0 ? place : null;

    private static bool Usable(List<decimal> weights) => weights.Sum() > 0 && weights.TrueForAll(weight => weight >= 0);

    private static string? OnlyOne(IEnumerable<string?> streams) => streams.Distinct().ToList() is [var only] ? only : null;
}
