using Npgsql;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Inbox;

/// <summary>
/// The systems that are out of service, as every step asks: kept in memory for a second, or until the change feed tells of a change.
/// </summary>
public sealed class Pauses : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource database;
    private readonly TimeProvider time;
    private readonly IDisposable subscription;
    private Kept? kept;

    public Pauses(NpgsqlDataSource database, ChangeFeed feed, TimeProvider time)
    {
        this.database = database;
        this.time = time;
        subscription = feed.Subscribe(item =>
        {
            if (item.Kind is "system" or "all")
            {
                Volatile.Write(ref kept, null);
            }
        });
    }

    /// <summary>Why the system is paused; null when it is in service.</summary>
    public async Task<string?> ReasonAsync(string systemName, CancellationToken cancellationToken)
    {
        var known = Volatile.Read(ref kept);
        if (known is null || time.GetElapsedTime(known.ReadAt) > Fresh)
        {
            known = await ReadAsync(cancellationToken);
            Volatile.Write(ref kept, known);
        }

        return known.Reasons.GetValueOrDefault(systemName);
    }

    public void Dispose() => subscription.Dispose();

    private async Task<Kept> ReadAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        await using var command = database.CreateCommand("select system_name, reason from system_pause");
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            reasons[reader.GetString(0)] = reader.GetString(1);
        }

        return new Kept(began, reasons);
    }

    private sealed record Kept(long ReadAt, Dictionary<string, string> Reasons);
}
