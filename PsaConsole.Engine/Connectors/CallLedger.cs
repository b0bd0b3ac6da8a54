using Npgsql;

namespace PsaConsole.Engine.Connectors;

/// <summary>The row that all replicas take a system's calls of a day from.</summary>
public sealed class CallLedger(NpgsqlDataSource database)
{
    private const string LockSql = """
        insert into call_quota (system_name, day, taken) values ($1, $2, 0)
        on conflict (system_name, day) do update set taken = call_quota.taken
        returning greatest(0, least($3, $4 - taken))
        """;

    /// <summary>Takes up to so many calls.</summary>
    /// <param name="count">Calls wanted.</param>
    /// <param name="limit">Calls of the day that may be taken in all.</param>
    /// <returns>Calls granted; zero when none is left.</returns>
    public async Task<long> TakeAsync(string systemName, DateOnly day, long count, long limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The first statement locks the row, whether it makes it or finds it, so that nobody takes in between.
        await using var look = new NpgsqlCommand(LockSql, connection);
        look.Parameters.Add(new NpgsqlParameter { Value = systemName });
        look.Parameters.Add(new NpgsqlParameter { Value = day });
        look.Parameters.Add(new NpgsqlParameter { Value = count });
        look.Parameters.Add(new NpgsqlParameter { Value = limit });
        var granted = (long)(await look.ExecuteScalarAsync(cancellationToken))!;
        await using var take = new NpgsqlCommand("update call_quota set taken = taken + $3 where system_name = $1 and day = $2", connection);
        take.Parameters.Add(new NpgsqlParameter { Value = systemName });
        take.Parameters.Add(new NpgsqlParameter { Value = day });
        take.Parameters.Add(new NpgsqlParameter { Value = granted });
        await take.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return granted;
    }
}
