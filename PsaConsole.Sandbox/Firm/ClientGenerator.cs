using System.Globalization;

namespace PsaConsole.Sandbox.Firm;

/// <summary>Wins clients around each legal entity. The first six are sound and known everywhere, so that a demo has calm ground.</summary>
internal static class ClientGenerator
{
    private const int CalmClients = 6;

    public static List<Client> Generate(Random random, IReadOnlyList<LegalEntity> entities, int count)
    {
        var clients = new List<Client>(count);
        for (var number = 1; number <= count; number++)
        {
            var entity = entities[(number - 1) % entities.Count];
            var (suffix, cities, streets) = Names.Places[entity.Country];
            var (city, state, postalCode) = cities[random.Next(cities.Length)];
            var combination = number - 1;
            var stem = Names.ClientStems[combination % Names.ClientStems.Length];
            var (trade, industry) = Names.ClientTrades[(combination + combination / Names.ClientStems.Length) % Names.ClientTrades.Length];
            var edition = combination / (Names.ClientStems.Length * Names.ClientTrades.Length);
            var name = edition == 0 ? $"{stem} {trade} {suffix}" : string.Create(CultureInfo.InvariantCulture, $"{stem} {trade} {edition + 1} {suffix}");
            var host = $"{stem}-{trade}{(edition == 0 ? "" : (edition + 1).ToString(CultureInfo.InvariantCulture))}.example".ToLowerInvariant();
            var calm = number <= CalmClients;
            clients.Add(new Client
            {
                Key = string.Create(CultureInfo.InvariantCulture, $"C{number:0000}"),
                Name = name,
                LegalEntity = entity.Code,
                Country = entity.Country,
                Street = entity.Country == "US" ? $"{random.Next(1, 900)} {random.Pick(streets)}" : $"{random.Pick(streets)} {random.Next(1, 120)}",
                City = city,
                State = state,
                PostalCode = postalCode,
                Industry = industry,
                Segment = random.Next(10) switch { < 5 => "Enterprise", < 8 => "Mid-Market", _ => "Public Sector" },
                Currency = entity.Currency,
                TaxRegistration = TaxNumber(entity.Country, random),
                PaymentTerms = random.Next(3) switch { 0 => "Net 30", 1 => "Net 45", _ => "Net 60" },
                CreditHold = !calm && random.Next(100) < 4,
                RequiresPurchaseOrder = random.Next(100) < 40,
                InvoiceDelivery = random.Next(100) < 70 ? "Email" : "Portal",
                Website = $"https://www.{host}",
                Email = $"accounts.payable@{host}",
                KnownInErp = calm || random.Next(100) < 55,
                KnownInPsa = calm || random.Next(100) < 45,
            });
        }

        return clients;
    }

    /// <summary>The firm's own legal entities, as the clients of work that nobody pays for.</summary>
    public static IEnumerable<Client> Internal(Random random, IReadOnlyList<LegalEntity> entities)
        => entities.Select((entity, index) => new Client
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"N{index + 1:0000}"),
            Name = entity.Name,
            LegalEntity = entity.Code,
            Country = entity.Country,
            Street = Names.Places[entity.Country].Streets[0] + " 1",
            City = Names.Places[entity.Country].Cities[0].City,
            State = Names.Places[entity.Country].Cities[0].State,
            PostalCode = Names.Places[entity.Country].Cities[0].PostalCode,
            Industry = "Consulting",
            Segment = "Internal",
            Currency = entity.Currency,
            TaxRegistration = TaxNumber(entity.Country, random),
            PaymentTerms = "Net 30",
            InvoiceDelivery = "Email",
            Website = $"https://www.northwind-{entity.Country}.example".ToLowerInvariant(),
            Email = $"finance.{entity.Code}@northwind.example".ToLowerInvariant(),
            KnownInErp = true,
            KnownInPsa = true,
        });

    private static string TaxNumber(string country, Random random) => country switch
    {
        "US" => string.Create(CultureInfo.InvariantCulture, $"{random.Next(10, 99)}-{random.Next(1_000_000, 9_999_999)}"),
        "GB" => string.Create(CultureInfo.InvariantCulture, $"GB{random.Next(100_000_000, 999_999_999)}"),
        "DE" => string.Create(CultureInfo.InvariantCulture, $"DE{random.Next(100_000_000, 999_999_999)}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"T{random.NextInt64(1_000_000_000_000, 9_999_999_999_999)}"),
    };
}
