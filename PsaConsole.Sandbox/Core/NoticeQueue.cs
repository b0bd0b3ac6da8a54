using System.Diagnostics;

namespace PsaConsole.Sandbox.Core;

/// <summary>One vendor's notices in order of when they are due; sent one after the other. What waits when the sandbox stops is lost.</summary>
internal sealed class NoticeQueue : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(2);
    private readonly string _vendor;
    private readonly HttpClient _client;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<(Notice Notice, int Attempt), (long Due, long Number)> _waiting = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Task _ended;
    private long _number;
    private long _acknowledged;
    private long _refused;
    private long _lost;

    public NoticeQueue(string vendor, HttpClient client, CancellationToken stopping)
    {
        _vendor = vendor;
        _client = client;
        _ended = Task.Run(() => RunAsync(stopping), CancellationToken.None);
    }

    /// <summary>Waits for the loop to end; the token that the queue was made with must have been cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended;
        _arrived.Dispose();
    }

    public NoticeCount Count()
    {
        lock (_lock)
        {
            return new NoticeCount(_vendor, _acknowledged, _refused, _lost, _waiting.Count);
        }
    }

    public void CountLost() => Interlocked.Increment(ref _lost);

    public void Take(Notice notice, TimeSpan wait) => Enqueue(notice, 1, wait);

    private void Enqueue(Notice notice, int attempt, TimeSpan wait)
    {
        lock (_lock)
        {
            _waiting.Enqueue((notice, attempt), (Stopwatch.GetTimestamp() + (long)(wait.TotalSeconds * Stopwatch.Frequency), ++_number));
        }

        _arrived.Release();
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                if (TakeDue(out var due, out var wait))
                {
                    await AttemptAsync(due.Notice, due.Attempt, stopping);
                }
                else
                {
                    await _arrived.WaitAsync(wait, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The sandbox stops.
        }
    }

    private bool TakeDue(out (Notice Notice, int Attempt) due, out TimeSpan wait)
    {
        lock (_lock)
        {
            wait = Timeout.InfiniteTimeSpan;
            if (!_waiting.TryPeek(out due, out var place))
            {
                return false;
            }

            var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), place.Due);
            if (left > TimeSpan.Zero)
            {
                wait = left + TimeSpan.FromMilliseconds(1);
                return false;
            }

            _waiting.Dequeue();
            return true;
        }
    }

    private async Task AttemptAsync(Notice notice, int attempt, CancellationToken stopping)
    {
        if (await DeliverAsync(notice, stopping))
        {
            Interlocked.Increment(ref _acknowledged);
        }
        else if (attempt >= notice.Attempts)
        {
            Interlocked.Increment(ref _lost);
        }
        else
        {
            Interlocked.Increment(ref _refused);
            var wait = notice.FirstWait * Math.Pow(2, attempt - 1);
            Enqueue(notice, attempt + 1, wait < LongestWait ? wait : LongestWait);
        }
    }

    private async Task<bool> DeliverAsync(Notice notice, CancellationToken stopping)
    {
        try
        {
            using var request = notice.Request();
            using var response = await _client.SendAsync(request, stopping);
            return notice.Acknowledged(response, await response.Content.ReadAsStringAsync(stopping));
        }
        catch (HttpRequestException)
        {
            // Nobody listens there at the moment: like the vendor, try again later.
            return false;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The client took longer than the vendor waits.
            return false;
        }
    }
}
