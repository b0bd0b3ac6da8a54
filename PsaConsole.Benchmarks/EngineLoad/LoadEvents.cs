using System.Diagnostics;
using System.Globalization;
using Npgsql;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Inbox;

namespace PsaConsole.Benchmarks.EngineLoad;

/// <summary>Puts events in and waits until the engine has verified them.</summary>
internal sealed class LoadEvents(string connection) : IAsyncDisposable
{
    private const int Page = 500;
    private static int events;

    private readonly NpgsqlDataSource database = NpgsqlDataSource.Create(connection);

    public NpgsqlDataSource Database => database;

    /// <summary>The work items' own numbers, none twice.</summary>
    public static int Next(int count) => Interlocked.Add(ref events, count) - count + 1;

    /// <summary>Receives so many events at once and waits until each is verified.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> BurstAsync(int count, CancellationToken cancellationToken)
    {
        var since = await LastAuditAsync(cancellationToken);
        var clock = Stopwatch.StartNew();
        foreach (var portion in Enumerable.Range(Next(count), count).Chunk(Page))
        {
            await ReceiveAsync(portion, cancellationToken);
        }

        await VerifiedAsync(since, count, cancellationToken);
        return clock.Elapsed;
    }

    /// <summary>Receives events at a steady rate, and waits until each is verified.</summary>
    /// <returns>Milliseconds from receipt to verified of each, the shortest first.</returns>
    public async Task<IReadOnlyList<double>> StreamAsync(int perSecond, TimeSpan length, Action<TimeSpan> tick, CancellationToken cancellationToken)
    {
        var (since, item) = (await LastAuditAsync(cancellationToken), await LastItemAsync(cancellationToken));
        var (clock, sent) = (Stopwatch.StartNew(), 0);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (clock.Elapsed < length && await pace.WaitForNextTickAsync(cancellationToken))
        {
            var due = (int)(clock.Elapsed.TotalSeconds * perSecond) - sent;
            for (var number = 0; number < due; number++)
            {
                await ReceiveAsync([Next(1)], cancellationToken);
            }

            sent += Math.Max(0, due);
            tick(clock.Elapsed);
        }

        await VerifiedAsync(since, sent, cancellationToken);
        return await TimesAsync(item, cancellationToken);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private Task<int> ReceiveAsync(IEnumerable<int> numbers, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new Intake(database, TimeProvider.System).ReceiveAsync(
            LoadWorkflow.SystemName, [.. numbers.Select(number => new Change(LoadWorkflow.SystemName, number.ToString(CultureInfo.InvariantCulture), "1", now, null))], cancellationToken);
    }

    private async Task VerifiedAsync(long since, int count, CancellationToken cancellationToken)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await again.WaitForNextTickAsync(cancellationToken))
        {
            if (await NumberAsync($"select count(*) from audit_entry where id > {since} and action = 'run.completed'", cancellationToken) >= count)
            {
                return;
            }
        }
    }

    private async Task<IReadOnlyList<double>> TimesAsync(long since, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"select extract(epoch from run.ended_at - inbox_item.received_at)::float8 * 1000 from inbox_item join run on run.id = inbox_item.run_id where inbox_item.id > {since} order by 1");
        var times = new List<double>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            times.Add(reader.GetDouble(0));
        }

        return times;
    }

    private Task<long> LastAuditAsync(CancellationToken cancellationToken) => NumberAsync("select coalesce(max(id), 0) from audit_entry", cancellationToken);

    private Task<long> LastItemAsync(CancellationToken cancellationToken) => NumberAsync("select coalesce(max(id), 0) from inbox_item", cancellationToken);

    private async Task<long> NumberAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
