using Npgsql;

namespace PsaConsole.Benchmarks.EngineLoad;

/// <summary>Tables of the peers: the least that the work item has to persist, without anything of the engine.</summary>
internal static class PeerTables
{
    private const int AtOnce = 100;
    private const int Connections = 2;

    public static async Task CreateAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            create schema peer;
            create table peer.event (id bigint primary key, status text not null);
            create table peer.step (event_id bigint not null, number int not null, at timestamptz not null, answer jsonb not null, primary key (event_id, number));
            create table peer.audit (id bigint generated always as identity primary key, at timestamptz not null, action text not null, entity text not null, after jsonb not null);
            """);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task ReceiveAsync(NpgsqlDataSource database, long first, int count, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("insert into peer.event (id, status) select id, 'Waiting' from generate_series($1, $2) as id");
        command.Parameters.Add(new NpgsqlParameter { Value = first });
        command.Parameters.Add(new NpgsqlParameter { Value = first + count - 1 });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>What is to be persisted after a step; after the last one the audit row and "done" as well.</summary>
    public static void AddSteps(NpgsqlBatch batch, long number, int step)
    {
        Add(batch, "insert into peer.step (event_id, number, at, answer) values ($1, $2, now(), '{\"id\":\"4711\",\"status\":\"ok\"}')", number, step);
        if (step == VendorCalls.Each - 1)
        {
            Add(batch, "insert into peer.audit (at, action, entity, after) values (now(), 'load.done', 'load:' || $1, '{\"id\":\"4711\"}')", number);
            Add(batch, "update peer.event set status = 'Done' where id = $1", number);
        }
    }

    /// <summary>Persistence alone: a hundred events together, on two connections.</summary>
    public static Task PersistAsync(NpgsqlDataSource database, long first, int count, CancellationToken cancellationToken)
    {
        var portions = Enumerable.Range(0, count).Select(number => first + number).Chunk(AtOnce).ToList();
        return Parallel.ForEachAsync(portions, new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = cancellationToken }, async (portion, token) =>
        {
            for (var step = 0; step < VendorCalls.Each; step++)
            {
                await using var batch = database.CreateBatch();
                foreach (var number in portion)
                {
                    AddSteps(batch, number, step);
                }

                await batch.ExecuteNonQueryAsync(token);
            }
        });
    }

    private static void Add(NpgsqlBatch batch, string sql, long number, int? step = null)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = number });
        if (step is { } value)
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = value });
        }

        batch.BatchCommands.Add(command);
    }
}
