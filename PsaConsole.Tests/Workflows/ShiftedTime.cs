namespace PsaConsole.Tests.Workflows;

/// <summary>The real clock, moved by as much as a test says.</summary>
public sealed class ShiftedTime : TimeProvider
{
    private long ticks;

    public override DateTimeOffset GetUtcNow() => TimeProvider.System.GetUtcNow().AddTicks(Interlocked.Read(ref ticks));

    /// <summary>Moves the clock to this instant.</summary>
    public void MoveTo(DateTimeOffset instant) => Interlocked.Exchange(ref ticks, (instant - TimeProvider.System.GetUtcNow()).Ticks);
}
