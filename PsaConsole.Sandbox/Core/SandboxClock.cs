namespace PsaConsole.Sandbox.Core;

/// <summary>The sandbox's date and time: the machine's, moved by what the control API set. It goes on ticking from there.</summary>
public sealed class SandboxClock(TimeProvider machine) : TimeProvider
{
    private long _offsetTicks;

    /// <summary>How far the sandbox's time is ahead of the machine's.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));

    public DateOnly Today => DateOnly.FromDateTime(GetUtcNow().UtcDateTime);

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow() + Offset;

    /// <summary>Makes it that date and time now.</summary>
    public void Set(DateTimeOffset now) => Interlocked.Exchange(ref _offsetTicks, (now - machine.GetUtcNow()).Ticks);
}
