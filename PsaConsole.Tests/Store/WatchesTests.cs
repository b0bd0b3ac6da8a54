using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;

namespace PsaConsole.Tests.Store;

/// <summary>What watches the database outlives it: a watch that ended with an exception would end the console with it, in every replica at once.</summary>
public sealed class WatchesTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_mapping_version_is_taken_over_though_the_database_went_away_while_it_was_read()
    {
        var connection = await postgres.CreateDatabaseAsync();
        var stores = new BrokenStores(connection);
        await using (var store = stores.CreateDbContext())
        {
            await store.Database.MigrateAsync(Token);
        }

        await new MappingSeed(stores, new MappingSets(), TimeProvider.System).ActivateAsync(Token);
        await using var database = NpgsqlDataSource.Create(connection);
        using var feed = new ChangeFeed(database, NullLogger<ChangeFeed>.Instance);
        var sets = new MappingSets();
        using var watch = new MappingWatch(stores, sets, feed, TimeProvider.System, NullLogger<MappingWatch>.Instance);
        stores.Broken = 2;

        // Once it listens the feed tells of everything, as it does after each lost connection.
        await watch.StartAsync(Token);
        await feed.StartAsync(Token);

        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (sets.VersionOf("person.zone") == 0)
        {
            Assert.False(watch.ExecuteTask!.IsCompleted, $"The watch has ended: {watch.ExecuteTask.Exception}");
            Assert.True(TimeProvider.System.GetUtcNow() < until, "The versions were not taken over.");
            await again.WaitForNextTickAsync(Token);
        }

        Assert.Equal(0, stores.Broken);
        await watch.StopAsync(Token);
        await feed.StopAsync(Token);
    }

    [Fact]
    public async Task Feed_goes_on_when_its_connection_is_ended_again_and_again()
    {
        var connection = await postgres.CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connection);
        using var feed = new ChangeFeed(database, NullLogger<ChangeFeed>.Instance);
        var told = 0;
        using var subscription = feed.Subscribe(item => Interlocked.Add(ref told, item.Kind == "all" ? 1 : 0));
        await feed.StartAsync(Token);

        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (Volatile.Read(ref told) < 3)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, $"The feed told {told} times that it listens.");
            await again.WaitForNextTickAsync(Token);
            await using var other = new NpgsqlConnection(connection);
            await other.OpenAsync(Token);
            await using var end = new NpgsqlCommand("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%' and pid <> pg_backend_pid()", other);
            await end.ExecuteNonQueryAsync(Token);
        }

        await feed.StopAsync(Token);
    }

    /// <summary>The first few times the database is gone, in EF's own words for it.</summary>
    private sealed class BrokenStores(string connection) : IDbContextFactory<EngineDbContext>
    {
        private readonly DbContextOptions<EngineDbContext> options = new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(connection).Options;

        public int Broken { get; set; }

        public EngineDbContext CreateDbContext() => Broken-- > 0
            ? throw new InvalidOperationException("An exception has been raised that is likely due to a transient failure.", new NpgsqlException("57P01"))
            : Whole();

        private EngineDbContext Whole()
        {
            Broken = 0;
            return new(options);
        }
    }
}
