using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Web.Components.Pages.Exceptions;

/// <summary>Everything that a person needs to settle a case, in the order in which it is read.</summary>
public sealed record CaseView
{
    public required CaseRow Row { get; init; }

    /// <summary>What stands still until it is settled.</summary>
    public required string Cost { get; init; }

    /// <summary>What to do, in the imperative.</summary>
    public required string Advice { get; init; }

    /// <summary>The check that closes it by itself when it passes again.</summary>
    public required string ClosesWhen { get; init; }

    public required IReadOnlyList<CaseOption> Options { get; init; }

    /// <summary>What may be corrected here before a retry.</summary>
    public required IReadOnlyList<EditableField> Editable { get; init; }

    public IReadOnlyList<ComparedField> Compared { get; init; } = [];
    public IReadOnlyList<TimelineStep> Steps { get; init; } = [];

    /// <summary>Method and path of the call that failed.</summary>
    public string? Call { get; init; }

    public string? Answer { get; init; }
    public IReadOnlyList<HistoryLine> History { get; init; } = [];

    /// <summary>Other open cases of the same run.</summary>
    public IReadOnlyList<CaseRow> Linked { get; init; } = [];

    /// <summary>Values without a rule: a rule for one settles this case and others like it.</summary>
    public IReadOnlyList<UnmappedValue> Unmapped { get; init; } = [];

    /// <summary>Rules for them that wait for a second person.</summary>
    public IReadOnlyList<MappingDraft> Drafts { get; init; } = [];

    /// <summary>The run that it holds up.</summary>
    public Guid? RunId { get; init; }

    /// <summary>Whom it may be given to: id and name, the reader first.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Assignees { get; init; }

    /// <summary>Set while somebody has put it off.</summary>
    public Asleep? Asleep { get; init; }

    /// <summary>How long it can be put off.</summary>
    public required IReadOnlyList<Snooze> Snoozes { get; init; }

    /// <summary>When its team works: what a day begins with until which it is put off.</summary>
    public required ServiceClock Clock { get; init; }

    /// <summary>Set while its clock stands still, since it waits for an outside party.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>Whole days for which it may still be stopped; nothing when its time has run out.</summary>
    public int PauseDays { get; init; }

    /// <summary>Tags and links to tickets.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Whether the reader may give it labels and stop its clock.</summary>
    public bool MayMark { get; init; }

    /// <summary>Until when the reader can take back what they last did to it; null when they can't.</summary>
    public DateTimeOffset? UndoUntil { get; init; }

    /// <summary>Stands for the state that was looked at: an action on a newer one is refused.</summary>
    public required int Version { get; init; }
}

/// <summary>Something that can be done to a case, and if not by this person or not now, why.</summary>
/// <param name="Title">Its button.</param>
/// <param name="Key">Its letter on the keyboard; null where one letter would be too little for what it does.</param>
/// <param name="WhyNot">Null when it is allowed.</param>
public sealed record CaseOption(CaseAction Action, string Title, char? Key, string? WhyNot)
{
    /// <summary>True where the engine refuses to act without a reason.</summary>
    public bool NeedsReason => Action is not (CaseAction.Retry or CaseAction.Assign or CaseAction.Snooze);
}

/// <summary>A value of the run that may be corrected before a retry.</summary>
/// <param name="Path">The engine's name of it.</param>
public sealed record EditableField(string Path, string Label, string Value);

/// <summary>One thing that happened to a case.</summary>
public sealed record HistoryLine(DateTimeOffset At, string Who, string What, string? Reason);

/// <summary>Put off until a moment; null when until it was met more often.</summary>
public sealed record Asleep(DateTimeOffset? Until);

/// <summary>What a person asks to be done to a case.</summary>
/// <param name="Snooze">How long it is put off; null wakes it.</param>
/// <param name="Until">The last day on which what it found is let pass.</param>
public sealed record CaseCommand(CaseAction Action, string Reason, string Assignee, IReadOnlyDictionary<string, string?> Edits, Snooze? Snooze, DateOnly? Until);
