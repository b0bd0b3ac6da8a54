using Microsoft.EntityFrameworkCore;
using Npgsql;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Store;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Inbox;

/// <summary>Which lane goes first when more are ready than can be worked on (R67).</summary>
public sealed class LanePriorityTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly ShiftedTime time = new();
    private NpgsqlDataSource database = null!;
    private Replica replica = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await using var store = new EngineDbContext(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(database).Options);
        await store.Database.MigrateAsync(Token);
        replica = new Replica(database, new CallBudgets());
    }

    public async ValueTask DisposeAsync()
    {
        await replica.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Postings_go_before_projects_projects_before_people_and_all_before_a_source_that_is_read_again()
    {
        await ReceiveAsync(bulk: true, "opportunity:old", "time-entry:old");
        await ReceiveAsync(bulk: false, "consultant:new", "opportunity:new", "expense:new");

        Assert.Equal(["expense:new", "opportunity:new", "consultant:new"], await OrderAsync(3));
    }

    [Fact]
    public async Task Lane_that_others_went_before_for_two_minutes_goes_before_what_comes_now()
    {
        await ReceiveAsync(bulk: true, "opportunity:old");
        time.MoveTo(time.GetUtcNow().AddSeconds(LanePriority.Bulk + 1));
        await ReceiveAsync(bulk: false, "time-entry:new");

        Assert.Equal(["opportunity:old", "time-entry:new"], await OrderAsync(2));
    }

    [Fact]
    public async Task Change_that_a_source_tells_of_ends_its_lanes_patience_with_others()
    {
        await ReceiveAsync(bulk: true, "opportunity:one", "opportunity:two");
        await ReceiveAsync(bulk: false, "opportunity:two");

        Assert.Equal(["opportunity:two"], await OrderAsync(1));
    }

    private async Task ReceiveAsync(bool bulk, params string[] records)
    {
        var changes = records.Select(record => record.Split(':')).Select(part => new Change(part[0], part[1], bulk ? "1" : "2", time.GetUtcNow(), null)).ToList();
        Assert.Equal(records.Length, await new Intake(database, time).ReceiveAsync("tests", changes, bulk, Token));
    }

    /// <summary>Takes lanes one by one, as a pump with a single free place would.</summary>
    private async Task<List<string>> OrderAsync(int count)
    {
        var lanes = new Lanes(database, replica, time);
        var order = new List<string>();
        while (order.Count < count)
        {
            var lease = Assert.Single(await lanes.ClaimAsync(1, Token));
            order.Add(lease.Key.Replace(":tests:", ":", StringComparison.Ordinal));
        }

        return order;
    }
}
