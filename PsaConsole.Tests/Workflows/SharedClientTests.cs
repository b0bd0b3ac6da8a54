using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Tests.Sandbox;

namespace PsaConsole.Tests.Workflows;

/// <summary>Deals are lanes of their own, their client is not: it is set up once, however many of its deals are won together.</summary>
public sealed class SharedClientTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    [Fact]
    public async Task Deals_of_one_new_client_won_at_once_share_the_client()
    {
        var name = $"Shared Client {Guid.NewGuid().ToString("n")[..8]}";
        var account = firm.Sandbox.NewClient(name);
        string[] deals = [.. Enumerable.Range(0, 4).Select(_ => firm.NewDeal("Time and Materials", "Shared", firm.Sandbox.IsOfOneEntity))];
        foreach (var deal in deals)
        {
            await firm.ChangeDealAsync(deal, new { AccountId = account });
        }

        // Long enough for the deals to meet between "not found" and "created".
        await firm.FaultAsync(new { system = "kantata", effect = "latency:150" });
        await firm.FaultAsync(new { system = "netsuite", effect = "latency:150" });
        await Task.WhenAll(deals.Select(firm.WinAsync));

        foreach (var deal in deals)
        {
            var run = await firm.CompletedAsync(deal);
            Assert.All(run.Steps, step => Assert.Equal(1, step.Attempts));
        }

        Assert.Single(firm.Table("kantata", "workspace_groups").Scan(), record => record.Text("name") == name);
        Assert.Single(firm.Table("netsuite", "customer").Scan(), record => record.Text("companyName") == name);
        await using var store = await firm.OpenStoreAsync();
        Assert.Equal(1, await store.Clients.CountAsync(client => client.LegalName == name, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Two_accounts_with_one_tax_number_are_one_client_and_somebody_is_told()
    {
        var (first, second) = (Account("Twice Inc", "98-7654321"), Account("Second Twin Holdings", "987654321"));
        var run = await WonAsync(first);
        Assert.Empty(await firm.CasesAsync(run));

        run = await WonAsync(second);

        var suspected = Assert.Single(await firm.CasesAsync(run));
        Assert.Equal(("MST-102", suspected.Weight(), "DataSteward", CaseStatus.Open), (suspected.Code, suspected.Severity, suspected.OwnerGroup, suspected.Status));
        Assert.Contains(first, suspected.Message, StringComparison.Ordinal);
        Assert.Single(firm.Table("netsuite", "customer").Scan(), record => record.Text("custentity_psac_tax_reg") == "98-7654321");
        Assert.Single(firm.Table("kantata", "workspace_groups").Scan(), record => record.Text("name") is "Twice Inc" or "Second Twin Holdings");
        Assert.Equal("Twice Inc", Assert.Single(firm.Table("netsuite", "customer").Scan(), record => record.Text("custentity_psac_tax_reg") == "98-7654321").Text("companyName"));
    }

    [Fact]
    public async Task Account_that_only_looks_like_a_client_stops_until_its_tax_number_tells()
    {
        var (first, second) = (Account("Lookalike Partners Inc", "91-0000001"), Account("Lookalike Partners LLC", null));
        await WonAsync(first);
        var deal = await WinAsync(second);

        var run = await firm.ParkedAsync(deal);
        var unclear = Assert.Single(await firm.CasesAsync(run));
        Assert.Equal("HND-001", unclear.Code);
        firm.Sandbox.Host.Vendor("salesforce").Store.Update("Account", second, new Dictionary<string, object?> { ["Tax_Registration_Number__c"] = "91-0000002" });
        await firm.Get<CaseActions>().RetryAsync(RunningFirm.Controller, unclear.Id, unclear.Version, null, TestContext.Current.CancellationToken);

        await firm.CompletedAsync(deal);
        Assert.Single(firm.Table("netsuite", "customer").Scan(), record => record.Text("custentity_psac_tax_reg") == "91-0000002");
    }

    private string Account(string name, string? number)
    {
        var account = firm.Sandbox.NewClient(name);
        firm.Sandbox.Host.Vendor("salesforce").Store.Update("Account", account, new Dictionary<string, object?> { ["Tax_Registration_Number__c"] = number });
        return account;
    }

    private async Task<string> WinAsync(string account)
    {
        var deal = firm.NewDeal("Time and Materials", "Twin", firm.Sandbox.IsOfOneEntity);
        await firm.ChangeDealAsync(deal, new { AccountId = account });
        await firm.WinAsync(deal);
        return deal;
    }

    private async Task<PsaConsole.Engine.Workflows.Run> WonAsync(string account) => await firm.CompletedAsync(await WinAsync(account));
}
