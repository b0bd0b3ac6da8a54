namespace PsaConsole.Sandbox.Firm;

/// <summary>The sample firm in no vendor's words. The same options give the same firm; vendors seed their tables from it and never change it.</summary>
public sealed record SampleFirm
{
    /// <summary>The firm's first day in the sandbox; every date was chosen around it.</summary>
    public required DateOnly Today { get; init; }

    public required int Seed { get; init; }

    public required IReadOnlyList<LegalEntity> LegalEntities { get; init; }

    public required IReadOnlyList<CostCenter> CostCenters { get; init; }

    public required IReadOnlyList<Holiday> Holidays { get; init; }

    public required IReadOnlyList<Client> Clients { get; init; }

    public required IReadOnlyList<Consultant> Consultants { get; init; }

    public required IReadOnlyList<RateCard> RateCards { get; init; }

    /// <summary>Open opportunities, and the won ones behind <see cref="Projects"/>.</summary>
    public required IReadOnlyList<Deal> Deals { get; init; }

    /// <summary>Projects that were in flight before the sync engine came.</summary>
    public required IReadOnlyList<Project> Projects { get; init; }

    public LegalEntity Entity(string code) => LegalEntities.First(entity => entity.Code == code);

    public Client Client(string key) => Clients.First(client => client.Key == key);
}

/// <param name="Code">US01, GB01, DE01 or JP01.</param>
/// <param name="Name">The registered name, e.g. "Northwind Consulting Inc".</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Country">ISO 3166 alpha-2.</param>
public sealed record LegalEntity(string Code, string Name, string Currency, string TimeZone, string Country);

/// <param name="Code">E.g. CC-US01-DATA.</param>
/// <param name="Name">E.g. "US01 Data".</param>
/// <param name="LegalEntity">The legal entity's code.</param>
/// <param name="ServiceLine">Data, Cloud or Strategy.</param>
public sealed record CostCenter(string Code, string Name, string LegalEntity, string ServiceLine);

/// <param name="Country">Where nobody works on that day.</param>
/// <param name="Date">The day.</param>
/// <param name="Name">Its English name.</param>
public sealed record Holiday(string Country, DateOnly Date, string Name);

/// <summary>A project that runs already: the deal it came from, its number, and who works on it.</summary>
public sealed record Project(string Number, Deal Deal, IReadOnlyList<TeamMember> Team);

/// <param name="Consultant">The consultant's number.</param>
/// <param name="Role">The role on the project.</param>
/// <param name="Start">First day.</param>
/// <param name="End">Last day.</param>
/// <param name="HoursPerWeek">Booked hours.</param>
public sealed record TeamMember(string Consultant, string Role, DateOnly Start, DateOnly End, decimal HoursPerWeek);
