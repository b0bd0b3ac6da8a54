using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Staffing;

/// <summary>An hourly rate at which one legal entity lends people to another.</summary>
public sealed record TransferRate(Money PerHour, DateRange Dates);

/// <summary>Two legal entities' agreement to lend people (PL26).</summary>
/// <param name="Employing">The entity that employs.</param>
/// <param name="Project">The entity that runs the project.</param>
/// <param name="Currency">Currency in which the transfer rate must be.</param>
/// <param name="ContractingCurrency">Currency of the contracting unit; must be the functional currency of the project's entity.</param>
public sealed record IntercompanyAgreement(string Employing, string Project, DateRange Dates, string Currency, string ContractingCurrency, IReadOnlyList<TransferRate> Rates);

/// <summary>Parameters of the staffing checks with their shipped values (5-staffing); an administrator may give others.</summary>
public sealed record StaffingRules
{
    /// <summary>The business date of the check: what "within ten business days" counts from.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>Hours a day that are no over-allocation yet (PL20).</summary>
    public decimal DayTolerance { get; init; } = 0.25m;

    /// <summary>Hours a day above which an over-allocation is grave (PL20).</summary>
    public decimal GraveDayHours { get; init; } = 2m;

    /// <summary>Hours a week that are no over-allocation yet (PL21).</summary>
    public decimal WeekTolerance { get; init; } = 0.5m;

    public decimal MediumWeekPercent { get; init; } = 10m;

    public decimal HighWeekPercent { get; init; } = 25m;

    /// <summary>Working days off in a row from which a leave is a long one (PL22).</summary>
    public int LongLeaveDays { get; init; } = 10;

    /// <summary>Probability from which a tentative full booking counts against another client's (PL27).</summary>
    public int LikelyPercent { get; init; } = 75;

    /// <summary>Skill score below which a warning is given (PL23).</summary>
    public decimal LowestSkillPercent { get; init; } = 70m;

    /// <summary>Days on site in a country within 365 above which a warning is given (PL25).</summary>
    public int PresenceWarningDays { get; init; } = 150;

    /// <summary>Days on site in a country within 365 above which tax and social security are at risk (PL25).</summary>
    public int PresenceLimitDays { get; init; } = 183;

    /// <summary>Business days within which a missing rate or an ended employment is urgent (5.12, 4-exceptions).</summary>
    public int UrgentBusinessDays { get; init; } = 10;

    /// <summary>Working days over which bench is counted (STF-311).</summary>
    public int BenchDays { get; init; } = 10;

    /// <summary>Forward utilisation below which somebody is on the bench, in percent (STF-311).</summary>
    public decimal BenchPercent { get; init; } = 50m;

    /// <summary>Hours a week by which bookings and tasks may differ (STF-312).</summary>
    public decimal BookingTolerance { get; init; } = 2m;

    public IReadOnlyList<LabourPack> LabourPacks { get; init; } = [];

    /// <summary>Settings of PL30.maximumWeeklyHours; without any that holds, the pack's own limit does.</summary>
    public IReadOnlyList<PolicySetting> Settings { get; init; } = [];

    public IReadOnlyList<IntercompanyAgreement> Agreements { get; init; } = [];

    /// <summary>Functional currency of each legal entity.</summary>
    public IReadOnlyDictionary<string, string> FunctionalCurrencies { get; init; } = new Dictionary<string, string>();

    /// <summary>Days before the window that the averages of the labour rules look back to.</summary>
    public int History => LabourPacks.Count == 0 ? 0 : 7 * LabourPacks.Max(pack => pack.LookBackWeeks);
}
