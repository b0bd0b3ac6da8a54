namespace PsaConsole.Web.Components.Shared;

/// <summary>
/// How many open pages of this process read what was changed at the same time: half of the cores, so that the other half is for who presses something. Hundreds of
/// pages hear of the same change at once; the others wait their turn and gather what comes meanwhile, so that under load each is drawn less often, not later and later.
/// </summary>
public sealed class RefreshPace : IDisposable
{
    private readonly SemaphoreSlim _places = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Waits for a place; dispose it to leave it to the next.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        return new Place(_places);
    }

    public void Dispose() => _places.Dispose();

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
