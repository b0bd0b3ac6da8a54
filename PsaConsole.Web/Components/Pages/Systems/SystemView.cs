using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Web.Components.Pages.Systems;

/// <summary>How an outside system does, as its card shows it.</summary>
public sealed record SystemView
{
    public required string Name { get; init; }
    public required string Title { get; init; }
    public required string Role { get; init; }
    public required string State { get; init; }
    public required Tone Tone { get; init; }

    /// <summary>What is wrong and what to do; null when nothing is.</summary>
    public string? Problem { get; init; }

    public required bool IsPaused { get; init; }
    public required string Circuit { get; init; }
    public TimeSpan? Latency { get; init; }
    public long? QuotaLeft { get; init; }
    public long? QuotaLimit { get; init; }
    public int Backlog { get; init; }
    public string? Cursor { get; init; }
    public DateTimeOffset? LastGoodRead { get; init; }
}
