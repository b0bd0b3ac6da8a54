namespace PsaConsole.Web.Components.Shared;

/// <summary>One clock for a browser's circuit: every relative time on the page moves on together.</summary>
public sealed class MinuteClock : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public MinuteClock(TimeProvider time)
    {
        _time = time;
        var period = TimeSpan.FromSeconds(20);
        _timer = time.CreateTimer(_ => Ticked?.Invoke(), null, period, period);
    }

    /// <summary>Raised on a timer's thread: a listener marshals to its component.</summary>
    public event Action? Ticked;

    public DateTimeOffset Now => _time.GetUtcNow();

    public void Dispose() => _timer.Dispose();
}
