using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Inbox;

/// <summary>
/// Commits what lanes have done, each only while this replica holds its lease. Lanes that want to commit while others do are taken together, in one batch
/// and one transaction; a lone one is committed at once.
/// </summary>
public sealed class Committer : IDisposable
{
    /// <summary>Connections that commit side by side. More of them make smaller batches, and so more flushes of the disk.</summary>
    private const int Connections = 2;

    private const int LargestBatch = 200;

    /// <summary>
    /// Locks the lanes in the order of their keys, as the inbox does, so that neither waits for the other in a circle. A lease is renewed once half of it has passed:
    /// a new version of the row with every commit would leave the claim dead rows to step over.
    /// </summary>
    private const string HoldSql = """
        with held as (
            select lane.key, lane.arrivals, lane.lease_until from lane join unnest($1::text[], $2::bigint[]) as lease(key, fence) on lane.key = lease.key and lane.fence = lease.fence
            order by lane.key for update of lane),
        renewed as (
            update lane set lease_until = $3 from held where lane.key = held.key and (held.lease_until is null or held.lease_until < $4))
        select key, arrivals from held
        """;

    private readonly NpgsqlDataSource database;
    private readonly TimeProvider time;
    private readonly Gathering<PendingCommit, long> commits;

    public Committer(NpgsqlDataSource database, TimeProvider time)
    {
        this.database = database;
        this.time = time;
        commits = new Gathering<PendingCommit, long>(
            Connections, LargestBatch, CommitAsync, problem => problem is PostgresException or LeaseLostException or DbUpdateConcurrencyException);
    }

    /// <summary>Commits the changes of a context, renews the lease and tells the change feed.</summary>
    /// <returns>The arrivals that the lane has seen: when they have grown, something came while the lane was worked on.</returns>
    /// <exception cref="LeaseLostException">Another replica holds the lane now; nothing is saved.</exception>
    public async Task<long> SaveAsync(EngineDbContext store, LaneLease lease, IReadOnlyCollection<FeedItem> news, CancellationToken cancellationToken)
    {
        store.ChangeTracker.DetectChanges();
        var automatic = store.ChangeTracker.AutoDetectChangesEnabled;
        store.ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            return await SaveDetectedAsync(store, lease, news, cancellationToken);
        }
        finally
        {
            store.ChangeTracker.AutoDetectChangesEnabled = automatic;
        }
    }

    private async Task<long> SaveDetectedAsync(EngineDbContext store, LaneLease lease, IReadOnlyCollection<FeedItem> news, CancellationToken cancellationToken)
    {
        if (ChangeStatements.Of(store) is not { } statements)
        {
            return await SaveAloneAsync(store, lease, news, cancellationToken);
        }

        var arrivals = await commits.AskAsync(new PendingCommit(lease, statements, news), cancellationToken);
        ChangeStatements.Accept(store);
        return arrivals;
    }

    /// <summary>
    /// Gives the lane back after work that succeeded, ready again at <paramref name="readyAt"/>, or at once when something arrived meanwhile. The count of arrivals is in the
    /// lane's own row, so that an arrival that holds the row while we wait for it is seen.
    /// </summary>
    public async Task ReleaseAsync(LaneLease lease, DateTimeOffset? readyAt, CancellationToken cancellationToken)
    {
        var release = new Statement(
            """
            update lane set lease_owner = null, lease_until = null, faults = 0, ready_at = case when arrivals <> $3 then $4::timestamptz else $5 end
            where key = $1 and fence = $2
            """,
            [
                new NpgsqlParameter { Value = lease.Key },
                new NpgsqlParameter { Value = lease.Fence },
                new NpgsqlParameter { Value = lease.Arrivals },
                new NpgsqlParameter { Value = time.GetUtcNow() },
                new NpgsqlParameter { Value = (object?)readyAt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            ]);
        await commits.AskAsync(new PendingCommit(lease, [release], []), cancellationToken);
    }

    public void Dispose() => commits.Dispose();

    private async Task<IReadOnlyList<long>> CommitAsync(IReadOnlyList<PendingCommit> batch)
    {
        // No caller's token: what is committed here belongs to many.
        var cancellationToken = CancellationToken.None;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var arrivals = await HoldAsync(connection, batch, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return [.. batch.Select(item => arrivals[item.Lease.Key])];
    }

    private async Task<Dictionary<string, long>> HoldAsync(NpgsqlConnection connection, IReadOnlyList<PendingCommit> batch, CancellationToken cancellationToken)
    {
        await using var together = new NpgsqlBatch(connection);
        together.BatchCommands.Add(Hold([.. batch.Select(item => item.Lease)]));
        var commands = batch.Select(item => item.Statements.Select(statement => statement.Command()).ToList()).ToList();
        foreach (var command in commands.SelectMany(own => own))
        {
            together.BatchCommands.Add(command);
        }

        if (Tell(batch) is { } news)
        {
            together.BatchCommands.Add(news);
        }

        var arrivals = new Dictionary<string, long>(StringComparer.Ordinal);
        await using (var reader = await together.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                arrivals[reader.GetString(0)] = reader.GetInt64(1);
            }

            while (await reader.NextResultAsync(cancellationToken))
            {
                // An error of a later statement is told when its result is reached.
            }
        }

        foreach (var (item, own) in batch.Zip(commands))
        {
            Check(item, own, arrivals);
        }

        return arrivals;
    }

    private static void Check(PendingCommit item, List<NpgsqlBatchCommand> commands, Dictionary<string, long> arrivals)
    {
        if (!arrivals.ContainsKey(item.Lease.Key))
        {
            throw new LeaseLostException(item.Lease);
        }

        if (commands.Find(command => command.RecordsAffected != 1) is { } missed)
        {
            throw new DbUpdateConcurrencyException($"Somebody else has changed what lane {item.Lease.Key} was about to save: {missed.CommandText}");
        }
    }

    private NpgsqlBatchCommand Hold(IReadOnlyCollection<LaneLease> leases)
    {
        var hold = new NpgsqlBatchCommand(HoldSql);
        hold.Parameters.Add(new NpgsqlParameter { Value = leases.Select(lease => lease.Key).ToArray() });
        hold.Parameters.Add(new NpgsqlParameter { Value = leases.Select(lease => lease.Fence).ToArray() });
        hold.Parameters.Add(new NpgsqlParameter { Value = time.GetUtcNow() + Lanes.LeaseTime });
        hold.Parameters.Add(new NpgsqlParameter { Value = time.GetUtcNow() + (Lanes.LeaseTime / 2) });
        return hold;
    }

    private static NpgsqlBatchCommand? Tell(IEnumerable<PendingCommit> batch)
    {
        var news = batch.SelectMany(item => item.News).Select(item => $"{item.Kind} {item.Id}").Distinct(StringComparer.Ordinal).ToArray();
        if (news.Length == 0)
        {
            return null;
        }

        var tell = new NpgsqlBatchCommand("select pg_notify($1, news) from unnest($2::text[]) as news");
        tell.Parameters.Add(new NpgsqlParameter { Value = ChangeFeed.Channel });
        tell.Parameters.Add(new NpgsqlParameter { Value = news });
        return tell;
    }

    /// <summary>Commits a context whose rows need keys of the database: seldom, when something has become a case.</summary>
    private async Task<long> SaveAloneAsync(EngineDbContext store, LaneLease lease, IReadOnlyCollection<FeedItem> news, CancellationToken cancellationToken)
    {
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var pending = new PendingCommit(lease, [], news);
        var arrivals = await HoldAsync((NpgsqlConnection)store.Database.GetDbConnection(), [pending], cancellationToken);
        await store.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return arrivals[lease.Key];
    }
}
