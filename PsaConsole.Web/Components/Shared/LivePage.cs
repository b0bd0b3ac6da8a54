using Microsoft.AspNetCore.Components;
using PsaConsole.Engine.Store;

namespace PsaConsole.Web.Components.Shared;

/// <summary>
/// A page that hears what was committed while it is open. Changes are gathered for a moment, so that a burst costs one reading,
/// and each page decides what it shows of them: nothing moves by itself.
/// </summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _leaving;
    private readonly Lock _gate = new();
    private HashSet<FeedItem> _gathered = [];
    private IDisposable? _subscription;
    private ITimer? _timer;

    protected LivePage()
    {
        _leaving = new CancellationTokenSource();
        Leaving = _leaving.Token;
    }

    [Inject]
    public required ChangeFeed Feed { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    /// <summary>Cancelled when the page is left: readings that nobody waits for stop.</summary>
    protected CancellationToken Leaving { get; }

    /// <summary>Whether this page shows anything that the change is about. Called on the feed's thread.</summary>
    protected abstract bool Concerns(FeedItem change);

    /// <summary>Reads again what the changes are about and redraws.</summary>
    protected abstract Task RefreshAsync(IReadOnlySet<FeedItem> changes);

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _timer = Time.CreateTimer(_ => Deliver(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _subscription = Feed.Subscribe(Gather);
        }
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _timer?.Dispose();
        _leaving.Cancel();
        _leaving.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Gather(FeedItem change)
    {
        if (change.Kind != "all" && !Concerns(change))
        {
            return;
        }

        lock (_gate)
        {
            if (_gathered.Count == 0)
            {
                _timer?.Change(Gathering, Timeout.InfiniteTimeSpan);
            }

            _gathered.Add(change);
        }
    }

    private void Deliver()
    {
        HashSet<FeedItem> changes;
        lock (_gate)
        {
            (changes, _gathered) = (_gathered, []);
        }

        _ = InvokeAsync(() => DeliverAsync(changes));
    }

    // Failures reach the page's error boundary instead of the timer's thread.
    private async Task DeliverAsync(IReadOnlySet<FeedItem> changes)
    {
        if (Leaving.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await RefreshAsync(changes);
            StateHasChanged();
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure)
        {
            await DispatchExceptionAsync(failure);
        }
    }
}
