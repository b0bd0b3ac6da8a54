namespace PsaConsole.Engine.Model;

/// <summary>Calendar dates from–to, both inclusive; an absent <paramref name="To"/> means open-ended.</summary>
public readonly record struct DateRange(DateOnly From, DateOnly? To)
{
    public bool Contains(DateOnly date) => date >= From && (To is null || date <= To);

    public bool Overlaps(DateRange other) => (To is null || other.From <= To) && (other.To is null || From <= other.To);
}
