using System.Globalization;
using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Npgsql;

namespace PsaConsole.Benchmarks.EngineLoad;

/// <summary>The same work item as one Hangfire job an event, twenty workers, long polling: what the engine is compared with.</summary>
[AutomaticRetry(Attempts = 0)]
public sealed class HangfireLoad
{
    private const int Workers = 20;
    private static VendorCalls? vendor;
    private static NpgsqlDataSource? database;

    /// <summary>Does one work item: three calls, each persisted, then an audit row and done.</summary>
    public static async Task DoAsync(long number, CancellationToken cancellationToken)
    {
        for (var step = 0; step < VendorCalls.Each; step++)
        {
            await vendor!.AskAsync(cancellationToken);
            await using var batch = database!.CreateBatch();
            PeerTables.AddSteps(batch, number, step);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    internal static void Use(VendorCalls calls, NpgsqlDataSource source) => (vendor, database) = (calls, source);

    /// <summary>Puts a job in for each number.</summary>
    internal static void Enqueue(string connection, IEnumerable<long> numbers)
    {
        var client = new BackgroundJobClient(Storage(connection));
        Parallel.ForEach(numbers, new ParallelOptions { MaxDegreeOfParallelism = 4 }, number => client.Enqueue(() => DoAsync(number, CancellationToken.None)));
    }

    internal static BackgroundJobServer Serve(string connection) => new(new BackgroundJobServerOptions { WorkerCount = Workers, ServerName = "load-" + Guid.NewGuid().ToString("n", CultureInfo.InvariantCulture) }, Storage(connection));

    private static PostgreSqlStorage Storage(string connection)
    {
        var options = new PostgreSqlStorageOptions { SchemaName = "peer_jobs", EnableLongPolling = true, UseSlidingInvisibilityTimeout = true, QueuePollInterval = TimeSpan.FromSeconds(1) };
        return new PostgreSqlStorage(new NpgsqlConnectionFactory(connection, options), options);
    }
}
