using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Inbox;

/// <summary>What can't be read and what can't be saved: each is told, holds up nobody else, and goes on once its cause is gone.</summary>
public sealed class StuckLaneTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private const string Rules = "salesforce.opportunity.read";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Change_that_can_not_be_read_is_set_aside_and_replayed_once_the_mapping_is_right()
    {
        var deal = firm.NewDeal("Time and Materials", "Unreadable");
        await LookedAtAsync(deal);
        var shipped = await ShippedRulesAsync();
        ExceptionCase raised;
        try
        {
            firm.Get<MappingSets>().Activate(ReadingTheNameAsANumber(shipped));
            await firm.WinAsync(deal);
            raised = await CaseAsync($"salesforce:opportunity:{deal}", CaseStatus.Open);
        }
        finally
        {
            firm.Get<MappingSets>().Activate(shipped);
        }

        Assert.Equal("GOV-952", raised.Code);
        await using (var store = await firm.OpenStoreAsync())
        {
            Assert.Equal([InboxStatus.Ended, InboxStatus.Poisoned], await store.InboxItems.Where(item => item.SourceId == deal).OrderBy(item => item.Id).Select(item => item.Status).ToListAsync(Token));
        }

        await firm.Get<CaseActions>().RetryAsync(RunningFirm.Operations, raised.Id, raised.Version, "The mapping is right again.", Token);

        await firm.CompletedAsync(deal);
        Assert.Equal(raised.Id, (await CaseAsync($"salesforce:opportunity:{deal}", CaseStatus.Resolved)).Id);
        await using var after = await firm.OpenStoreAsync();
        Assert.False(await after.InboxItems.AnyAsync(item => item.SourceId == deal && item.Status == InboxStatus.Poisoned, Token));
    }

    [Fact]
    public async Task Lane_whose_work_can_not_be_saved_is_told_after_three_times_and_goes_on_when_it_can()
    {
        var (deal, other) = (firm.NewDeal("Retainer", "Unsaveable"), firm.NewDeal("Retainer", "Saveable"));
        var lane = $"opportunity:salesforce:{deal}";
        await RunAsync(
            $$"""
            create function refuse_run() returns trigger as 'begin raise exception ''The disk says no.''; end' language plpgsql;
            create trigger refuse_run before insert or update on run for each row when (new.lane_key = '{{lane}}') execute function refuse_run();
            """);

        await firm.WinAsync(deal);
        await firm.WinAsync(other);
        var raised = await CaseAsync($"lane:{lane}", CaseStatus.Open);
        await firm.CompletedAsync(other);
        await RunAsync("drop function refuse_run() cascade");
        await firm.Get<CaseActions>().RetryAsync(RunningFirm.Operations, raised.Id, (await CaseAsync($"lane:{lane}", CaseStatus.Open)).Version, "The disk was replaced.", Token);

        Assert.Equal("INT-999", raised.Code);
        Assert.Contains("The disk says no.", raised.Message, StringComparison.Ordinal);
        await firm.CompletedAsync(deal);
        Assert.Equal(raised.Id, (await CaseAsync($"lane:{lane}", CaseStatus.Resolved)).Id);
    }

    [Fact]
    public async Task Change_whose_fault_is_told_at_great_length_is_set_aside_all_the_same()
    {
        var deal = firm.NewDeal("Retainer", "Long-winded");
        var item = await LookedAtAsync(deal);
        await using (var store = await firm.OpenStoreAsync())
        {
            await firm.Get<PoisonedChanges>().IsolateAsync(store, item.Id, new InvalidOperationException(new string('x', 9_000)), Token);
            await store.SaveChangesAsync(Token);
        }

        Assert.Equal("INT-999", (await CaseAsync($"salesforce:opportunity:{deal}", CaseStatus.Open)).Code);
    }

    private async Task<MappingSet> ShippedRulesAsync()
    {
        await using var store = await firm.OpenStoreAsync();
        return await store.MappingSets.AsNoTracking().Where(set => set.Name == Rules).OrderByDescending(set => set.Version).FirstAsync(Token);
    }

    private static MappingSet ReadingTheNameAsANumber(MappingSet set)
    {
        var rules = JsonNode.Parse(set.Rules)!.AsArray();
        // The same fields are asked for: the state that was set aside is not read again under another revision.
        rules.Single(rule => (string?)rule!["target"] == "name")!["convert"] = "decimal";
        return new MappingSet { Name = set.Name, Version = set.Version, Rules = rules.ToJsonString(), Author = set.Author, CreatedAt = set.CreatedAt };
    }

    /// <summary>Waits until the deal's first change, which wins nothing, has been looked at.</summary>
    private Task<InboxItem> LookedAtAsync(string deal) => FoundAsync(
        $"change of {deal}", store => store.InboxItems.AsNoTracking().FirstOrDefaultAsync(item => item.SourceId == deal && item.Status == InboxStatus.Ended, Token));

    private Task<ExceptionCase> CaseAsync(string businessKey, CaseStatus wanted) => FoundAsync(
        $"{wanted} case of {businessKey}", store => store.ExceptionCases.AsNoTracking().SingleOrDefaultAsync(item => item.BusinessKey == businessKey && item.Status == wanted, Token));

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

    private async Task RunAsync(string sql)
    {
        await using var store = await firm.OpenStoreAsync();
        await store.Database.ExecuteSqlRawAsync(sql, Token);
    }
}
