namespace PsaConsole.Sandbox.Firm;

/// <summary>What an hour of each role costs a client, and what it costs the firm.</summary>
public sealed record RateCard
{
    /// <summary>E.g. "Standard US01 2026".</summary>
    public required string Name { get; init; }

    /// <summary>The name in small letters with hyphens: "standard-us01-2026".</summary>
    public string Slug => Name.ToLowerInvariant().Replace(' ', '-');

    public required string LegalEntity { get; init; }

    public required string Currency { get; init; }

    /// <summary>The client's key when the card was agreed with one client only.</summary>
    public string? Client { get; init; }

    public required DateOnly ValidFrom { get; init; }

    public required DateOnly ValidTo { get; init; }

    public required IReadOnlyList<Rate> Rates { get; init; }
}

/// <param name="Role">As in <see cref="Consultant.Role"/>.</param>
/// <param name="Level">L1 to L5.</param>
/// <param name="Country">Where the work is done from; null means anywhere.</param>
/// <param name="Bill">Per hour, in the card's currency.</param>
/// <param name="Cost">Standard cost per hour, in the card's currency.</param>
public sealed record Rate(string Role, string Level, string? Country, decimal Bill, decimal Cost);
