using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>The part of a deal that becomes one project of one legal entity.</summary>
/// <param name="LegalEntity">Code of the entity that sells it.</param>
public sealed record ProjectPart(string LegalEntity, string? WorkStream, decimal Amount)
{
    public IReadOnlyList<ScheduleEntry> Schedule { get; init; } = [];

    /// <summary>Cap of the part; null when the deal has none.</summary>
    public decimal? NotToExceed { get; init; }
}

/// <summary>Splits a deal into sub-projects by legal entity (3-workflows 3a step 3); the parts add up to the whole to the minor unit.</summary>
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
        var weights = groups.Select(group => group.Amount).ToList();
        var schedules = Schedules(deal, [.. groups.Select(group => group.Entity)], weights);
        var limits = deal.NotToExceed is { } limit ? new Money(limit, deal.Currency).Split(weights) : null;
        return [.. groups.Select((group, index) => new ProjectPart(group.Entity, group.Stream, group.Amount)
        {
            Schedule = schedules[index],
            NotToExceed = limits?[index].Amount,
        })];
    }

    /// <summary>An entry that names its entity goes there whole; any other is split over the parts by their value, largest remainder (example O15).</summary>
    private static List<List<ScheduleEntry>> Schedules(Opportunity deal, List<string> entities, List<decimal> weights)
    {
        var parts = entities.Select(_ => new List<ScheduleEntry>()).ToList();
        foreach (var entry in deal.Schedule.OrderBy(entry => entry.Sequence))
        {
            if (entities.Count == 1)
            {
                parts[0].Add(entry);
            }
            else if (entry.SellingEntity is { } own && entities.IndexOf(own) is var place and >= 0)
            {
                parts[place].Add(entry);
            }
            else
            {
                var shares = new Money(entry.Amount, deal.Currency).Split(weights);
                for (var index = 0; index < parts.Count; index++)
                {
                    parts[index].Add(entry with { Amount = shares[index].Amount, SellingEntity = entities[index] });
                }
            }
        }

        return parts;
    }

    private static string? OnlyOne(IEnumerable<string?> streams) => streams.Distinct().ToList() is [var only] ? only : null;
}
