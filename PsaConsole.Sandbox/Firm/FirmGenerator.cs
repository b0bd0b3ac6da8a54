namespace PsaConsole.Sandbox.Firm;

/// <summary>Makes the sample firm from a seed number. Each part draws from its own sequence, so that more consultants don't change the deals' terms.</summary>
public static class FirmGenerator
{
    private static readonly LegalEntity[] Entities =
    [
        new("US01", "Northwind Consulting Inc", "USD", "America/New_York", "US"),
        new("GB01", "Northwind Consulting Ltd", "GBP", "Europe/London", "GB"),
        new("DE01", "Northwind Consulting GmbH", "EUR", "Europe/Berlin", "DE"),
        new("JP01", "Northwind Consulting KK", "JPY", "Asia/Tokyo", "JP"),
    ];

    internal static readonly string[] ServiceLines = ["Data", "Cloud", "Strategy"];

    /// <param name="consultants">How many people the firm employs.</param>
    /// <param name="seed">The same number gives the same firm.</param>
    /// <param name="today">The firm's first day in the sandbox.</param>
    public static SampleFirm Generate(int consultants, int seed, DateOnly today)
    {
        CostCenter[] costCenters =
        [
            .. Entities.SelectMany(entity => ServiceLines.Select(line =>
                new CostCenter($"CC-{entity.Code}-{line.ToUpperInvariant()}", $"{entity.Code} {line}", entity.Code, line))),
        ];
        var people = ConsultantGenerator.Generate(consultants, new Random(seed), Entities, today);
        var clients = ClientGenerator.Generate(new Random(seed + 1), Entities, Math.Max(40, consultants / 5));
        clients.AddRange(ClientGenerator.Internal(new Random(seed + 5), Entities));
        var cards = RateCardGenerator.Generate(new Random(seed + 2), Entities, clients, today);
        var deals = new DealGenerator(new Random(seed + 3), Entities, clients, people, cards, today);
        var open = deals.Open(Math.Max(30, consultants / 8));
        var won = deals.Won(Math.Max(6, consultants / 30));
        return new SampleFirm
        {
            Today = today,
            Seed = seed,
            LegalEntities = Entities,
            CostCenters = costCenters,
            Holidays = Calendar.Holidays(today.Year - 1, today.Year + 1),
            Clients = clients,
            Consultants = people,
            RateCards = cards,
            Deals = [.. open, .. won],
            Projects = ProjectGenerator.Generate(won, people, new Random(seed + 4)),
        };
    }
}
