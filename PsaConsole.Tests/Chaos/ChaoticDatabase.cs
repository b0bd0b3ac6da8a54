using System.Diagnostics;
using Npgsql;
using PsaConsole.Engine.Store;

namespace PsaConsole.Tests.Chaos;

/// <summary>A PostgreSQL server of a chaotic firm's own, with full durability, that can be killed without harm to other tests.</summary>
internal sealed class ChaoticDatabase : IAsyncDisposable
{
    private readonly TemporaryFolder folder = TemporaryFolder.Create();
    private PrivatePostgres server = null!;

    /// <summary>The same after each restart.</summary>
    public string ConnectionString { get; private set; } = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ChaoticDatabase> StartAsync()
    {
        var database = new ChaoticDatabase();
        database.server = await PrivatePostgres.StartAsync(database.folder.Path, Token);
        database.ConnectionString = database.server.ConnectionString;
        return database;
    }

    /// <summary>Ends the server as a cut of its power does, and starts it again: it recovers what was committed, and nothing else.</summary>
    public async Task KillAsync()
    {
        using (var process = Process.GetProcessById(server.ProcessId))
        {
            process.Kill();
        }

        await server.DisposeAsync();
        server = await PrivatePostgres.StartAsync(folder.Path, Token);
        Assert.Equal(ConnectionString, server.ConnectionString);
        NpgsqlConnection.ClearPool(new NpgsqlConnection(ConnectionString));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }
}
