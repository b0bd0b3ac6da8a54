using Microsoft.EntityFrameworkCore;
using Npgsql;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Inbox;

/// <summary>Claims lanes for this replica; <see cref="Committer"/> gives them back. A lane is claimable when it is ready and nobody alive holds it.</summary>
public sealed class Lanes(NpgsqlDataSource database, Replica replica, TimeProvider time)
{
    /// <summary>How long a lease holds without a commit; every commit renews it.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(4);

    /// <summary>Takes up to <paramref name="count"/> ready lanes, in the order of <see cref="LanePriority"/>.</summary>
    public async Task<IReadOnlyList<LaneLease>> ClaimAsync(int count, CancellationToken cancellationToken)
    {
        const string sql = """
            update lane set lease_owner = $1, lease_until = $2::timestamptz + $3, fence = fence + 1
            where key in (
                select key from lane
                where ready_at <= $2 and (lease_owner is null or lease_until < $2 or (lease_owner <> $1 and not exists (
                    select 1 from pg_locks
                    where locktype = 'advisory' and granted
                      and ((classid::bigint << 32) | objid::bigint) = hashtextextended(lease_owner::text, 0))))
                order by turn_at limit $4 for update skip locked)
            returning key, fence, arrivals, faults
            """;
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = replica.Id });
        command.Parameters.Add(new NpgsqlParameter { Value = time.GetUtcNow() });
        command.Parameters.Add(new NpgsqlParameter { Value = LeaseTime });
        command.Parameters.Add(new NpgsqlParameter { Value = count });
        var leases = new List<LaneLease>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            leases.Add(new LaneLease(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3)));
        }

        return leases;
    }

    /// <summary>When the next lane becomes ready; null when none waits.</summary>
    public async Task<DateTimeOffset?> NextReadyAtAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select min(ready_at) from lane where ready_at is not null and lease_owner is distinct from $1");
        command.Parameters.Add(new NpgsqlParameter { Value = replica.Id });
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }

    /// <summary>Has a lane looked at as soon as the caller's transaction is committed.</summary>
    internal static Task WakeAsync(EngineDbContext store, string key, DateTimeOffset now, CancellationToken cancellationToken) => WakeAsync(store, [key], now, cancellationToken);

    /// <summary>Has several lanes looked at. The caller holds their rows: two that woke the same ones in another order would wait for each other.</summary>
    internal static async Task WakeAsync(EngineDbContext store, IReadOnlyList<string> keys, DateTimeOffset now, CancellationToken cancellationToken) =>
        await store.Database.ExecuteSqlAsync(
            $"""
            with woken as (update lane set ready_at = {now}, arrivals = arrivals + 1 where key = any ({keys}))
            select pg_notify({ChangeFeed.Channel}, 'lane ' || key) from unnest({keys}) as key
            """,
            cancellationToken);
}
