using PsaConsole.Engine.Model;
using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Components.Pages.Systems;

namespace PsaConsole.Web.Components.Pages.Today;

/// <summary>What needs this person now, what it costs, what runs, and what isn't well.</summary>
public sealed record TodayView
{
    public required int Open { get; init; }
    public required int Mine { get; init; }

    /// <summary>Open cases whose deadline is within a day, or past.</summary>
    public required int Pressing { get; init; }

    public required IReadOnlyList<Money> AtRisk { get; init; }
    public required int Moving { get; init; }

    /// <summary>Verified in the last 24 hours.</summary>
    public required int Verified { get; init; }

    /// <summary>Half of those took less than this, from won to verified; null when there were none.</summary>
    public TimeSpan? TypicalTime { get; init; }

    public required IReadOnlyList<CaseRow> Cases { get; init; }
    public required IReadOnlyList<EngagementLine> Engagements { get; init; }

    /// <summary>Systems that aren't well.</summary>
    public required IReadOnlyList<SystemView> Troubled { get; init; }
}
