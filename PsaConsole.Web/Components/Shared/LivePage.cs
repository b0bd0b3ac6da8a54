using Microsoft.AspNetCore.Components;
using PsaConsole.Engine.Store;

namespace PsaConsole.Web.Components.Shared;

/// <summary>
/// A page that hears what was committed while it is open. Changes are gathered for a moment, so that a burst costs one reading,
/// and each page decides what it shows of them: nothing moves by itself. Reading what a new address asks for and reading what was changed take turns: a reading
/// that was begun for the page before would otherwise put its rows on this one.
/// </summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _leaving;
    private readonly SemaphoreSlim _turn = new(0, 1);
    private readonly Lock _gate = new();
    private HashSet<FeedItem> _gathered = [];
    private bool _pending;
    private bool _isBegun;
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

    [Inject]
    public required RefreshPace Pace { get; init; }

    /// <summary>Cancelled when the page is left: readings that nobody waits for stop.</summary>
    protected CancellationToken Leaving { get; }

    /// <summary>Whether this page shows anything that the change is about. Called on the feed's thread.</summary>
    protected abstract bool Concerns(FeedItem change);

    /// <summary>Reads again what the changes are about and redraws.</summary>
    protected abstract Task RefreshAsync(IReadOnlySet<FeedItem> changes);

    /// <summary>Reads what the parameters ask for. Pages override this instead of <see cref="OnParametersSetAsync"/>.</summary>
    protected virtual Task ShowAsync() => Task.CompletedTask;

    protected sealed override async Task OnParametersSetAsync()
    {
        if (_isBegun)
        {
            await InTurnAsync(ShowAsync);
            return;
        }

        // Nothing is read again before it was read once.
        _isBegun = true;
        try
        {
            await ShowAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Listens before the first reading: what is committed between a reading and the first picture of it would be told to nobody.</summary>
    protected sealed override void OnInitialized()
    {
        if (RendererInfo.IsInteractive)
        {
            _timer = Time.CreateTimer(_ => _ = InvokeAsync(DeliverAsync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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
            _gathered.Add(change);
            if (!_pending)
            {
                _pending = true;
                _timer?.Change(Gathering, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private HashSet<FeedItem> TakeGathered()
    {
        lock (_gate)
        {
            var changes = _gathered;
            (_gathered, _pending) = ([], false);
            return changes;
        }
    }

    /// <summary>
    /// Reads in turn with what else is read for this page. Whatever a button reads anew goes through here: a reading of what was changed that is under way would
    /// otherwise put what it began with over it.
    /// </summary>
    protected async Task InTurnAsync(Func<Task> read)
    {
        await _turn.WaitAsync(Leaving);
        try
        {
            await read();
        }
        finally
        {
            _turn.Release();
        }
    }

    // Failures reach the page's error boundary instead of the timer's thread.
    private async Task DeliverAsync()
    {
        if (Leaving.IsCancellationRequested)
        {
            return;
        }

        try
        {
            using var place = await Pace.EnterAsync(Leaving);
            await InTurnAsync(() => RefreshAsync(TakeGathered()));
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
