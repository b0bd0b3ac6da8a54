using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions.Presence;
using PsaConsole.Engine.Store;

namespace PsaConsole.Tests.Exceptions;

/// <summary>Who has a case open is known in every replica, until they go.</summary>
public sealed class PresenceTests(PostgresFixture postgres)
{
    private static readonly Actor Ada = new("ada", "Ada", new HashSet<string>());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_replica_sees_who_comes_begins_to_act_and_goes()
    {
        var connection = await postgres.CreateDatabaseAsync();
        await using var here = await RunningReplica.StartAsync(connection);
        await using var there = await RunningReplica.StartAsync(connection);
        var news = System.Threading.Channels.Channel.CreateUnbounded<bool>();
        using var listening = there.Presences.Listen(12, () => news.Writer.TryWrite(true));

        var stay = here.Presences.Enter(12, Ada);
        await news.Reader.ReadAsync(Token);
        Assert.Equal(new Present("ada", "Ada", false), Assert.Single(there.Presences.Of(12, "somebody else")));
        Assert.Empty(there.Presences.Of(12, "ada"));
        Assert.Empty(there.Presences.Of(13, "somebody else"));
        stay.Act(true);
        await news.Reader.ReadAsync(Token);
        Assert.True(Assert.Single(there.Presences.Of(12, "somebody else")).IsActing);

        var second = here.Presences.Enter(12, Ada);
        await news.Reader.ReadAsync(Token);
        stay.Dispose();
        await news.Reader.ReadAsync(Token);
        Assert.False(Assert.Single(there.Presences.Of(12, "somebody else")).IsActing);
        second.Dispose();
        await news.Reader.ReadAsync(Token);
        Assert.Empty(there.Presences.Of(12, "somebody else"));
    }

    private sealed class RunningReplica : IAsyncDisposable
    {
        private readonly NpgsqlDataSource database;
        private readonly ChangeFeed feed;

        private RunningReplica(string connection)
        {
            database = NpgsqlDataSource.Create(connection);
            feed = new ChangeFeed(database, NullLogger<ChangeFeed>.Instance);
            Presences = new Presences(database, feed, TimeProvider.System, NullLogger<Presences>.Instance);
        }

        public Presences Presences { get; }

        public static async Task<RunningReplica> StartAsync(string connection)
        {
            var replica = new RunningReplica(connection);
            var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var heard = replica.feed.Subscribe(item => _ = item.Kind == "all" && listens.TrySetResult());
            await replica.Presences.StartAsync(Token);
            await replica.feed.StartAsync(Token);
            await listens.Task.WaitAsync(Token);
            return replica;
        }

        public async ValueTask DisposeAsync()
        {
            await Presences.StopAsync(CancellationToken.None);
            await feed.StopAsync(CancellationToken.None);
            Presences.Dispose();
            feed.Dispose();
            await database.DisposeAsync();
        }
    }
}
