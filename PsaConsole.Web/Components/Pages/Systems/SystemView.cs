using PsaConsole.Engine.Connectors;
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

    /// <summary>Since when nothing is sent to it or read from it; null when it is in service.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>Changes that it reported and nobody has looked at yet.</summary>
    public int Inbox { get; init; }

    /// <summary>Steps that wait for it to answer again.</summary>
    public int Waiting { get; init; }

    /// <summary>Open cases about it.</summary>
    public int Cases { get; init; }

    /// <summary>Whether changes are read from it at all; others are only written to.</summary>
    public bool IsSource { get; init; }

    public SystemHealth? Health { get; init; }

    /// <summary>Calls of today that are used, and how many there may be: by our own quota when one is set, else as the vendor counts; null when nobody says.</summary>
    public (long Used, long Limit)? Quota { get; init; }

    public string? Cursor { get; init; }
    public DateTimeOffset? LastGoodRead { get; init; }
}
