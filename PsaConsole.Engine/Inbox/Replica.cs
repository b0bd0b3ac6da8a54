using Npgsql;

namespace PsaConsole.Engine.Inbox;

/// <summary>
/// This process among the replicas. It holds a session-level advisory lock for as long as it lives: PostgreSQL drops the lock with the
/// connection, so that the lanes of a killed process are free at once, without waiting for its leases to run out.
/// </summary>
public sealed class Replica(NpgsqlDataSource database) : IAsyncDisposable
{
    private readonly SemaphoreSlim opening = new(1, 1);
    private NpgsqlConnection? connection;

    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>Number of the advisory lock that stands for a replica: the same in SQL, see <see cref="Lanes"/>.</summary>
    private const string LockNumber = "hashtextextended($1, 0)";

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

            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            connection = await database.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand($"select pg_advisory_lock({LockNumber})", connection);
            command.Parameters.Add(new NpgsqlParameter { Value = Id.ToString() });
            await command.ExecuteNonQueryAsync(cancellationToken);
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

    private static async Task<bool> IsAliveAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand("select 1", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
