using PsaConsole.Engine.Model;
using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Web.Components.Pages.Engagements;

/// <summary>A deal's journey as a line of the list shows it.</summary>
public sealed record EngagementLine
{
    public required Guid Id { get; init; }
    public string? Number { get; init; }
    public required string Name { get; init; }
    public string? Client { get; init; }
    public Money? Value { get; init; }
    public required string State { get; init; }
    public required Tone Tone { get; init; }

    /// <summary>Where it stands, in words: the step that runs or that stopped it.</summary>
    public string? Step { get; init; }

    public required int StepsDone { get; init; }
    public required int Steps { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }
}
