using System.Runtime.Versioning;
using Npgsql;

namespace PsaConsole.Engine.Store;

/// <summary>
/// A PostgreSQL server of the console's own, its data in the console's data folder, for those who bring no server.
/// Disposing it stops the server. When the console itself is killed the server stays up and the next start in the same folder
/// takes it over, with everything that was committed.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private const string DatabaseName = "psaconsole";
    private const string WorkingLogin = "psaconsole_work";
    private const int StartAttempts = 5;

    // Recovery after a crash replays at most max_wal_size, seconds; a slow disk gets minutes.
    private const string StartSeconds = "300";
    private const string FastStopSeconds = "20";
    private static readonly TimeSpan OrphanPatience = TimeSpan.FromSeconds(10);

    private readonly PostgresCluster _cluster;
    private readonly DataFolderLock _folderLock;

    private PrivatePostgres(PostgresCluster cluster, DataFolderLock folderLock, PostgresServer server, bool wasRunning)
    {
        _cluster = cluster;
        _folderLock = folderLock;
        ProcessId = server.ProcessId;
        Port = server.Port;
        WasRunning = wasRunning;
        ConnectionString = Connection(DatabaseName, DatabaseName);
        WorkingConnectionString = Connection(DatabaseName, WorkingLogin);
    }

    /// <summary>Connects as the owner of the database <c>psaconsole</c>, who may create databases but is no superuser. Carries the password.</summary>
    public string ConnectionString { get; }

    /// <summary>Connects as the login that the console works with: what it may do is granted after each migration (<see cref="DatabaseRights"/>).</summary>
    public string WorkingConnectionString { get; }

    public int ProcessId { get; }

    public int Port { get; }

    /// <summary>True when a server that an earlier console left behind was taken over instead of started.</summary>
    public bool WasRunning { get; }

    /// <summary>
    /// Starts the server of the data folder, making the folder and the database <c>psaconsole</c> when they are not there.
    /// Fails with <see cref="PrivatePostgresException"/> when PostgreSQL is not installed or another console uses the folder.
    /// </summary>
    public static Task<PrivatePostgres> StartAsync(string dataFolder, CancellationToken cancellationToken) =>
        StartAsync(dataFolder, PostgresDurability.Full, cancellationToken);

    /// <inheritdoc cref="StartAsync(string, CancellationToken)"/>
    public static async Task<PrivatePostgres> StartAsync(
        string dataFolder, PostgresDurability durability, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PrivatePostgresException(
                "The private PostgreSQL runs on Linux only: name a server of your own with ConnectionStrings__PsaConsole.");
        }

        var folder = Path.GetFullPath(dataFolder);
        try
        {
            return await StartInAsync(folder, durability, cancellationToken);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new PrivatePostgresException(
                $"The account {Environment.UserName} may not use the data folder {folder} ({denied.Message}): " +
                "start the console with the account that made it, or choose another folder (Data:Folder, or ./run --data).");
        }
    }

    /// <summary>Stops the server within seconds: open transactions are rolled back, committed ones are on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            NpgsqlConnection.ClearPool(new NpgsqlConnection(ConnectionString));
            NpgsqlConnection.ClearPool(new NpgsqlConnection(WorkingConnectionString));
            await StopServerAsync(_cluster);
        }
        finally
        {
            _folderLock.Dispose();
        }
    }

    /// <summary>Lets go of the folder as the console's death does: the server stays up.</summary>
    internal void Abandon() => _folderLock.Dispose();

    [SupportedOSPlatform("linux")]
    private static async Task<PrivatePostgres> StartInAsync(string folder, PostgresDurability durability, CancellationToken cancellationToken)
    {
        var folderLock = DataFolderLock.Take(folder);
        PostgresCluster? cluster = null;
        try
        {
            cluster = await PostgresCluster.OpenAsync(folder, durability, cancellationToken);
            var left = await LeftRunningAsync(cluster, cancellationToken);
            var server = left ?? await StartServerAsync(cluster, durability, cancellationToken);
            var postgres = new PrivatePostgres(cluster, folderLock, server, wasRunning: left is not null);
            await postgres.EnsureDatabaseAsync(cancellationToken);
            return postgres;
        }
        catch
        {
            using (folderLock)
            {
                if (cluster is not null)
                {
                    await StopServerAsync(cluster);
                }
            }

            throw;
        }
    }

    private static async Task<PostgresServer?> LeftRunningAsync(PostgresCluster cluster, CancellationToken cancellationToken)
    {
        var server = PostgresServer.LiveIn(cluster.Folder);
        if (server is null)
        {
            await PostgresServer.ClearRemainsAsync(cluster.Folder, OrphanPatience, cancellationToken);
            return null;
        }

        if (server.IsReady)
        {
            return server;
        }

        // Still recovering, or already on its way down: a fresh start waits for the one and is not surprised by the other.
        await StopServerAsync(cluster);
        return null;
    }

    private static async Task<PostgresServer> StartServerAsync(
        PostgresCluster cluster, PostgresDurability durability, CancellationToken cancellationToken)
    {
        cluster.RollLog();
        for (var attempt = 1; ; attempt++)
        {
            cluster.WriteSettings(durability);
            var start = await cluster.Account.RunAsync(
                cluster.Binaries.PgCtl, ["start", "-D", cluster.Folder, "-l", cluster.LogFile, "-w", "-t", StartSeconds], cancellationToken);
            if (start.ExitCode == 0 && PostgresServer.LiveIn(cluster.Folder) is { } server)
            {
                return server;
            }

            // Between choosing a free port and binding it another process may take it.
            var log = File.Exists(cluster.LogFile) ? File.ReadLines(cluster.LogFile).TakeLast(12).ToArray() : [];
            if (attempt == StartAttempts || !log.Any(line => line.Contains("could not bind", StringComparison.Ordinal)))
            {
                throw new PrivatePostgresException(
                    $"PostgreSQL did not start in {cluster.Folder}; the end of {cluster.LogFile} says:\n{string.Join('\n', log)}");
            }
        }
    }

    private static async Task StopServerAsync(PostgresCluster cluster)
    {
        // pg_ctl signals whatever process postmaster.pid names: only let it when that is our server.
        foreach (var mode in (string[])["fast", "immediate"])
        {
            if (PostgresServer.LiveIn(cluster.Folder) is null)
            {
                break;
            }

            await cluster.Account.RunAsync(
                cluster.Binaries.PgCtl, ["stop", "-D", cluster.Folder, "-m", mode, "-w", "-t", FastStopSeconds], CancellationToken.None);
        }

        await PostgresServer.ClearRemainsAsync(cluster.Folder, OrphanPatience, CancellationToken.None);
    }

    private async Task EnsureDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Connection("postgres", "postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        var password = _cluster.Password;
        await ExecuteUnlessAsync("select 1 from pg_roles where rolname = 'psaconsole'",
            $"create role psaconsole login createdb password '{password}'");
        await ExecuteUnlessAsync($"select 1 from pg_roles where rolname = '{WorkingLogin}'",
            $"create role {WorkingLogin} login password '{password}'");
        await ExecuteUnlessAsync("select 1 from pg_database where datname = 'psaconsole'",
            "create database psaconsole owner psaconsole");

        async Task ExecuteUnlessAsync(string exists, string create)
        {
            await using var probe = new NpgsqlCommand(exists, connection);
            if (await probe.ExecuteScalarAsync(cancellationToken) is null)
            {
                await using var command = new NpgsqlCommand(create, connection);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }

    private string Connection(string database, string user) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        Username = user,
        Password = _cluster.Password,
        ApplicationName = "PsaConsole",
    }.ConnectionString;
}
