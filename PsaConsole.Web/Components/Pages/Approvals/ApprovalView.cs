using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Model;
using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Web.Components.Pages.Approvals;

/// <summary>An approval as a line of the list shows it.</summary>
public sealed record ApprovalRow(long Id, string Subject, string Reason, string Kind, string LegalEntity, Money Impact, ApprovalStatus Status, string? Next, DateTimeOffset RequestedAt, DateTimeOffset ExpiresAt, DateTimeOffset? ClosedAt, int Version);

/// <summary>Everything that somebody needs to decide, in the order in which it is read.</summary>
public sealed record ApprovalView
{
    public required ApprovalRow Row { get; init; }

    /// <summary>Who asked, as far as it is known.</summary>
    public required IReadOnlyList<string> Requesters { get; init; }

    public required IReadOnlyList<ComparedField> Changes { get; init; }
    public required IReadOnlyList<string> Records { get; init; }

    /// <summary>The chain in words: who decided, and whose turn comes.</summary>
    public required IReadOnlyList<ApprovalStep> Chain { get; init; }

    /// <summary>Why it closed without a decision.</summary>
    public string? ClosedBecause { get; init; }

    public required Guid RunId { get; init; }

    /// <summary>May the reader decide; else the sentence that says why not.</summary>
    public required Permission Permission { get; init; }

    /// <summary>In whose place the reader would decide.</summary>
    public string? OnBehalfOf { get; init; }
}

/// <summary>One step of the chain.</summary>
/// <param name="Decided">Null while it waits.</param>
/// <param name="InPlaceOf">Whose deputy decided, by name; null when it was nobody's.</param>
public sealed record ApprovalStep(string Role, ApprovalDecision? Decided, string? InPlaceOf);
