using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Staffing;

/// <summary>How the hours of an assignment are spread over its days (5-staffing 5.1).</summary>
public enum SpreadMethod
{
    /// <summary>A percentage of each day's capacity.</summary>
    Percent,

    /// <summary>A total, evenly over the days, the remainder on the last.</summary>
    EvenHours,

    /// <summary>So many hours each day.</summary>
    FixedPerDay,

    /// <summary>A total, as early as free hours allow.</summary>
    FrontLoad,

    /// <summary>Hours of each day, given.</summary>
    Contour,
}

/// <summary>What an assignment asks of whoever fills it (PL23).</summary>
public sealed record Requirement
{
    public IReadOnlyList<SkillLevel> Skills { get; init; } = [];

    /// <summary>Lowest level, such as L2; null for any.</summary>
    public string? LowestLevel { get; init; }

    /// <summary>Highest level, such as L4; null for any.</summary>
    public string? HighestLevel { get; init; }
}

/// <summary>Work that somebody is booked for.</summary>
public sealed record Assignment
{
    public required string Id { get; init; }
    public required string PersonId { get; init; }

    /// <summary>The project's id in the system that plans it.</summary>
    public required string EngagementId { get; init; }

    /// <summary>What people call the project.</summary>
    public required string Title { get; init; }

    public string? ClientId { get; init; }
    public required DateRange Dates { get; init; }
    public SpreadMethod Method { get; init; } = SpreadMethod.EvenHours;

    /// <summary>Percent, hours in total or hours a day, by the method.</summary>
    public decimal Value { get; init; }

    /// <summary>Hours by date, for <see cref="SpreadMethod.Contour"/>.</summary>
    public IReadOnlyDictionary<DateOnly, decimal> Contour { get; init; } = new Dictionary<DateOnly, decimal>();

    /// <summary>Only hard work takes capacity away.</summary>
    public bool Hard { get; init; }

    /// <summary>Of a tentative assignment, 0–100.</summary>
    public int ProbabilityPercent { get; init; } = 50;

    public bool Billable { get; init; } = true;
    public string? Role { get; init; }

    /// <summary>The legal entity that runs the project.</summary>
    public string? LegalEntity { get; init; }

    /// <summary>ISO-3166 alpha-2 code of the country the work is done in; null for the person's own.</summary>
    public string? Country { get; init; }

    public bool OnSite { get; init; }
    public Requirement Requirement { get; init; } = new();

    /// <summary>Contract currency, in which the bill rate must be.</summary>
    public string? Currency { get; init; }

    /// <summary>Rate cards of the project, narrowest first; null when the project's rates are not known here, and then they are not checked.</summary>
    public IReadOnlyList<IReadOnlyList<Rate>>? RateCards { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
