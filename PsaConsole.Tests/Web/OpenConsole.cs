using Microsoft.EntityFrameworkCore;
using Npgsql;
using PsaConsole.Engine.Store;

namespace PsaConsole.Tests.Web;

/// <summary>One console for the tests of a class, on an empty database of its own that the tests may fill.</summary>
public sealed class OpenConsole(PostgresFixture postgres) : IAsyncLifetime
{
    private ConsoleProcess? _console;
    private readonly TemporaryFolder _anchors = TemporaryFolder.Create();

    public ConsoleProcess Console => _console ?? throw new InvalidOperationException("The console was not started.");

    /// <summary>Connects to its database as the owner.</summary>
    public string Connection { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Connection = await postgres.CreateDatabaseAsync();
        _console = await ConsoleProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["ConnectionStrings__PsaConsole"] = postgres.AsWorkingLogin(Connection),
                ["ConnectionStrings__PsaConsoleOwner"] = Connection,
                ["Engine__AnchorFolder"] = _anchors.Path,
                // Every interface, so that a test can knock from outside of loopback.
                ["ASPNETCORE_URLS"] = "http://0.0.0.0:0",
            },
            CancellationToken.None);
    }

    /// <summary>The console's address on loopback.</summary>
    public Uri Local => new UriBuilder(Console.Address) { Host = "127.0.0.1" }.Uri;

    public HttpClient NewClient()
    {
        var client = Console.NewClient();
        client.BaseAddress = Local;
        return client;
    }

    /// <summary>The store that the console reads.</summary>
    public EngineDbContext OpenStore() => new(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(Connection).Options);

    /// <summary>Tells open pages that something was committed, as the engine does.</summary>
    public async Task TellAsync(string kind, string id)
    {
        await using var connection = new NpgsqlConnection(Connection);
        await connection.OpenAsync();
        await using var notify = new NpgsqlCommand("select pg_notify($1, $2)", connection);
        notify.Parameters.Add(new NpgsqlParameter { Value = ChangeFeed.Channel });
        notify.Parameters.Add(new NpgsqlParameter { Value = $"{kind} {id}" });
        await notify.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_console is not null)
        {
            await _console.DisposeAsync();
        }

        _anchors.Dispose();
    }
}
