using System.Diagnostics;

namespace PsaConsole.Benchmarks.EngineLoad;

/// <summary>The same work item done by others: only called, only persisted, or by Hangfire.</summary>
internal sealed class PeerLoads(LoadHouse house, LoadEvents events, OwnProcess hangfire, string connection)
{
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        await CallAsync(1_000, 64, cancellationToken);
        await PersistAsync(2_000, cancellationToken);
        await HangfireAsync(100, cancellationToken);
    }

    public Task<Figures> CallAsync(int count, int concurrency, CancellationToken cancellationToken) => CallAsync(house, count, concurrency, cancellationToken);

    /// <summary>Only the calls of the work items.</summary>
    public static Task<Figures> CallAsync(LoadHouse house, int count, int concurrency, CancellationToken cancellationToken) => OfAsync(
        house, count, () => Environment.CpuUsage.TotalTime, () => Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken }, async (_, token) =>
        {
            for (var call = 0; call < VendorCalls.Each; call++)
            {
                await house.Vendor.AskAsync(token);
            }
        }));

    /// <summary>Only what the work items persist.</summary>
    public async Task<Figures> PersistAsync(int count, CancellationToken cancellationToken)
    {
        var first = LoadEvents.Next(count);
        await PeerTables.ReceiveAsync(events.Database, first, count, cancellationToken);
        return await OfAsync(house, count, () => Environment.CpuUsage.TotalTime, () => PeerTables.PersistAsync(events.Database, first, count, cancellationToken));
    }

    /// <summary>A job for each work item. The jobs are put in before the clock starts; what that costs counts with the processor time.</summary>
    public async Task<Figures> HangfireAsync(int count, CancellationToken cancellationToken)
    {
        var first = LoadEvents.Next(count);
        await PeerTables.ReceiveAsync(events.Database, first, count, cancellationToken);
        var enqueuing = await OfAsync(house, count, () => Environment.CpuUsage.TotalTime, () =>
        {
            HangfireLoad.Enqueue(connection, Enumerable.Range(first, count).Select(number => (long)number));
            return Task.CompletedTask;
        });
        var working = await OfAsync(house, count, () => hangfire.ProcessorTime, async () =>
        {
            await PostAsync("/start", cancellationToken);
            using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (await again.WaitForNextTickAsync(cancellationToken) && await WaitingAsync(first, count, cancellationToken) > 0)
            {
                // Until the last one is done.
            }
        });
        await PostAsync("/stop", cancellationToken);
        return working with { Microseconds = working.Microseconds + enqueuing.Microseconds, DatabaseMicroseconds = working.DatabaseMicroseconds + enqueuing.DatabaseMicroseconds };
    }

    private static async Task<Figures> OfAsync(LoadHouse house, int count, Func<TimeSpan> processor, Func<Task> work)
    {
        var (own, database, clock) = (processor(), house.DatabaseTime, Stopwatch.StartNew());
        await work();
        var served = (house.DatabaseTime - database).TotalMicroseconds / count;
        return new Figures(count / clock.Elapsed.TotalSeconds, ((processor() - own).TotalMicroseconds / count) + served, served);
    }

    private async Task<long> WaitingAsync(int first, int count, CancellationToken cancellationToken)
    {
        await using var command = events.Database.CreateCommand($"select count(*) from peer.event where id between {first} and {first + count - 1} and status <> 'Done'");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task PostAsync(string path, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = hangfire.Address, Timeout = TimeSpan.FromMinutes(2) };
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), null, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
