using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Store;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Inbox;

/// <summary>A kind of change of which too many can't be read is paused whole, with one case (3-workflows 3.0.3, INT-904).</summary>
public sealed class TypeFloodTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sixth_change_that_can_not_be_read_pauses_its_kind_until_the_one_case_is_retried()
    {
        var deals = Enumerable.Range(0, TypeFlood.Most + 1).Select(_ => firm.NewDeal("Retainer", "Flood")).ToList();
        foreach (var deal in deals)
        {
            await PoisonAsync(await LookedAtAsync(deal));
        }

        var flood = await CaseAsync(CaseStatus.Open);
        await using (var store = await firm.OpenStoreAsync())
        {
            Assert.Equal(TypeFlood.Most, await store.InboxItems.CountAsync(item => item.Status == InboxStatus.Poisoned, Token));
            Assert.Equal([flood.Id], await store.ExceptionCases.Where(item => item.Code == TypeFlood.Code && item.Status == CaseStatus.Open).Select(item => item.Id).ToListAsync(Token));
            Assert.Equal("opportunity", (await store.TypePauses.SingleAsync(Token)).SourceType);
        }

        var late = firm.NewDeal("Retainer", "Late");
        await FoundAsync("sleeping lane of the late deal", store => store.Lanes.AsNoTracking().SingleOrDefaultAsync(lane => lane.Key.EndsWith(late) && lane.ReadyAt == null && lane.LeaseOwner == null, Token));
        await OtherKindGoesOnAsync();
        Assert.Equal(InboxStatus.Waiting, (await FirstOfAsync(late)).Status);

        await firm.Get<CaseActions>().RetryAsync(RunningFirm.Operations, flood.Id, flood.Version, "The connector is mended.", Token);

        await FoundAsync("change of the late deal that was looked at", store => store.InboxItems.AsNoTracking().FirstOrDefaultAsync(item => item.SourceId == late && item.Status == InboxStatus.Ended, Token));
        Assert.Equal(flood.Id, (await CaseAsync(CaseStatus.Resolved)).Id);
        await FoundAsync("end of what was set aside", async store => await store.InboxItems.AnyAsync(item => item.Status == InboxStatus.Poisoned, Token) ? null : "none");
        await using var after = await firm.OpenStoreAsync();
        Assert.False(await after.TypePauses.AnyAsync(Token));
        await firm.WinAsync(late);
        await firm.CompletedAsync(late);
    }

    private async Task PoisonAsync(InboxItem item)
    {
        await using var store = await firm.OpenStoreAsync();
        await firm.Get<PoisonedChanges>().IsolateAsync(store, item.Id, new ConnectorException("salesforce", ErrorClass.Contract, "The answer has no field StageName."), Token);
        await store.SaveChangesAsync(Token);
    }

    private async Task OtherKindGoesOnAsync()
    {
        await firm.Get<Intake>().ReceiveAsync("salesforce", [new Change("invoice", "I-1", "1", TimeProvider.System.GetUtcNow(), null)], Token);
        await FoundAsync("change of another kind that was looked at", store => store.InboxItems.AsNoTracking().FirstOrDefaultAsync(item => item.SourceId == "I-1" && item.Status == InboxStatus.Ended, Token));
    }

    private Task<InboxItem> FirstOfAsync(string deal) => FoundAsync(
        $"change of {deal}", store => store.InboxItems.AsNoTracking().Where(item => item.SourceId == deal).OrderBy(item => item.Id).FirstOrDefaultAsync(Token));

    private Task<InboxItem> LookedAtAsync(string deal) => FoundAsync(
        $"change of {deal} that was looked at", store => store.InboxItems.AsNoTracking().FirstOrDefaultAsync(item => item.SourceId == deal && item.Status == InboxStatus.Ended, Token));

    private Task<ExceptionCase> CaseAsync(CaseStatus wanted) => FoundAsync(
        $"{wanted} case of the kind", store => store.ExceptionCases.AsNoTracking().SingleOrDefaultAsync(item => item.BusinessKey == TypeFlood.KeyOf("salesforce", "opportunity") && item.Status == wanted, Token));

    private async Task<T> FoundAsync<T>(string what, Func<EngineDbContext, Task<T?>> find)
        where T : class
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (await again.WaitForNextTickAsync(Token) && TimeProvider.System.GetUtcNow() < until)
        {
            await using var store = await firm.OpenStoreAsync();
            if (await find(store) is { } found)
            {
                return found;
            }
        }

        throw new TimeoutException($"There is no {what}.");
    }
}
