namespace PsaConsole.Web.Components.Shared;

/// <summary>One step of a run as it is shown: what it does in plain words, how it stands, where and how long.</summary>
public sealed record TimelineStep
{
    /// <summary>A plain sentence: "ERP project is billable".</summary>
    public required string Title { get; init; }

    /// <summary>How it stands, in words: "Done", "Waiting until 14:02".</summary>
    public required string State { get; init; }

    public required Tone Tone { get; init; }

    /// <summary>What a reader needs beyond the title: a result, a reason.</summary>
    public string? Detail { get; init; }

    public string? SystemName { get; init; }
    public string? SystemRole { get; init; }
    public DateTimeOffset? At { get; init; }
    public TimeSpan? Took { get; init; }
    public int Attempts { get; init; }

    /// <summary>What a verification compared.</summary>
    public IReadOnlyList<ComparedField> Fields { get; init; } = [];
}
