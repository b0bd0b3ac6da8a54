using System.Collections.Concurrent;

namespace PsaConsole.Sandbox.Core;

/// <summary>A change notice on its way: how to make its request, and whether an answer takes it as received.</summary>
public sealed record Notice
{
    public required string Vendor { get; init; }

    /// <summary>Makes the request anew for each attempt.</summary>
    public required Func<HttpRequestMessage> Request { get; init; }

    /// <summary>Whether the answer (with its body) takes the notice as received; otherwise it is sent again.</summary>
    public required Func<HttpResponseMessage, string, bool> Acknowledged { get; init; }

    /// <summary>How often it is tried before it is lost for good.</summary>
    public int Attempts { get; init; } = 10;

    /// <summary>The wait before the second attempt; it doubles from attempt to attempt up to two hours.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>What became of a vendor's notices: taken by the client, refused (and tried again), lost for good, still waiting.</summary>
public sealed record NoticeCount(string System, long Acknowledged, long Refused, long Lost, int Waiting);

/// <summary>
/// Sends the vendors' change notices, each until it is acknowledged. Honours the faults duplicate-notice, lose-notice and
/// reorder-notices (the notice is held back for a second, so that later ones overtake it).
/// </summary>
public sealed class Notices(Faults faults) : IAsyncDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Lazy<NoticeQueue>> _queues = new(StringComparer.Ordinal);

    /// <summary>Takes a notice over and returns at once.</summary>
    public void Send(Notice notice)
    {
        var effects = faults.TakeForNotice(notice.Vendor).Select(fault => fault.Effect).ToHashSet();
        var queue = _queues.GetOrAdd(notice.Vendor, vendor => new(() => new NoticeQueue(vendor, _client, _stopping.Token))).Value;
        if (effects.Contains("lose-notice"))
        {
            queue.CountLost();
            return;
        }

        for (var copies = effects.Contains("duplicate-notice") ? 2 : 1; copies > 0; copies--)
        {
            queue.Take(notice, effects.Contains("reorder-notices") ? TimeSpan.FromSeconds(1) : TimeSpan.Zero);
        }
    }

    public IReadOnlyList<NoticeCount> Counts() => [.. _queues.Values.Select(queue => queue.Value.Count())];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        foreach (var queue in _queues.Values)
        {
            await queue.Value.DisposeAsync();
        }

        _client.Dispose();
        _stopping.Dispose();
    }
}
