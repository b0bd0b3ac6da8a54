using Microsoft.EntityFrameworkCore;
using Npgsql;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;

namespace PsaConsole.Tests.Inbox;

public sealed class CommitterTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const int Lanes = 120;

    private string connection = "";
    private NpgsqlDataSource database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        connection = await postgres.CreateDatabaseAsync();
        database = NpgsqlDataSource.Create(connection);
        await using var store = Open();
        await store.Database.MigrateAsync(Token);
        store.Lanes.AddRange(Enumerable.Range(0, Lanes).Select(number => new Lane { Key = Key(number), Fence = 7, Arrivals = 3 }));
        await store.SaveChangesAsync(Token);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Lanes_that_commit_at_once_lose_nothing_and_keep_their_lease()
    {
        using var committer = new Committer(database, TimeProvider.System);
        var arrivals = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(number => SaveAsync(committer, number, fence: 7)));

        Assert.All(arrivals, seen => Assert.Equal(3, seen));
        await using var store = Open();
        Assert.Equal(Enumerable.Range(0, Lanes).Select(Key).Order(), (await store.AuditEntries.Select(entry => entry.Entity).ToListAsync(Token)).Order());
        Assert.Equal(Lanes, await store.Lanes.CountAsync(lane => lane.LeaseUntil > TimeProvider.System.GetUtcNow(), Token));
    }

    [Fact]
    public async Task Lanes_that_commit_at_once_share_transactions()
    {
        using var committer = new Committer(database, TimeProvider.System);
        await using var slow = await database.OpenConnectionAsync(Token);
        await using var held = await slow.BeginTransactionAsync(Token);
        await using var hold = new NpgsqlCommand("lock table lane in exclusive mode", slow);
        await hold.ExecuteNonQueryAsync(Token);

        // Each has asked by the time its task is returned, and the database lets none of them through until all have.
        List<Task> commits = [.. Enumerable.Range(0, Lanes).Select(number => SaveAsync(committer, number, fence: 7))];
        await held.RollbackAsync(Token);
        await Task.WhenAll(commits);

        await using var command = database.CreateCommand("select count(distinct xmin::text) from audit_entry");
        Assert.InRange((long)(await command.ExecuteScalarAsync(Token))!, 1, Lanes / 2);
    }

    [Fact]
    public async Task Lane_that_another_replica_holds_commits_nothing_and_harms_no_other()
    {
        using var committer = new Committer(database, TimeProvider.System);
        var commits = Enumerable.Range(0, Lanes).Select(number => SaveAsync(committer, number, fence: number % 10 == 0 ? 6 : 7)).ToList();
        await Task.WhenAll(commits).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.All(commits.Where((_, number) => number % 10 == 0), commit => Assert.IsType<LeaseLostException>(commit.Exception!.InnerException));
        Assert.All(commits.Where((_, number) => number % 10 != 0), commit => Assert.True(commit.IsCompletedSuccessfully));
        await using var store = Open();
        Assert.Equal(Lanes - (Lanes / 10), await store.AuditEntries.CountAsync(Token));
    }

    [Fact]
    public async Task Statement_that_the_database_refuses_fails_alone()
    {
        using var committer = new Committer(database, TimeProvider.System);
        var commits = Enumerable.Range(0, Lanes).Select(number => PauseAsync(committer, number, number == 60 ? "0" : $"{number}")).ToList();
        await Task.WhenAll(commits).ContinueWith(_ => { }, TaskScheduler.Default);

        await using var store = Open();
        var refused = Assert.Single(commits, commit => commit.IsFaulted);
        Assert.Equal(PostgresErrorCodes.UniqueViolation, Assert.IsType<PostgresException>(refused.Exception!.InnerException).SqlState);
        Assert.Equal(Lanes - 1, await store.SystemPauses.CountAsync(Token));
    }

    [Fact]
    public async Task What_is_tried_again_on_another_connection_is_still_the_same_statement()
    {
        await using var preparing = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { MaxAutoPrepare = 20, AutoPrepareMinUsages = 1 });
        var statement = new Statement("update lane set arrivals = $1 where key = $2", [new NpgsqlParameter { Value = 9L }, new NpgsqlParameter { Value = Key(1) }]);
        await using var first = await preparing.OpenConnectionAsync(Token);
        await using var second = await preparing.OpenConnectionAsync(Token);
        foreach (var held in (NpgsqlConnection[])[first, first, second])
        {
            await using var batch = new NpgsqlBatch(held);
            batch.BatchCommands.Add(statement.Command());
            Assert.Equal(1, await batch.ExecuteNonQueryAsync(Token));
        }
    }

    [Fact]
    public async Task Row_that_somebody_else_has_changed_is_not_overwritten()
    {
        using var committer = new Committer(database, TimeProvider.System);
        await using var store = Open();
        var record = new SystemRecord { SystemName = "crm", SourceType = "client", SourceId = "1", Payload = "{}", Hash = "a", ReadAt = TimeProvider.System.GetUtcNow() };
        store.SystemRecords.Add(record);
        await committer.SaveAsync(store, Lease(1, 7), [], Token);
        await using (var other = Open())
        {
            await other.SystemRecords.ExecuteDeleteAsync(Token);
        }

        record.Hash = "b";
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => committer.SaveAsync(store, Lease(1, 7), [], Token));
    }

    [Fact]
    public async Task What_takes_a_place_in_a_unique_index_waits_for_what_leaves_it()
    {
        using var committer = new Committer(database, TimeProvider.System);
        await using var store = Open();
        store.CrossReferences.Add(ToTheSame());
        await committer.SaveAsync(store, Lease(1, 7), [], Token);

        await using var other = Open();
        other.CrossReferences.Add(ToTheSame());
        (await other.CrossReferences.SingleAsync(Token)).Active = false;
        await committer.SaveAsync(other, Lease(1, 7), [], Token);

        Assert.Single(await other.CrossReferences.Where(reference => reference.Active).ToListAsync(Token));
    }

    [Fact]
    public async Task Lane_is_ready_again_when_something_arrived_while_it_was_worked_on()
    {
        using var committer = new Committer(database, TimeProvider.System);
        await committer.ReleaseAsync(Lease(1, 7) with { Arrivals = 2 }, null, Token);
        await committer.ReleaseAsync(Lease(2, 7), null, Token);

        await using var store = Open();
        Assert.NotNull((await store.Lanes.SingleAsync(lane => lane.Key == Key(1), Token)).ReadyAt);
        Assert.Null((await store.Lanes.SingleAsync(lane => lane.Key == Key(2), Token)).ReadyAt);
    }

    private static CrossReference ToTheSame() => new()
    {
        CanonicalType = "client",
        CanonicalId = Guid.CreateVersion7(),
        SystemName = "crm",
        ExternalId = "1",
        FirstSeenAt = TimeProvider.System.GetUtcNow(),
    };

    private static string Key(int number) => $"lane:{number:000}";

    private static LaneLease Lease(int number, long fence) => new(Key(number), fence, 3);

    private async Task<long> SaveAsync(Committer committer, int number, long fence)
    {
        await using var store = Open();
        store.AuditEntries.Add(new AuditEntry { At = TimeProvider.System.GetUtcNow(), Actor = "engine", Action = "tested", Entity = Key(number), After = """{"n":1}""" });
        return await committer.SaveAsync(store, Lease(number, fence), [new FeedItem("run", Key(number))], Token);
    }

    private async Task<long> PauseAsync(Committer committer, int number, string system)
    {
        await using var store = Open();
        store.SystemPauses.Add(new SystemPause { SystemName = system, Actor = "engine", Reason = "tested", PausedAt = TimeProvider.System.GetUtcNow() });
        return await committer.SaveAsync(store, Lease(number, 7), [], Token);
    }

    private EngineDbContext Open() => new(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(connection).Options);
}
