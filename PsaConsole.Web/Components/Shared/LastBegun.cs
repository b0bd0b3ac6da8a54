namespace PsaConsole.Web.Components.Shared;

/// <summary>
/// Of readings of one thing that overlap, only the one that was begun last is shown: an older one that ends later would show what is no longer so, or
/// what is no longer chosen.
/// </summary>
public sealed class LastBegun
{
    private int _begun;

    /// <summary>Reads, and shows what was found unless another reading was begun meanwhile. Called in the circuit's turn only.</summary>
    public async Task ReadAsync<T>(Func<Task<T>> read, Action<T> show)
    {
        var turn = ++_begun;
        var found = await read();
        if (turn == _begun)
        {
            show(found);
        }
    }
}
