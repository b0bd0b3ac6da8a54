using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PsaConsole.Engine;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Notices;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Store;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Inbox;

/// <summary>A system that throttles for long is one case, however much waits for it (INT-903).</summary>
public sealed class ThrottleWatchTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Case_is_raised_after_a_quarter_of_an_hour_and_closes_when_what_waited_has_gone_on()
    {
        var time = new ShiftedTime();
        await using var firm = new RunningFirm(postgres) { Time = time };
        await firm.InitializeAsync();
        await firm.FaultAsync(new { system = "netsuite", effect = "throttle" });
        string[] deals = [firm.NewDeal("Retainer", "Throttled"), firm.NewDeal("Time and Materials", "Throttled")];
        var began = time.GetUtcNow();
        foreach (var deal in deals)
        {
            await firm.WinAsync(deal);
            await firm.RunOfAsync(deal, run => run.Status == RunStatus.Waiting && run.ThrottledSince != null);
        }

        await firm.Get<ThrottleWatch>().LookAsync(Token);
        await using var store = await firm.OpenStoreAsync();
        Assert.False(await store.ExceptionCases.AnyAsync(item => item.Code == "INT-903", Token));

        time.MoveTo(began + TimeSpan.FromMinutes(17));
        await firm.Get<ThrottleWatch>().LookAsync(Token);
        await firm.Get<ThrottleWatch>().LookAsync(Token);
        var raised = await store.ExceptionCases.AsNoTracking().SingleAsync(item => item.Code == "INT-903", Token);
        Assert.Equal(("netsuite", 1, CaseStatus.Open), (raised.SystemName, raised.Occurrences, raised.Status));

        await firm.ClearFaultsAsync();
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (await store.ExceptionCases.AnyAsync(item => item.Code == "INT-903" && item.Status == CaseStatus.Open, Token))
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, "What waited did not go on, or the case stays open.");
            time.MoveTo(time.GetUtcNow().AddSeconds(30));
            await again.WaitForNextTickAsync(Token);
            await firm.Get<ThrottleWatch>().LookAsync(Token);
        }

        foreach (var deal in deals)
        {
            await firm.CompletedAsync(deal);
        }
    }

    [Fact]
    public async Task Case_stays_while_what_waited_is_being_tried_again()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 13, 12, 0, 0, TimeSpan.Zero));
        var stores = new Stores(await postgres.CreateDatabaseAsync());
        var options = Options.Create(new EngineOptions());
        var watch = new ThrottleWatch(stores, new CaseBook(new TeamClocks(options), options, clock), clock);
        await using var store = stores.CreateDbContext();
        await store.Database.MigrateAsync(Token);
        var run = new Run
        {
            Id = Guid.CreateVersion7(),
            Workflow = "opportunity-to-project",
            BusinessKey = "opportunity:006:win1",
            LaneKey = "opportunity:006",
            Title = "Throttled",
            State = "{}",
            Status = RunStatus.Waiting,
            OccurredAt = clock.GetUtcNow(),
            StartedAt = clock.GetUtcNow(),
            UpdatedAt = clock.GetUtcNow(),
            ThrottledSince = clock.GetUtcNow(),
            ThrottledBy = "netsuite",
        };
        store.Runs.Add(run);
        await store.SaveChangesAsync(Token);
        clock.Advance(ThrottleWatch.Patience + TimeSpan.FromMinutes(1));
        await watch.LookAsync(Token);
        Assert.Equal(CaseStatus.Open, (await store.ExceptionCases.AsNoTracking().SingleAsync(Token)).Status);

        run.Status = RunStatus.Running;
        await store.SaveChangesAsync(Token);
        clock.Advance(TimeSpan.FromMinutes(1));
        await watch.LookAsync(Token);
        Assert.Equal(CaseStatus.Open, (await store.ExceptionCases.AsNoTracking().SingleAsync(Token)).Status);

        run.Note(null, clock.GetUtcNow());
        await store.SaveChangesAsync(Token);
        await watch.LookAsync(Token);
        Assert.Equal(CaseStatus.Resolved, (await store.ExceptionCases.AsNoTracking().SingleAsync(Token)).Status);
    }
}
