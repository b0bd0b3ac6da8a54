using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Staffing;

/// <summary>A skill with its level on the scale 1–5, and until when a certificate proves it.</summary>
public sealed record HeldSkill(string Skill, int Level, DateOnly? CertifiedUntil = null);

/// <summary>Dates on which somebody may work in a country, by citizenship or permit; neither is kept.</summary>
/// <param name="Country">ISO-3166 alpha-2.</param>
public sealed record WorkPermit(string Country, DateRange Dates);

/// <summary>Work of a day with its clock times, in the person's own zone, where a source has them.</summary>
public readonly record struct Shift(DateTime Start, DateTime End);

/// <summary>What the checks know about a person: HR facts as they were last refreshed.</summary>
public sealed record StaffedPerson
{
    /// <summary>HR's employee id.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }
    public required WorkCalendar Calendar { get; init; }
    public CalendarBasis CalendarBasis { get; init; }

    /// <summary>Share of full time: 0.8 is four days a week.</summary>
    public decimal FullTimeEquivalent { get; init; } = 1m;

    public DateOnly? HiredOn { get; init; }

    /// <summary>Last day employed, inclusive.</summary>
    public DateOnly? LastWorkingDay { get; init; }

    public string? LegalEntity { get; init; }

    /// <summary>ISO-3166 alpha-2 code of the work location.</summary>
    public string? Country { get; init; }

    /// <summary>L1 to L5; compared as an ordinal.</summary>
    public string? Level { get; init; }

    public IReadOnlyList<HeldSkill> Skills { get; init; } = [];
    public IReadOnlyList<WorkPermit> Permits { get; init; } = [];

    /// <summary>False when HR does not tell permits: other countries are then unknown, not forbidden.</summary>
    public bool PermitsKnown { get; init; }

    /// <summary>Dates on which the weekly maximum is opted out of, where the jurisdiction allows it (PL30).</summary>
    public DateRange? OptOut { get; init; }

    public IReadOnlyList<Leave> Leaves { get; init; } = [];

    /// <summary>Approved hours of past days, where known; a day without an entry counts its hard hours (PL30).</summary>
    public IReadOnlyDictionary<DateOnly, decimal> Worked { get; init; } = new Dictionary<DateOnly, decimal>();

    /// <summary>Planned work with clock times, where known (PL31).</summary>
    public IReadOnlyList<Shift> Shifts { get; init; } = [];

    /// <summary>Dates already worked on site, by country (PL25).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<DateOnly>> Presence { get; init; } = new Dictionary<string, IReadOnlyList<DateOnly>>();

    /// <summary>Whether work for another country may be done from home.</summary>
    public bool RemoteAllowed { get; init; }

    public Money? CostRate { get; init; }
}
