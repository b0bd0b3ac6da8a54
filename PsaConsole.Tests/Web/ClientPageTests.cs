using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Workflows;
using PsaConsole.Tests.Sandbox;
using PsaConsole.Web.Components.Pages.Approvals;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>A client across the systems as people see it: the real console at work on the sample firm.</summary>
public sealed class ClientPageTests(OpenFirm firm, Browser browser) : IClassFixture<OpenFirm>, IClassFixture<Browser>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>A busy machine takes its time.</summary>
    private const float Soon = 60_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dispute_between_sales_and_finance_is_seen_on_the_clients_page_and_goes_once_it_is_settled()
    {
        var (name, account) = await SetUpAsync();
        var terms = firm.Sandbox.Host.Vendor("salesforce").Store["Account"].Find(account)!.Text("Payment_Terms__c");
        var page = await browser.SignInAsync(firm.Local, "FinanceController", $"/clients?q={Uri.EscapeDataString(name)}");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("o");
        await Expect(page.Locator("h1")).ToHaveTextAsync(name);

        await SaveAsync(account, new { Payment_Terms__c = terms == "Net 60" ? "Net 45" : "Net 60" });

        await Expect(page.Locator(".journey-case")).ToContainTextAsync("Payment terms", new() { Timeout = Soon });
        await Expect(page.GetByLabel("Who holds what").Locator("tr.differs")).ToContainTextAsync("Payment terms");
        await page.AssertAccessibleAsync("client");

        await SaveAsync(account, new { Payment_Terms__c = terms });

        await Expect(page.Locator(".journey-case")).ToHaveCountAsync(0, new() { Timeout = Soon });
        await Expect(page.GetByLabel("Who holds what").Locator("tr.differs")).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public void Every_kind_of_approval_has_a_name() =>
        Assert.All(Enum.GetValues<ApprovalKind>(), kind => Assert.NotEmpty(ApprovalQueries.Title(kind)));

    private async Task<(string Name, string Account)> SetUpAsync()
    {
        var name = $"Paged {Guid.NewGuid().ToString("n")[..8]}";
        var account = firm.Sandbox.NewClient(name);
        var deal = firm.Sandbox.NewDeal("Time and Materials", "Paged", firm.Sandbox.IsOfOneEntity);
        await firm.Sandbox.ChangeDealAsync(deal, new { AccountId = account });
        await firm.Sandbox.WinAsync(deal);
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (await again.WaitForNextTickAsync(Token))
        {
            await using var store = firm.OpenStore();
            if (await store.Runs.AnyAsync(run => run.LaneKey.EndsWith(deal) && run.Status == RunStatus.Completed, Token))
            {
                return (name, account);
            }

            Assert.True(TimeProvider.System.GetUtcNow() < until, $"{deal} was not handed over.");
        }

        throw new OperationCanceledException(Token);
    }

    private async Task SaveAsync(string account, object changes)
    {
        using var salesforce = await firm.Sandbox.SalesforceAsync();
        using var answer = await salesforce.PatchAsync($"sobjects/Account/{account}", JsonContent.Create(changes), Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }
}
