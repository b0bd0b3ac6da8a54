using CsCheck;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Store;

namespace PsaConsole.Tests.Connectors;

/// <summary>What a system allows in a day is shared by all replicas, its last part kept for urgent work (R67).</summary>
public sealed class DailyQuotaTests(PostgresFixture postgres) : IAsyncLifetime
{
    private NpgsqlDataSource database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await using var store = Open();
        await store.Database.MigrateAsync(Token);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public void Batches_reserve_and_rest_stay_within_the_quota_whatever_it_is() =>
        Gen.Select(Gen.Int[1, 10_000_000], Gen.Int[0, 90], Gen.Long[0, TimeSpan.TicksPerDay - 1]).Sample((calls, reserve, ticks) =>
        {
            var (ordinary, batch) = (DailyQuota.OrdinaryOf(calls, reserve), DailyQuota.BatchOf(calls));
            var rest = DailyQuota.RestOf(DateTimeOffset.UnixEpoch.AddTicks(ticks));
            return ordinary >= 0 && ordinary <= calls && calls - ordinary >= calls * (reserve / 100m) && batch is >= 1 and <= 200 && batch <= calls
                && rest > TimeSpan.Zero && DailyQuota.DayOf(DateTimeOffset.UnixEpoch.AddTicks(ticks) + rest) <= new DateOnly(1970, 1, 2);
        });

    [Fact]
    public async Task Replicas_that_draw_at_once_never_draw_more_than_there_is()
    {
        using var first = Quota("crm", 1_000);
        using var second = Quota("crm", 1_000);
        var drawn = await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => DrawAllAsync(worker % 2 == 0 ? first : second, urgent: worker < 2)));

        await using var store = Open();
        Assert.Equal(1_000, drawn.Sum());
        Assert.Equal(1_000, (await store.CallQuotas.SingleAsync(Token)).Taken);
    }

    [Fact]
    public async Task Reserve_is_left_for_urgent_work()
    {
        using var quota = Quota("psa", 100);

        Assert.Equal(90, await DrawAllAsync(quota, urgent: false));
        Assert.Equal(10, await DrawAllAsync(quota, urgent: true));
        var refused = await Assert.ThrowsAsync<ConnectorException>(() => quota.TakeAsync(isUrgent: true, "GET /work", Token));
        Assert.Equal((ErrorClass.QuotaSpent, true), (refused.Class, refused.IsThrottled));
        Assert.True(refused.RetryAfter <= TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Calls_are_counted_in_batches_and_begin_anew_each_day()
    {
        var time = new FakeTime();
        using var quota = Quota("erp", 50_000, time);
        await quota.TakeAsync(isUrgent: false, "GET /work", Token);
        await quota.TakeAsync(isUrgent: false, "GET /work", Token);
        time.Now += TimeSpan.FromDays(1);
        await quota.TakeAsync(isUrgent: false, "GET /work", Token);

        await using var store = Open();
        Assert.Equal([100, 100], await store.CallQuotas.OrderBy(row => row.Day).Select(row => row.Taken).ToListAsync(Token));
    }

    [Fact]
    public async Task Without_a_quota_nothing_is_counted()
    {
        using var quota = Quota("hr", null);
        await quota.TakeAsync(isUrgent: false, "GET /work", Token);

        await using var store = Open();
        Assert.False(await store.CallQuotas.AnyAsync(Token));
    }

    private static async Task<int> DrawAllAsync(DailyQuota quota, bool urgent)
    {
        for (var drawn = 0; ; drawn++)
        {
            try
            {
                await quota.TakeAsync(urgent, "GET /work", Token);
            }
            catch (ConnectorException)
            {
                return drawn;
            }
        }
    }

    private DailyQuota Quota(string system, int? calls) => Quota(system, calls, TimeProvider.System);

    private DailyQuota Quota(string system, int? calls, TimeProvider time) => new(system, calls, 10, () => new CallLedger(database), time);

    private EngineDbContext Open() => new(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(database).Options);

    private sealed class FakeTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 6, 1, 22, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
