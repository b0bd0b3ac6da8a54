using System.Collections.Concurrent;

namespace PsaConsole.Sandbox.Core;

/// <summary>A call that a vendor received. <see cref="Key"/> is the external id or idempotency key it carried; <see cref="Effect"/> the fault that hit it.</summary>
public sealed record Call(
    long Number, DateTimeOffset At, string System, string Method, string Path, string Route, int Status, double Milliseconds, string? Key, string? Effect);

/// <summary>How many calls of one kind were received since the start or the last clearing.</summary>
public sealed record CallCount(string System, string Method, string Route, int Status, string? Effect, long Count);

/// <summary>The last calls that the vendors received, oldest thrown away first, and counts of all of them.</summary>
public sealed class CallLog
{
    private const int Capacity = 200_000;
    private const int PathLength = 600;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<(string System, string Method, string Route, int Status, string? Effect), long> _counts = new();
    private readonly Queue<Call> _calls = new();
    private long _number;

    public void Add(DateTimeOffset at, string system, string method, string path, string route, int status, double milliseconds, string? key, string? effect)
    {
        _counts.AddOrUpdate((system, method, route, status, effect), 1, (_, count) => count + 1);
        lock (_lock)
        {
            if (_calls.Count == Capacity)
            {
                _calls.Dequeue();
            }

            _calls.Enqueue(new Call(++_number, at, system, method, path.Length > PathLength ? path[..PathLength] : path, route, status, milliseconds, key, effect));
        }
    }

    /// <summary>The calls that match, oldest first; nulls match all.</summary>
    public IReadOnlyList<Call> Find(string? system, DateTimeOffset? since, long? after, int limit)
    {
        lock (_lock)
        {
            return [.. _calls.Where(call => (system is null || call.System == system) && (since is null || call.At >= since) && (after is null || call.Number > after)).Take(limit)];
        }
    }

    public IReadOnlyList<CallCount> Summary() =>
    [
        .. _counts.Select(pair => new CallCount(pair.Key.System, pair.Key.Method, pair.Key.Route, pair.Key.Status, pair.Key.Effect, pair.Value))
            .OrderBy(count => count.System).ThenBy(count => count.Route).ThenBy(count => count.Method).ThenBy(count => count.Status),
    ];

    public void Clear()
    {
        lock (_lock)
        {
            _calls.Clear();
        }

        _counts.Clear();
    }
}
