using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Chaos;

/// <summary>R71: a target that is down for a day costs a case for the target, and no dead letter for what waits for it.</summary>
public sealed class OutageTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("netsuite", "outage")]
    [InlineData("kantata", "drop")]
    public async Task Deals_that_wait_a_day_for_a_target_are_handed_over_when_it_is_back(string system, string effect)
    {
        var time = new ShiftedTime();
        var began = time.GetUtcNow();
        await using var firm = new RunningFirm(postgres) { Time = time };
        await firm.InitializeAsync();
        await firm.FaultAsync(new { system, effect });
        string[] deals = [firm.NewDeal("Time and Materials", "Day"), firm.NewDeal("Retainer", "Day")];
        foreach (var deal in deals)
        {
            await firm.WinAsync(deal);
            await firm.RunOfAsync(deal, run => run.Status == RunStatus.Waiting);
        }

        // Whom HR entered ahead for one of the hours that pass are none of this: they come later.
        await using var ahead = await firm.OpenStoreAsync();
        await ahead.InboxItems.Where(item => item.SourceType == "consultant-due").ExecuteUpdateAsync(set => set.SetProperty(item => item.ResumeAt, began.AddDays(30)), Token);

        // Steps that grow: what a budget of attempts or of age would not survive is in each of them.
        for (var passed = TimeSpan.FromSeconds(30); passed < Day; passed = passed < TimeSpan.FromHours(1) ? passed * 1.5 : passed + TimeSpan.FromHours(4))
        {
            time.MoveTo(began + passed);
            foreach (var deal in deals)
            {
                await firm.RunOfAsync(deal, run => run.Status == RunStatus.Waiting && run.ResumeAt > time.GetUtcNow());
            }

            await firm.Get<SystemWatch>().LookAsync(Token);
        }

        await using var store = await firm.OpenStoreAsync();
        var case907 = Assert.Single(await store.ExceptionCases.AsNoTracking().Where(item => item.OwnerGroup == "IntegrationAdministration" && item.Code != LatencyWatch.Code).ToListAsync(Token));
        Assert.Equal("INT-907", case907.Code);
        Assert.Equal(system, case907.SystemName);

        await firm.ClearFaultsAsync();
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (await store.Runs.CountAsync(run => run.Status == RunStatus.Completed, Token) < deals.Length
            || await store.ExceptionCases.AnyAsync(item => item.Code == "INT-907" && item.Status == CaseStatus.Open, Token))
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, "What waited did not go on, or the target's case stays open.");
            time.MoveTo(time.GetUtcNow().AddSeconds(5));
            await firm.Get<SystemWatch>().LookAsync(Token);
            await again.WaitForNextTickAsync(Token);
        }

        Assert.False(await store.ExceptionCases.AnyAsync(item => item.Code == "INT-901" || item.Code == "INT-910", Token));
    }
}
