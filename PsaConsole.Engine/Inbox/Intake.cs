using Npgsql;
using NpgsqlTypes;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Inbox;

/// <summary>Saves received changes, once each, and wakes their lanes: one statement and one commit for a page of them.</summary>
public sealed class Intake(NpgsqlDataSource database, TimeProvider time)
{
    private const string Sql = """
        with received as (
            insert into inbox_item (system_name, source_type, source_id, revision, lane_key, occurred_at, received_at, status, attempts, resume_at)
            select $1, type, id, revision, lane, occurred, $7, 'Waiting', 0, due
            from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $9::timestamptz[]) as change(type, id, revision, lane, occurred, due)
            on conflict (system_name, source_type, source_id, revision) do nothing
            returning lane_key, source_type, resume_at),
        woken as (
            insert into lane (key, ready_at, fence, arrivals, yields)
            select lane_key, min(coalesce(resume_at, $7)), 0, 1, min(yields)
            from received join unnest($10::text[], $11::int[]) as priority(type, yields) on priority.type = received.source_type
            group by lane_key order by lane_key
            on conflict (key) do update set ready_at = least(lane.ready_at, excluded.ready_at), arrivals = lane.arrivals + 1, yields = least(lane.yields, excluded.yields)
            returning key)
        select (select count(*) from received), (select count(*) from woken), (select pg_notify($8, 'inbox ' || $1) where exists (select from received))
        """;

    /// <summary>Saves the changes of a system; what is known already is left out.</summary>
    /// <returns>How many were new.</returns>
    public Task<int> ReceiveAsync(string systemName, IReadOnlyCollection<Change> changes, CancellationToken cancellationToken) =>
        ReceiveAsync(systemName, changes, bulk: false, cancellationToken);

    /// <summary>Saves the changes of a system; what is known already is left out.</summary>
    /// <param name="bulk">They were found by reading the source from its beginning: others go before them.</param>
    /// <returns>How many were new.</returns>
    public async Task<int> ReceiveAsync(string systemName, IReadOnlyCollection<Change> changes, bool bulk, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
        {
            return 0;
        }

        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter { Value = systemName });
        command.Parameters.Add(Texts(changes, change => change.SourceType));
        command.Parameters.Add(Texts(changes, change => change.SourceId));
        command.Parameters.Add(Texts(changes, change => change.Revision));
        command.Parameters.Add(Texts(changes, change => LaneKey(systemName, change)));
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = changes.Select(change => change.OccurredAt.UtcDateTime).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        });
        command.Parameters.Add(new NpgsqlParameter { Value = time.GetUtcNow() });
        command.Parameters.Add(new NpgsqlParameter { Value = ChangeFeed.Channel });
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = changes.Select(change => change.DueAt?.UtcDateTime).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        });
        var types = changes.Select(change => change.SourceType).Distinct().ToArray();
        command.Parameters.Add(new NpgsqlParameter { Value = types });
        command.Parameters.Add(new NpgsqlParameter { Value = types.Select(type => LanePriority.YieldOf(type, bulk)).ToArray() });
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The ordering key of a record: everything of one record is one lane, unless the change names another.</summary>
    public static string LaneKey(string systemName, Change change) => change.LaneKey ?? $"{change.SourceType}:{systemName}:{change.SourceId}";

    private static NpgsqlParameter Texts(IEnumerable<Change> changes, Func<Change, string> text) =>
        new() { Value = changes.Select(text).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
