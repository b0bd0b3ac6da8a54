using Microsoft.EntityFrameworkCore;
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
}
