using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Workflows;
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
}
