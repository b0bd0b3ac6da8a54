using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Inbox;

/// <summary>
/// Claims ready lanes and works on them side by side, for as long as it is asked to. It sleeps until the change feed tells of an arrival, the next
/// lane becomes ready, or a short time has passed, so that a lost notice costs that time and nothing else.
/// </summary>
public sealed class LanePump(
    Lanes lanes, LaneFaults faults, LaneWorker worker, Replica replica, ChangeFeed feed, IOptions<EngineOptions> options, TimeProvider time, ILogger<LanePump> logger)
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Attendance = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> wakeUps = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int running;
    private long? attendedAt;

    /// <summary>When the pump last looked for work; what readiness and the watchdog go by.</summary>
    public DateTimeOffset? LastLookAt { get; private set; }

    public bool IsRunning => Volatile.Read(ref running) == 1;

    /// <summary>Pumps until cancelled. A second call in the same process returns at once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref running, 1) == 1)
        {
            return;
        }

        using var subscription = feed.Subscribe(item => Wake(item.Kind));
        using var slots = new SemaphoreSlim(options.Value.LanesAtOnce);
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await PumpOnceAsync(slots, cancellationToken);
            }
        }
        finally
        {
            // What was begun is finished or cancelled before the pump ends: no lane is worked on by nobody.
            for (var slot = 0; slot < options.Value.LanesAtOnce; slot++)
            {
                await slots.WaitAsync(CancellationToken.None);
            }

            Interlocked.Exchange(ref running, 0);
        }
    }

    /// <summary>Looks for work now.</summary>
    public void Wake() => wakeUps.Writer.TryWrite(true);

    private void Wake(string kind)
    {
        if (kind is "inbox" or "lane" or "all")
        {
            Wake();
        }
    }

    private async Task PumpOnceAsync(SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        try
        {
            await AttendAsync(cancellationToken);
            LastLookAt = time.GetUtcNow();
            await slots.WaitAsync(cancellationToken);
            slots.Release();
            var claimed = await lanes.ClaimAsync(Math.Max(1, slots.CurrentCount), cancellationToken);
            foreach (var lease in claimed)
            {
                await slots.WaitAsync(cancellationToken);
                _ = WorkAsync(lease, slots, cancellationToken);
            }

            if (claimed.Count == 0)
            {
                await SleepAsync(cancellationToken);
            }
        }
        catch (Exception problem) when (problem is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, the lanes are where they were last committed: the pump must not end for it.
            attendedAt = null;
            logger.LogWarning(problem, "The lane pump could not claim lanes; it tries again.");
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
        }
    }

    /// <summary>Sees to it that this replica counts as alive; under load the pump looks for work far more often than that needs.</summary>
    private async Task AttendAsync(CancellationToken cancellationToken)
    {
        if (attendedAt is { } last && time.GetElapsedTime(last) < Attendance)
        {
            return;
        }

        await replica.AttendAsync(cancellationToken);
        attendedAt = time.GetTimestamp();
    }

    private async Task WorkAsync(LaneLease lease, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Yield();
            await worker.WorkAsync(lease, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            logger.LogInformation("Lane {Lane} is left for the next start.", lease.Key);
        }
        catch (Exception problem)
        {
            await faults.GiveBackAsync(lease, problem, cancellationToken);
        }
        finally
        {
            slots.Release();
            Wake();
        }
    }

    private async Task SleepAsync(CancellationToken cancellationToken)
    {
        var next = await lanes.NextReadyAtAsync(cancellationToken);
        var until = next - time.GetUtcNow() ?? LongestSleep;
        var sleep = TimeSpan.FromMilliseconds(Math.Clamp(until.TotalMilliseconds, 20, LongestSleep.TotalMilliseconds));
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(sleep);
        try
        {
            await wakeUps.Reader.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Slept long enough.
        }
    }
}
