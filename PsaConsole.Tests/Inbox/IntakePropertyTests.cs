using System.Globalization;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Store;

namespace PsaConsole.Tests.Inbox;

/// <summary>Whatever comes how often in whatever pages: each change is stored once, in the order of its first arrival, and its lane is woken.</summary>
public sealed class IntakePropertyTests(PostgresFixture postgres) : IAsyncLifetime
{
    private NpgsqlDataSource database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Gen<(int Record, int Revision)[][]> Pages { get; } = Gen.Select(Gen.Int[1, 4], Gen.Int[1, 5]).Array[0, 12].Array[1, 6];

    public async ValueTask InitializeAsync()
    {
        database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await using var store = Open();
        await store.Database.MigrateAsync(Token);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Change_that_comes_again_is_stored_once_and_later_ones_stay_behind_earlier_ones() =>
        await Pages.SampleAsync(async pages =>
        {
            await using var store = Open();
            await store.Database.ExecuteSqlRawAsync("truncate inbox_item, lane", Token);
            var intake = new Intake(database, TimeProvider.System);
            var fresh = 0;
            foreach (var page in pages)
            {
                fresh += await intake.ReceiveAsync("crm", [.. page.Select(change => Changed(change.Record, change.Revision))], Token);
            }

            var wanted = pages.SelectMany(page => page).Distinct().ToList();
            var stored = await store.InboxItems.AsNoTracking().OrderBy(item => item.Id).Select(item => new { item.SourceId, item.Revision, item.LaneKey }).ToListAsync(Token);
            Assert.Equal(wanted.Count, fresh);
            Assert.All(wanted.GroupBy(change => change.Record), record => Assert.Equal(
                record.Select(change => $"{change.Revision}"), stored.Where(item => item.SourceId == $"{record.Key}").Select(item => item.Revision)));
            Assert.Equal(
                stored.Select(item => item.LaneKey).Distinct().Order(), (await store.Lanes.Where(lane => lane.ReadyAt != null).Select(lane => lane.Key).ToListAsync(Token)).Order());
        }, iter: 60, threads: 1);

    [Fact]
    public async Task Notices_that_arrive_at_once_are_counted_as_new_by_exactly_one() =>
        await Gen.Select(Gen.Int[1, 4], Gen.Int[1, 5]).Array[1, 12].SampleAsync(async changes =>
        {
            await using var store = Open();
            await store.Database.ExecuteSqlRawAsync("truncate inbox_item, lane", Token);
            var intake = new Intake(database, TimeProvider.System);
            var fresh = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => intake.ReceiveAsync("crm", [.. changes.Select(change => Changed(change.Item1, change.Item2))], Token)));

            Assert.Equal(changes.Distinct().Count(), fresh.Sum());
            Assert.Equal(changes.Distinct().Count(), await store.InboxItems.CountAsync(Token));
        }, iter: 30, threads: 1);

    private static Change Changed(int record, int revision) => new(
        "opportunity", record.ToString(CultureInfo.InvariantCulture), revision.ToString(CultureInfo.InvariantCulture), TimeProvider.System.GetUtcNow(), null);

    private EngineDbContext Open() => new(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(database).Options);
}
