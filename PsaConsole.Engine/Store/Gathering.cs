using System.Collections.Concurrent;

namespace PsaConsole.Engine.Store;

/// <summary>
/// Does together what many ask for at the same time: while a turn is taken, what is asked for gathers, and the next turn does all of it. Who asks alone is
/// served at once. When a turn fails and left nothing behind, its items are tried one by one, so that one can't harm another.
/// </summary>
/// <param name="turns">Turns that are taken side by side.</param>
/// <param name="most">Items in one turn.</param>
/// <param name="work">Does the items; answers a result for each, in their order.</param>
/// <param name="leftNothing">Whether a failure is known to have left nothing behind. After a lost connection nobody knows.</param>
internal sealed class Gathering<T, TResult>(int turns, int most, Func<IReadOnlyList<T>, Task<IReadOnlyList<TResult>>> work, Func<Exception, bool> leftNothing) : IDisposable
{
    private readonly ConcurrentQueue<Asked> waiting = new();
    private readonly SemaphoreSlim free = new(turns);

    /// <summary>Whoever gets a turn works for all: it takes what waits, its own item among it, and the others find theirs done when their turn comes.</summary>
    public async Task<TResult> AskAsync(T item, CancellationToken cancellationToken)
    {
        var own = new Asked(item);
        waiting.Enqueue(own);
        try
        {
            await free.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!own.Withdraw())
        {
            // Somebody has it in hand: what becomes of it is what counts.
            return await own.Done.Task;
        }

        try
        {
            while (!own.IsTaken && Take() is { Count: > 0 } turn)
            {
                await DoAsync(turn);
            }
        }
        finally
        {
            free.Release();
        }

        return await own.Done.Task;
    }

    public void Dispose() => free.Dispose();

    private List<Asked> Take()
    {
        var turn = new List<Asked>();
        while (turn.Count < most && waiting.TryDequeue(out var next))
        {
            if (next.Take())
            {
                turn.Add(next);
            }
        }

        return turn;
    }

    private async Task DoAsync(List<Asked> turn)
    {
        try
        {
            var results = await work([.. turn.Select(asked => asked.Item)]);
            for (var index = 0; index < turn.Count; index++)
            {
                turn[index].Done.TrySetResult(results[index]);
            }
        }
        catch (Exception problem) when (turn.Count > 1 && leftNothing(problem))
        {
            foreach (var asked in turn)
            {
                await DoAsync([asked]);
            }
        }
        catch (Exception problem)
        {
            turn.ForEach(asked => asked.Done.TrySetException(problem));
        }
    }

    private sealed class Asked(T item)
    {
        private const int Waiting = 0;
        private const int Taken = 1;
        private const int Withdrawn = 2;

        private int state;

        public T Item => item;

        public TaskCompletionSource<TResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsTaken => Volatile.Read(ref state) == Taken;

        public bool Take() => Interlocked.CompareExchange(ref state, Taken, Waiting) == Waiting;

        public bool Withdraw() => Interlocked.CompareExchange(ref state, Withdrawn, Waiting) == Waiting;
    }
}
