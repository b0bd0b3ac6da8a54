namespace PsaConsole.Engine.Model;

/// <summary>What may be changed of a booking: dates, hours in total, and whether it takes capacity away.</summary>
public sealed record BookingTerms(DateOnly From, DateOnly To, decimal Hours, bool Hard);

/// <summary>A day on which a country does not work, or works less.</summary>
/// <param name="Country">ISO-3166 alpha-2; null for everybody.</param>
/// <param name="Hours">Hours that it takes of a full day of eight.</param>
public sealed record Holiday(DateOnly Date, string? Country, decimal Hours);

/// <summary>A person's booking as the PSA holds it.</summary>
public sealed record Booking
{
    public required string Id { get; init; }

    /// <summary>E-mail address of the person.</summary>
    public required string Address { get; init; }

    /// <summary>The project's id in the PSA.</summary>
    public required string EngagementId { get; init; }

    /// <summary>Name of the project.</summary>
    public required string Title { get; init; }

    public string? ClientId { get; init; }
    public string? ProjectNumber { get; init; }
    public string? LegalEntity { get; init; }
    public string? Role { get; init; }
    public required DateOnly From { get; init; }
    public required DateOnly To { get; init; }

    /// <summary>In total, over all days.</summary>
    public required decimal Hours { get; init; }

    /// <summary>Confirmed: it takes capacity away.</summary>
    public bool Hard { get; init; }

    /// <summary>Meant to stay unconfirmed for now; it is checked, and not confirmed.</summary>
    public bool Tentative { get; init; }

    /// <summary>Of a tentative one, 0–100.</summary>
    public int ProbabilityPercent { get; init; } = 50;

    /// <summary>Who booked, when the system tells.</summary>
    public string? BookedBy { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Grows with each state.</summary>
    public required string Revision { get; init; }

    public BookingTerms Terms => new(From, To, Hours, Hard);
}
