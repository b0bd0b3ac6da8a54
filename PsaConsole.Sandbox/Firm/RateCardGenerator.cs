namespace PsaConsole.Sandbox.Firm;

/// <summary>Prices hours: one standard card a legal entity and year, and a few cards that were agreed with a client at a discount.</summary>
internal static class RateCardGenerator
{
    /// <summary>Which levels each role is sold at.</summary>
    internal static readonly (string Role, string[] Levels)[] Sold =
    [
        ("Analyst", ["L1", "L2"]),
        ("Consultant", ["L2", "L3"]),
        ("Senior Consultant", ["L3", "L4"]),
        ("Architect", ["L4", "L5"]),
        ("Project Manager", ["L3", "L4", "L5"]),
    ];

    private static readonly Dictionary<string, (decimal Base, decimal Step)> Prices = new()
    {
        ["USD"] = (95m, 5m),
        ["GBP"] = (75m, 5m),
        ["EUR"] = (85m, 5m),
        ["JPY"] = (11_000m, 500m),
    };

    private static readonly Dictionary<string, decimal> RoleFactor = new()
    {
        ["Analyst"] = 1.0m,
        ["Consultant"] = 1.35m,
        ["Senior Consultant"] = 1.7m,
        ["Architect"] = 2.2m,
        ["Project Manager"] = 1.9m,
    };

    public static List<RateCard> Generate(Random random, IReadOnlyList<LegalEntity> entities, IReadOnlyList<Client> clients, DateOnly today)
    {
        var (from, to) = (new DateOnly(today.Year, 1, 1), new DateOnly(today.Year + 1, 12, 31));
        var cards = entities.Select(entity => new RateCard
        {
            Name = $"Standard {entity.Code} {today.Year}",
            LegalEntity = entity.Code,
            Currency = entity.Currency,
            ValidFrom = from,
            ValidTo = to,
            Rates = Rates(entities, entity, 1m),
        }).ToList();

        foreach (var client in clients.Take(4))
        {
            var entity = entities.First(candidate => candidate.Code == client.LegalEntity);
            cards.Add(new RateCard
            {
                Name = $"{client.Name.Split(' ')[0]} Framework {today.Year}",
                LegalEntity = entity.Code,
                Currency = entity.Currency,
                Client = client.Key,
                ValidFrom = from,
                ValidTo = to,
                Rates = Rates(entities, entity, 1m - random.Next(5, 11) / 100m),
            });
        }

        return cards;
    }

    /// <summary>At home and abroad the same, except that work from the home country of the card costs the firm what it costs there, elsewhere a tenth more.</summary>
    private static List<Rate> Rates(IReadOnlyList<LegalEntity> entities, LegalEntity entity, decimal factor) =>
    [
        .. from sold in Sold
           from level in sold.Levels
           from country in entities.Select(other => (string?)other.Country).Prepend(null)
           select Price(entity, sold.Role, level, country, factor),
    ];

    private static Rate Price(LegalEntity entity, string role, string level, string? country, decimal factor)
    {
        var (start, step) = Prices[entity.Currency];
        var list = start * RoleFactor[role] * (1m + 0.12m * (level[1] - '1'));
        var bill = Round(list * factor, step);
        var cost = Round(list * 0.52m * (country is null || country == entity.Country ? 1m : 1.1m), step / 5m);
        return new Rate(role, level, country, bill, cost);
    }

    private static decimal Round(decimal price, decimal step) => Math.Round(price / step, 0, MidpointRounding.AwayFromZero) * step;
}
