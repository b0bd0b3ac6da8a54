using System.Collections.Concurrent;

namespace PsaConsole.Engine.Connectors;

/// <summary>State of a connector's circuit breaker.</summary>
public enum CircuitState
{
    Closed,
    HalfOpen,
    Open,
}

/// <summary>How one outside system does, as this process sees it.</summary>
/// <param name="Calls">Attempts sent since the start.</param>
/// <param name="Failures">Of them without a usable answer: cut, late, throttled or 5xx.</param>
/// <param name="MedianMilliseconds">Of the last 200 attempts.</param>
/// <param name="P95Milliseconds">Of the last 200 attempts.</param>
/// <param name="CircuitChangedAt">When the circuit last opened, half-opened or closed: after closing, work resumes slowly (3.0.3).</param>
/// <param name="QuotaUsed">Calls that the vendor counted in its current window, when it says so.</param>
/// <param name="PauseReason">Why the connector is paused; null when it is not.</param>
public sealed record SystemHealth(
    string SystemName,
    DateTimeOffset? LastGoodReadAt,
    DateTimeOffset? LastErrorAt,
    ErrorClass? LastErrorClass,
    string? LastError,
    long Calls,
    long Failures,
    double? MedianMilliseconds,
    double? P95Milliseconds,
    CircuitState Circuit,
    DateTimeOffset? CircuitChangedAt,
    long? QuotaUsed,
    long? QuotaLimit,
    string? PauseReason)
{
    /// <summary>When the system first gave no usable answer after its last good one; null while it works.</summary>
    public DateTimeOffset? DownSince { get; init; }

    /// <summary>When it last answered, be it with a refusal.</summary>
    public DateTimeOffset? LastAnswerAt { get; init; }

    /// <summary>When it last gave none.</summary>
    public DateTimeOffset? LastDownAt { get; init; }

    /// <summary>How long it has been seen down: zero after a single call, however long ago.</summary>
    public TimeSpan DownFor => LastDownAt - DownSince ?? TimeSpan.Zero;

    public bool IsPaused => PauseReason is not null;
}

/// <summary>Health of every connector, in memory, for the Systems page.</summary>
public sealed class ConnectorHealth(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, HealthRecorder> systems = new(StringComparer.Ordinal);

    /// <summary>Every system that a connector was made for, by name.</summary>
    public IReadOnlyList<SystemHealth> All => [.. systems.Values.Select(system => system.Snapshot()).OrderBy(system => system.SystemName, StringComparer.Ordinal)];

    public SystemHealth Of(string systemName) => Recorder(systemName).Snapshot();

    /// <summary>Lets no call but a probe through until <see cref="Resume"/> (INT-902).</summary>
    public void Pause(string systemName, string reason) => Recorder(systemName).Pause(reason);

    public void Resume(string systemName) => Recorder(systemName).Pause(null);

    internal HealthRecorder Recorder(string systemName) => systems.GetOrAdd(systemName, name => new HealthRecorder(name, clock));
}

/// <summary>Collects one system's health from its calls.</summary>
internal sealed class HealthRecorder(string systemName, TimeProvider clock)
{
    private const int Remembered = 200;
    private static readonly TimeSpan CatchUp = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly Queue<double> latencies = new(Remembered);
    private SystemHealth state = new(systemName, null, null, null, null, 0, 0, null, null, CircuitState.Closed, null, null, null, null);

    /// <summary>True for ten minutes after the circuit closed: what waited comes at half the rate (3-workflows 3.0.3).</summary>
    public bool IsCatchingUp => Volatile.Read(ref state) is { Circuit: CircuitState.Closed, CircuitChangedAt: { } closed } && clock.GetUtcNow() - closed < CatchUp;

    public string? PauseReason => Volatile.Read(ref state).PauseReason;

    /// <param name="failed">No usable answer.</param>
    /// <param name="down">It did not work at all; a throttled call is answered, with a no.</param>
    public void Attempted(TimeSpan elapsed, bool failed, bool down)
    {
        lock (gate)
        {
            if (latencies.Count == Remembered)
            {
                latencies.Dequeue();
            }

            latencies.Enqueue(elapsed.TotalMilliseconds);
            state = state with
            {
                Calls = state.Calls + 1,
                Failures = state.Failures + (failed ? 1 : 0),
                DownSince = down ? state.DownSince ?? clock.GetUtcNow() : null,
                LastDownAt = down ? clock.GetUtcNow() : null,
                LastAnswerAt = down ? state.LastAnswerAt : clock.GetUtcNow(),
            };
        }
    }

    public void ReadWell() => Set(now => state with { LastGoodReadAt = now });

    public void Failed(ConnectorException problem) =>
        Set(now => state with { LastErrorAt = now, LastErrorClass = problem.Class, LastError = problem.Message });

    public void CircuitIs(CircuitState circuit) => Set(now => state with { Circuit = circuit, CircuitChangedAt = now });

    public void Quota(long used, long limit) => Set(_ => state with { QuotaUsed = used, QuotaLimit = limit });

    public void Pause(string? reason) => Set(_ => state with { PauseReason = reason });

    public SystemHealth Snapshot()
    {
        lock (gate)
        {
            double[] sorted = [.. latencies.Order()];
            return state with { MedianMilliseconds = Quantile(sorted, 0.50), P95Milliseconds = Quantile(sorted, 0.95) };
        }
    }

    private static double? Quantile(double[] sorted, double share) =>
        sorted.Length == 0 ? null : sorted[(int)Math.Ceiling(share * sorted.Length) - 1];

    private void Set(Func<DateTimeOffset, SystemHealth> change)
    {
        lock (gate)
        {
            state = change(clock.GetUtcNow());
        }
    }
}
