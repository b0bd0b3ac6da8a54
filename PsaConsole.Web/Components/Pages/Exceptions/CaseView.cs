using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Web.Components.Pages.Exceptions;

/// <summary>Everything that a person needs to settle a case, in the order in which it is read.</summary>
public sealed record CaseView
{
    public required CaseRow Row { get; init; }

    /// <summary>Why it happened, when that says more than the sentence.</summary>
    public string? Cause { get; init; }

    /// <summary>What stands still until it is settled.</summary>
    public required string Cost { get; init; }

    /// <summary>What to do, in the imperative.</summary>
    public required string Advice { get; init; }

    public required IReadOnlyList<CaseAction> Actions { get; init; }
    public IReadOnlyList<ComparedField> Compared { get; init; } = [];
    public IReadOnlyList<TimelineStep> Steps { get; init; } = [];

    /// <summary>Method and path of the call that failed.</summary>
    public string? Call { get; init; }

    public string? Answer { get; init; }
    public IReadOnlyList<HistoryLine> History { get; init; } = [];

    /// <summary>The engagement that it holds up.</summary>
    public Guid? EngagementId { get; init; }

    /// <summary>Stands in for the state that was looked at: an action on a newer one is refused.</summary>
    public required long Version { get; init; }
}

/// <summary>Something that can be done to a case, and if not by this person or not now, why.</summary>
/// <param name="Name">The engine's name of the action.</param>
/// <param name="Title">Its button.</param>
/// <param name="Key">Its letter on the keyboard.</param>
/// <param name="WhyNot">Null when it is allowed.</param>
/// <param name="NeedsReason">True where a reason has to be given.</param>
public sealed record CaseAction(string Name, string Title, char Key, string? WhyNot, bool NeedsReason);

/// <summary>One thing that happened to a case.</summary>
public sealed record HistoryLine(DateTimeOffset At, string Who, string What, string? Reason);
