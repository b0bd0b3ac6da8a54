using Npgsql;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Inbox;

namespace PsaConsole.Tests.Connectors;

/// <summary>What a system allows is shared by all replicas, and used by half while it catches up (3-workflows 3.0.3).</summary>
public sealed class CallBudgetTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(8, 1, false, 8)]
    [InlineData(8, 1, true, 4)]
    [InlineData(8, 3, false, 2)]
    [InlineData(8, 3, true, 1)]
    [InlineData(1, 5, true, 1)]
    public void Share_is_equal_and_never_nothing(int concurrency, int replicas, bool catchingUp, int calls) =>
        Assert.Equal(calls, CallBudgets.Share(concurrency, replicas, catchingUp));

    [Fact]
    public async Task Replicas_count_each_other_and_notice_when_one_is_gone()
    {
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        var (first, second) = (new CallBudgets(), new CallBudgets());
        await using var replica = new Replica(database, first);
        await replica.AttendAsync(Token);
        Assert.Equal(1, first.Replicas);

        var other = new Replica(database, second);
        await other.AttendAsync(Token);
        await replica.AttendAsync(Token);
        Assert.Equal((2, 2), (first.Replicas, second.Replicas));

        // Killed: its connection goes, and with it its lock.
        // Other tests' replicas have their locks in databases of their own on the same server.
        await using (var kill = database.CreateCommand(
            """
            select pg_terminate_backend(pid) from pg_locks
            where locktype = 'advisory' and objsubid = 2 and database = (select oid from pg_database where datname = current_database()) and pid not in (
                select pid from pg_locks where locktype = 'advisory' and objsubid = 1 and ((classid::bigint << 32) | objid::bigint) = hashtextextended($1, 0))
            """))
        {
            kill.Parameters.Add(new NpgsqlParameter { Value = replica.Id.ToString() });
            Assert.NotNull(await kill.ExecuteScalarAsync(Token));
        }

        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (first.Replicas == 2 && await again.WaitForNextTickAsync(Token))
        {
            await replica.AttendAsync(Token);
        }

        Assert.Equal(1, first.Replicas);
        await other.AttendAsync(Token);
        Assert.Equal(2, second.Replicas);
        await other.DisposeAsync();
    }

    [Fact]
    public async Task Circuit_that_closed_lets_half_of_the_calls_through_for_ten_minutes()
    {
        var time = new FakeTime();
        var health = new HealthRecorder("crm", time);
        var budget = new CallBudget(new CallBudgets(), 4, health);
        health.CircuitIs(CircuitState.Open);
        health.CircuitIs(CircuitState.Closed);

        using var first = await budget.AcquireAsync(Token);
        using var second = await budget.AcquireAsync(Token);
        var third = budget.AcquireAsync(Token).AsTask();
        Assert.False(third.IsCompleted);
        first.Dispose();
        using var turn = await third;
        Assert.True(turn.IsAcquired);

        time.Now += TimeSpan.FromMinutes(11);
        using var whole = await budget.AcquireAsync(Token);
        using var more = await budget.AcquireAsync(Token);
        using var most = await budget.AcquireAsync(Token);
        Assert.All([whole, more, most], lease => Assert.True(lease.IsAcquired));
    }

    private sealed class FakeTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
