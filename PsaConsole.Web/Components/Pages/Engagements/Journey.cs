using PsaConsole.Engine.Model;
using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Web.Components.Pages.Engagements;

/// <summary>One deal across all systems, or what became of another change: how far it came, what stands where, what holds it up.</summary>
public sealed record Journey
{
    public required EngagementLine Row { get; init; }

    public required IReadOnlyList<TimelineStep> Steps { get; init; }
    public required IReadOnlyList<JourneyStation> Stations { get; init; }
    public IReadOnlyList<JourneyCase> Cases { get; init; } = [];
    public IReadOnlyList<FieldOrigin> Fields { get; init; } = [];

    /// <summary>What its projects have come to in the books.</summary>
    public IReadOnlyList<EngagementMoney> Money { get; init; } = [];

    /// <summary>What has changed since the hand-off, the newest first; of a change itself only that.</summary>
    public IReadOnlyList<JourneyChange> Changes { get; init; } = [];

    /// <summary>False for the run of a person, a booking or a time entry, which is no engagement and was not won.</summary>
    public required bool IsDeal { get; init; }

    /// <summary>When it was won, or entered in its source.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>From then to verified, or to now.</summary>
    public required TimeSpan Took { get; init; }
}

/// <summary>One system on the way, with the records that stand in it.</summary>
public sealed record JourneyStation(string SystemName, string SystemRole, string State, Tone Tone, IReadOnlyList<StationRecord> Records);

/// <summary>A record in an outside system: what it is, the system's id of it, its page for people.</summary>
public sealed record StationRecord(string Kind, string Id, Uri? Link);

/// <summary>A case that holds the journey up, or did.</summary>
public sealed record JourneyCase(long Id, string Code, string Sentence, string State, Tone Tone);

/// <summary>Why a field has its value: where it came from, by which rule.</summary>
public sealed record FieldOrigin(string Group, string Field, string Value, string Source, string Rule, DateTimeOffset? At, Money? Amount = null);
