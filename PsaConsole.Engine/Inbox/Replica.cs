using Npgsql;
using PsaConsole.Engine.Connectors;

namespace PsaConsole.Engine.Inbox;

/// <summary>
/// This process among the replicas. It holds a session-level advisory lock for as long as it lives: PostgreSQL drops the lock with the
/// connection, so that the lanes of a killed process are free at once, without waiting for its leases to run out.
/// </summary>
public sealed class Replica(NpgsqlDataSource database, CallBudgets budgets) : IAsyncDisposable
{
    private readonly SemaphoreSlim opening = new(1, 1);
    private NpgsqlConnection? connection;

    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>Number of the advisory lock that stands for a replica: the same in SQL, see <see cref="Lanes"/>.</summary>
    private const string LockNumber = "hashtextextended($1, 0)";

    /// <summary>The lock that all replicas hold together: its holders are the replicas that live.</summary>
    private const string TogetherSql = "pg_advisory_lock_shared(5264195, 1)";

    private const string CountSql = """
        select count(distinct pid) from pg_locks
        where locktype = 'advisory' and classid = 5264195 and objid = 1 and objsubid = 2 and granted
            and database = (select oid from pg_database where datname = current_database())
        """;

    /// <summary>Takes the lock, or takes it again after the connection was lost.</summary>
    public async Task AttendAsync(CancellationToken cancellationToken)
    {
        await opening.WaitAsync(cancellationToken);
        try
        {
            if (connection is not null && await IsAliveAsync(connection, cancellationToken))
            {
                return;
            }

            if (connection is { } lost)
            {
                // Forgotten first: while the database is away nothing takes its place, and it must not be asked again.
                connection = null;
                await lost.DisposeAsync();
            }

            connection = await TakeLockAsync(cancellationToken);
        }
        finally
        {
            opening.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        opening.Dispose();
    }

    private async Task<NpgsqlConnection> TakeLockAsync(CancellationToken cancellationToken)
    {
        var opened = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand($"select pg_advisory_lock({LockNumber}), {TogetherSql}", opened);
            command.Parameters.Add(new NpgsqlParameter { Value = Id.ToString() });
            await command.ExecuteNonQueryAsync(cancellationToken);
            await CountAsync(opened, cancellationToken);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> IsAliveAsync(NpgsqlConnection held, CancellationToken cancellationToken)
    {
        try
        {
            await CountAsync(held, cancellationToken);
            return true;
        }
        catch (Exception gone) when (gone is NpgsqlException or InvalidOperationException or ObjectDisposedException or IOException or TimeoutException)
        {
            // What is broken already says so in other words than what breaks just now.
            return false;
        }
    }

    /// <summary>Counts the replicas, who share what the outside systems allow.</summary>
    private async Task CountAsync(NpgsqlConnection held, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(CountSql, held);
        budgets.Replicas = (int)(long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
