using PsaConsole.Engine.Model;
using PsaConsole.Web.Components.Pages.Approvals;
using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Components.Pages.Systems;

namespace PsaConsole.Web.Components.Pages.Today;

/// <summary>What needs this person now, what it costs, what runs, and what isn't well; what is not their desk's is null or empty.</summary>
public sealed record TodayView
{
    public required Desk Desk { get; init; }

    /// <summary>Open cases, counted to <see cref="TodayQueries.Most"/>.</summary>
    public required int Open { get; init; }

    public required int Mine { get; init; }

    /// <summary>Open cases whose deadline is within a day, or past.</summary>
    public required int Pressing { get; init; }

    public required IReadOnlyList<Money> AtRisk { get; init; }

    /// <summary>Hand-offs under way.</summary>
    public required int Moving { get; init; }

    /// <summary>Hand-offs that wait for a person.</summary>
    public required int Stopped { get; init; }

    /// <summary>Verified in the last 24 hours.</summary>
    public required int Verified { get; init; }

    /// <summary>Half of those took less than this, from won to verified; null when there were none.</summary>
    public TimeSpan? TypicalTime { get; init; }

    /// <summary>Approvals that wait for a decision.</summary>
    public required int Waiting { get; init; }

    /// <summary>The day with which the month, and so the period that most legal entities book in, ends.</summary>
    public required DateOnly MonthEnd { get; init; }

    /// <summary>Days until then: 0 on the day itself.</summary>
    public required int DaysLeft { get; init; }

    public IReadOnlyList<CaseRow> Cases { get; init; } = [];
    public IReadOnlyList<ApprovalRow> Approvals { get; init; } = [];
    public IReadOnlyList<EngagementLine> Engagements { get; init; } = [];

    /// <summary>Cases by kind: numbers and money, no record.</summary>
    public IReadOnlyList<CaseGroup> Groups { get; init; } = [];

    /// <summary>People who are booked, and those of them in conflict.</summary>
    public (int Booked, int InConflict)? People { get; init; }

    /// <summary>Lanes that are held.</summary>
    public int? Held { get; init; }

    /// <summary>Systems that aren't well.</summary>
    public required IReadOnlyList<SystemView> Troubled { get; init; }
}
