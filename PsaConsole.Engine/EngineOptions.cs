using System.ComponentModel.DataAnnotations;

namespace PsaConsole.Engine;

/// <summary>How the engine works; section "Engine" of the configuration.</summary>
public sealed class EngineOptions
{
    public const string Section = "Engine";

    /// <summary>Lanes that this replica works on side by side. Each spends its time waiting for vendors, not on a thread.</summary>
    [Range(1, 512)]
    public int LanesAtOnce { get; init; } = 32;

    /// <summary>Most seconds between two polls of a system's changes: they begin with each minute anew.</summary>
    [Range(1, 59)]
    public int PollSeconds { get; init; } = 2;

    /// <summary>Address of the console as people reach it; what links in notices begin with.</summary>
    [Required]
    public string PublicUrl { get; init; } = "http://127.0.0.1:5080";

    /// <summary>When teams work and who is above them, by the team's name (Finance, DeliveryOperations …).</summary>
    public Dictionary<string, TeamOptions> Teams { get; init; } = [];

    /// <summary>
    /// Roughly what one unit of a currency is worth in the currency that the firm reports in. The order of the queue and what counts as much money go by it, so that a
    /// million yen does not come before a million euros; a currency that is not named counts as one.
    /// </summary>
    public Dictionary<string, decimal> RoughRates { get; init; } = [];

    /// <summary>Money from which on a case weighs a step more (4-exceptions), in the currency that the firm reports in.</summary>
    [Range(0, 1_000_000_000)]
    public decimal MuchMoney { get; init; } = 25_000m;

    /// <summary>Seconds until a run that waits for something looks whether it is there.</summary>
    [Range(1, 86_400)]
    public int DependencySeconds { get; init; } = 300;

    /// <summary>Seconds for which a run rests after somebody skipped or waived its case, so that they can take it back.</summary>
    [Range(0, 60)]
    public int UndoSeconds { get; init; } = 10;

    /// <summary>Minutes that the books may take to post a line that they took in (TIM-408).</summary>
    [Range(0, 10_000)]
    public int PostedWithinMinutes { get; init; } = 60;

    /// <summary>Folder with finance packs of the organisation's own legal entities, over those that come with the product; null for none.</summary>
    public string? PacksFolder { get; init; }

    /// <summary>A legal hold: nothing is removed, however old it is (9-access 9.3).</summary>
    public bool LegalHold { get; init; }

    /// <summary>Folder for the daily anchors of the audit trail, best a write-once store; by default the folder anchors in the data folder.</summary>
    public string? AnchorFolder { get; init; }
}

/// <summary>A team's working time, Monday to Friday, and the mail addresses of who is told when its cases are overdue.</summary>
public sealed class TeamOptions
{
    /// <summary>IANA name of the time zone, such as Europe/London.</summary>
    public string Zone { get; init; } = "UTC";

    public TimeOnly Opens { get; init; } = new(9, 0);
    public TimeOnly Closes { get; init; } = new(17, 30);

    /// <summary>Local dates on which the team does not work.</summary>
    public IReadOnlyList<DateOnly> Holidays { get; init; } = [];

    /// <summary>Told by mail when a case is overdue.</summary>
    public string? Lead { get; init; }

    /// <summary>Told by mail when a case is half as much again overdue.</summary>
    public string? Head { get; init; }
}
