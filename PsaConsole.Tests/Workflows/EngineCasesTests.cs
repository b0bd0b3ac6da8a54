using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Tests.Sandbox;

namespace PsaConsole.Tests.Workflows;

/// <summary>What stops the engine itself, or a hand-off at a system's word: each is told by its code, and settled as the catalogue says.</summary>
public sealed class EngineCasesTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Actor Administrator = new("tests:integration", "Integration administrator", new HashSet<string> { Roles.IntegrationAdministrator });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task System_that_refuses_our_credential_is_paused_and_goes_on_once_it_is_renewed()
    {
        var deal = firm.NewDeal("Time and Materials", "Credential");
        await firm.FaultAsync(new { system = "kantata", path = "/api/v1/workspace", effect = "status:401" });
        await firm.WinAsync(deal);

        var raised = await firm.CaseOfAsync("system:kantata", "INT-902");
        Assert.Equal((nameof(CaseSeverity.Critical), nameof(CaseOwner.IntegrationAdministration)), (raised.Severity, raised.OwnerGroup));
        await using (var store = await firm.OpenStoreAsync())
        {
            Assert.Equal("kantata", (await store.SystemPauses.SingleAsync(Token)).SystemName);
        }

        await firm.ClearFaultsAsync();
        await firm.Get<SystemActions>().ResumeAsync(Administrator, "kantata", Token);

        await firm.CompletedAsync(deal);
        Assert.Equal(CaseStatus.Resolved, (await firm.CaseOfAsync("system:kantata", "INT-902")).Status);
    }

    [Fact]
    public async Task Position_that_a_system_has_lost_is_told_and_everything_is_read_again()
    {
        var raised = await WaitAsync(async () =>
        {
            await using var store = await firm.OpenStoreAsync();
            var told = await store.ExceptionCases.AsNoTracking().SingleOrDefaultAsync(item => item.Code == "INT-905" && item.SystemName == "salesforce", Token);
            if (told is null)
            {
                // A poll that is under way writes its own position over this one: then the next one meets it.
                await store.SourceCursors.Where(cursor => cursor.SystemName == "salesforce").ExecuteUpdateAsync(set => set.SetProperty(cursor => cursor.Cursor, "no position of ours"), Token);
            }

            return told?.Status == CaseStatus.Resolved ? told : null;
        });
        Assert.Equal(nameof(CaseSeverity.High), raised.Severity);

        var deal = firm.NewDeal("Time and Materials", "After the gap");
        await firm.WinAsync(deal);
        await firm.CompletedAsync(deal);
    }

    [Fact]
    public async Task Deal_that_no_single_legal_entity_sells_waits_until_it_names_one()
    {
        var deal = firm.NewDeal("Percent Complete", "Nobody's", firm.Sandbox.IsOfOneEntity);
        var entity = firm.Table("salesforce", "OpportunityLineItem").FindBy("OpportunityId", deal)[0].Text("Selling_Entity__c") ?? firm.Table("salesforce", "Opportunity").Find(deal)!.Text("Selling_Entity__c");
        Sell(deal, "XX99");
        await firm.WinAsync(deal);

        var run = await firm.ParkedAsync(deal);
        var raised = await firm.CaseAsync(run, "HND-003");
        Assert.Equal(nameof(CaseOwner.Finance), raised.OwnerGroup);
        Assert.Contains("XX99", raised.Message, StringComparison.Ordinal);
        Assert.NotNull(raised.Exposure);

        Sell(deal, entity);
        await firm.ChangeDealAsync(deal, new { Selling_Entity__c = entity });
        await firm.CompletedAsync(deal);
        Assert.Equal(CaseStatus.Resolved, (await firm.CaseAsync(run, "HND-003")).Status);
    }

    [Fact]
    public async Task Step_that_a_system_refuses_is_told_with_its_answer_and_goes_on_when_it_is_asked_again()
    {
        var deal = firm.NewDeal("Time and Materials", "Refused");
        await firm.FaultAsync(new { system = "kantata", method = "POST", path = "/api/v1/workspaces", effect = "status:422" });
        await firm.WinAsync(deal);

        var run = await firm.ParkedAsync(deal);
        var raised = await firm.CaseAsync(run, "HND-007");
        Assert.Equal("kantata", raised.SystemName);
        Assert.Contains("422", raised.Payload, StringComparison.Ordinal);

        await firm.ClearFaultsAsync();
        Assert.Equal(CaseStatus.Resolved, (await firm.RetryAsync(raised)).Status);
        await firm.CompletedAsync(deal);
    }

    [Fact]
    public async Task Refusal_names_every_role_that_somebody_holds()
    {
        var everything = new Actor("tests:everything", "Everything", RightsMatrix.RoleOrder.ToHashSet());

        await Assert.ThrowsAsync<RefusedException>(() => firm.Get<SystemActions>().PauseAsync(everything, "workday", "to see", Token));

        await using var store = await firm.OpenStoreAsync();
        var refusal = await store.AuditEntries.SingleAsync(entry => entry.Actor == everything.Id, Token);
        Assert.Equal((everything.RolesHeld, false), (refusal.Role, refusal.Allowed));
    }

    /// <summary>Who sells every line of the deal.</summary>
    private void Sell(string deal, string? entity)
    {
        var store = firm.Sandbox.Host.Vendor("salesforce").Store;
        foreach (var line in store["OpportunityLineItem"].FindBy("OpportunityId", deal))
        {
            store.Update("OpportunityLineItem", line.Id, new Dictionary<string, object?> { ["Selling_Entity__c"] = entity });
        }

        store.Update("Opportunity", deal, new Dictionary<string, object?> { ["Selling_Entity__c"] = entity });
    }

    private static async Task<T> WaitAsync<T>(Func<Task<T?>> find)
        where T : class
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (await again.WaitForNextTickAsync(Token))
        {
            if (await find() is { } found)
            {
                return found;
            }

            Assert.True(TimeProvider.System.GetUtcNow() < until, "It did not come in time.");
        }

        throw new OperationCanceledException(Token);
    }
}
