using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace PsaConsole.Engine.Connectors;

/// <summary>
/// Shares what a system allows among the replicas: vendors count calls in flight per account, not per process. When a replica comes or goes the others
/// learn of it within seconds; what is too much until then the vendor throttles, and is repeated.
/// </summary>
public sealed class CallBudgets
{
    private int replicas = 1;

    /// <summary>Replicas that live on this database, this one among them.</summary>
    public int Replicas
    {
        get => Volatile.Read(ref replicas);
        set => Volatile.Write(ref replicas, Math.Max(1, value));
    }

    /// <summary>Calls that this replica may have in flight: its share, and half of it while the system catches up after an outage (3-workflows 3.0.3).</summary>
    /// <param name="concurrency">Calls in flight that the system allows us in all.</param>
    public static int Share(int concurrency, int replicas, bool catchingUp) => Math.Max(1, concurrency / replicas / (catchingUp ? 2 : 1));
}

/// <summary>One system's calls in flight from this process.</summary>
internal sealed class CallBudget(CallBudgets budgets, int concurrency, HealthRecorder health)
{
    private const int Waiting = 10_000;

    private readonly ConcurrentDictionary<int, ConcurrencyLimiter> limiters = new();

    /// <summary>Waits for a call's turn. Calls that wait already keep the share that they came with.</summary>
    public ValueTask<RateLimitLease> AcquireAsync(CancellationToken cancellationToken) =>
        limiters.GetOrAdd(CallBudgets.Share(concurrency, budgets.Replicas, health.IsCatchingUp), Limiter).AcquireAsync(1, cancellationToken);

    private static ConcurrencyLimiter Limiter(int calls) =>
        new(new ConcurrencyLimiterOptions { PermitLimit = calls, QueueLimit = Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
}
