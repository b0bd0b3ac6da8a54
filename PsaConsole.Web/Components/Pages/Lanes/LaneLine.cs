using System.Globalization;
using PsaConsole.Engine.Inbox;

namespace PsaConsole.Web.Components.Pages.Lanes;

/// <summary>A lane with work in it, as a line of the list shows it.</summary>
/// <param name="Head">The change that is looked at next; null when only a run waits.</param>
/// <param name="Waiting">Changes that wait, the head among them.</param>
/// <param name="Run">The run that is under way.</param>
/// <param name="ReadyAt">When it is looked at again.</param>
/// <param name="IsWorkedOn">A replica has it in hand.</param>
public sealed record LaneLine(string Key, InboxItem? Head, int Waiting, LaneRun? Run, DateTimeOffset ReadyAt, bool IsWorkedOn, int Faults)
{
    /// <summary>What is kept in order here: "opportunity 006…".</summary>
    public string Title => Key.Split(':') switch
    {
        [var type, _, var id, ..] => $"{type.Replace('-', ' ')} {id}",
        [var type, var id] => $"{type.Replace('-', ' ')} {id}",
        _ => Key,
    };

    public string? SystemName => Head?.SystemName ?? (Key.Split(':') is [_, var system, _, ..] ? system : null);

    /// <summary>What holds it, in words; null when nothing does.</summary>
    public string? HeldBecause => Head is { Attempts: > 0, Outcome: { } outcome } ? outcome : Run?.Message;

    /// <summary>How often the head, or the run's step, was tried.</summary>
    public int Attempts => Head is { Attempts: > 0 and var attempts } ? attempts : Run?.Attempts ?? 0;
}

/// <summary>The run of a lane that is under way.</summary>
public sealed record LaneRun(Guid Id, string Title, string? Message, int Attempts);

/// <summary>A place in the list: the first ready first.</summary>
public sealed record LanePosition(DateTimeOffset ReadyAt, string Key)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ReadyAt.UtcTicks}.{Key}");

    /// <summary>The place that an address names; null when it names none.</summary>
    public static LanePosition? Parse(string? text) =>
        text?.Split('.', 2) is [var ticks, { Length: > 0 and <= 180 } key]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        && value <= DateTimeOffset.MaxValue.Ticks
            ? new LanePosition(new DateTimeOffset(value, TimeSpan.Zero), key)
            : null;
}
