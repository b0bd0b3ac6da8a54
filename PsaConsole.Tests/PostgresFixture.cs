using System.Runtime.Versioning;
using Npgsql;
using PsaConsole.Engine.Store;
using PsaConsole.Tests;

[assembly: SupportedOSPlatform("linux")]
[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace PsaConsole.Tests;

/// <summary>
/// One real PostgreSQL server for the whole test run. Each test class asks for an empty database of its own, so classes run side by side.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PrivatePostgres? _postgres;
    private int _databases;

    private readonly TemporaryFolder _folder = TemporaryFolder.Create();

    private PrivatePostgres Postgres => _postgres ?? throw new InvalidOperationException("The test server was not started.");

    public async ValueTask InitializeAsync()
    {
        await TemporaryFolder.RemoveAbandonedAsync();
        _postgres = await PrivatePostgres.StartAsync(_folder.Path, PostgresDurability.None, CancellationToken.None);
    }

    /// <summary>Makes an empty database and returns its connection string. It goes with the server at the end of the run.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(Postgres.ConnectionString);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"create database {name}", connection);
        await create.ExecuteNonQueryAsync();
        // Small pools that let go of what they don't use: many classes share the server's connections, and an engine that has ended leaves its own idle.
        return new NpgsqlConnectionStringBuilder(Postgres.ConnectionString) { Database = name, MaxPoolSize = 20, ConnectionIdleLifetime = 5, ConnectionPruningInterval = 2 }.ConnectionString;
    }

    /// <summary>Connects to the server itself, for what is done to a database from outside.</summary>
    public string Server => Postgres.ConnectionString;

    /// <summary>The same database as the console's working login, who gets its rights from <see cref="DatabaseRights.GrantAsync"/>.</summary>
    public string AsWorkingLogin(string connection) => new NpgsqlConnectionStringBuilder(connection)
    {
        Username = new NpgsqlConnectionStringBuilder(Postgres.WorkingConnectionString).Username,
        Password = new NpgsqlConnectionStringBuilder(Postgres.WorkingConnectionString).Password,
    }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        _folder.Dispose();
    }
}
