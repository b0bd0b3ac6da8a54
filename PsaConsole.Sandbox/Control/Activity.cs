using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Control;

/// <summary>
/// Makes the firm live on, business day by business day. "instant" does the days at once; "1x" spreads a day's events over eight hours, "60x" over eight minutes.
/// </summary>
internal sealed class Activity(IReadOnlyList<Vendor> vendors, SandboxClock clock) : IAsyncDisposable
{
    private const int FactsKept = 100_000;
    private static readonly TimeSpan WorkingDay = TimeSpan.FromHours(8);
    private readonly Lock _lock = new();
    private readonly List<ActivityFact> _facts = [];
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private Task _background = Task.CompletedTask;
    private DateOnly? _lastDay;
    private long _number;

    /// <summary>Whether days are still going on in the background.</summary>
    public bool IsRunning => !_background.IsCompleted;

    public IReadOnlyList<ActivityFact> Facts()
    {
        lock (_lock)
        {
            return [.. _facts];
        }
    }

    public void Forget()
    {
        lock (_lock)
        {
            _facts.Clear();
            _lastDay = null;
        }
    }

    /// <param name="days">How many business days.</param>
    /// <param name="speed">How many times faster than life; null for at once.</param>
    /// <param name="cancellationToken">Ends the instant days.</param>
    /// <returns>The facts of the instant days; none yet when they go on in the background.</returns>
    /// <exception cref="InvalidOperationException">Earlier days still go on.</exception>
    public async Task<IReadOnlyList<ActivityFact>> LiveAsync(int days, double? speed, CancellationToken cancellationToken)
    {
        if (!await _oneAtATime.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            throw new InvalidOperationException("Earlier days of activity still go on. Wait for them, or ask for GET /activity.");
        }

        if (speed is { } factor)
        {
            _background = Task.Run(() => RunAsync(days, factor, _stopping.Token), CancellationToken.None);
            return [];
        }

        return await RunAsync(days, null, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _background;
        _oneAtATime.Dispose();
        _stopping.Dispose();
    }

    private async Task<IReadOnlyList<ActivityFact>> RunAsync(int days, double? speed, CancellationToken cancellationToken)
    {
        try
        {
            var happened = new List<ActivityFact>();
            for (var count = 0; count < days; count++)
            {
                happened.AddRange(await LiveDayAsync(NextDay(), speed, cancellationToken));
            }

            return happened;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return [];
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<List<ActivityFact>> LiveDayAsync(DateOnly day, double? speed, CancellationToken cancellationToken)
    {
        var random = new Random(day.DayNumber);
        var plan = vendors.SelectMany(vendor => vendor.LiveDay(day, random)).ToList();
        var happened = new List<ActivityFact>();
        foreach (var step in plan)
        {
            if (speed is { } factor)
            {
                await Task.Delay(WorkingDay / factor / plan.Count, cancellationToken);
            }

            var fact = step() with { Number = Interlocked.Increment(ref _number), Day = day };
            happened.Add(fact);
            Remember(fact);
        }

        return happened;
    }

    private void Remember(ActivityFact fact)
    {
        lock (_lock)
        {
            if (_facts.Count == FactsKept)
            {
                _facts.RemoveRange(0, FactsKept / 10);
            }

            _facts.Add(fact);
        }
    }

    private DateOnly NextDay()
    {
        var day = _lastDay is { } last && last >= clock.Today ? last.AddDays(1) : clock.Today;
        while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
        {
            day = day.AddDays(1);
        }

        _lastDay = day;
        return day;
    }
}
