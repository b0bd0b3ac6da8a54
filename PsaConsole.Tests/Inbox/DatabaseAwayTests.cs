using Npgsql;
using PsaConsole.Engine.Inbox;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Inbox;

/// <summary>A database that is away for longer than a moment holds the engine up and does not end it.</summary>
public sealed class DatabaseAwayTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Engine_goes_on_when_the_database_lets_it_in_again()
    {
        await using var firm = new RunningFirm(postgres);
        await firm.InitializeAsync();
        var name = new NpgsqlConnectionStringBuilder(firm.Get<NpgsqlDataSource>().ConnectionString).Database;
        await using var server = NpgsqlDataSource.Create(postgres.Server);

        await DoAsync(server, $"alter database {name} with allow_connections false");
        await DoAsync(server, $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
        var pump = firm.Get<LanePump>();
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (TimeProvider.System.GetUtcNow() - pump.LastLookAt < Away)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, "The engine still looks for work.");
            await again.WaitForNextTickAsync(Token);
        }

        await DoAsync(server, $"alter database {name} with allow_connections true");
        var deal = firm.NewDeal("Time and Materials", "Back again");
        await firm.WinAsync(deal);
        await firm.CompletedAsync(deal);
    }

    private static async Task DoAsync(NpgsqlDataSource server, string sql)
    {
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }
}
