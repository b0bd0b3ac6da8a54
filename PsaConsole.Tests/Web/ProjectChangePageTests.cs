using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PsaConsole.Engine.Finance;
using PsaConsole.Tests.Sandbox;
using PsaConsole.Tests.Workflows;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>Changes of a won deal as their users see them: from Salesforce to the verified targets, and from a failure to its repair, in a real browser.</summary>
public sealed class ProjectChangePageTests(OpenFirm firm, Browser browser) : IClassFixture<OpenFirm>, IClassFixture<Browser>
{
    [Fact]
    public async Task An_amendment_is_seen_approved_and_followed_to_its_verified_end()
    {
        var (page, deal, number) = await HandedOverAsync("Amend", "FinanceController");
        var amount = Opportunity(deal).Number("Amount")!.Value + 10_000m;
        var store = firm.Sandbox.Host.Vendor("salesforce").Store;
        var line = store["OpportunityLineItem"].FindBy("OpportunityId", deal)[0];
        store.Update("OpportunityLineItem", line.Id, new Dictionary<string, object?> { ["TotalPrice"] = line.Number("TotalPrice") + 10_000m });
        await firm.Sandbox.ChangeDealAsync(deal, new { Amount = amount });

        // The page is not loaded again: the change arrives by itself.
        var changes = page.Locator("section[aria-label=Changes]");
        await Expect(changes).ToContainTextAsync("Waits for approval", CaseSteps.Soon);
        await Expect(changes.Locator(".comparison")).ToContainTextAsync("Contract value");
        await Expect(changes.Locator(".answers")).ToContainTextAsync("Posted, not invoiced");
        await page.AssertAccessibleAsync("journey with a change");

        await changes.GetByText("Show the approval").ClickAsync();
        await Expect(page.Locator(".pane .comparison")).ToContainTextAsync("Contract value");
        await page.Keyboard.PressAsync("a");
        await Expect(page.Locator("textarea")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("The client signed the amendment");
        await page.Locator(".pane .action-form button[type=submit]").ClickAsync();
        await Expect(page.Locator(".pane .history")).ToContainTextAsync("The client signed the amendment");

        await page.ClickAsync(".pane >> text=The whole journey");
        await Expect(page.Locator(".page-header .case-meta .chip")).ToContainTextAsync("Verified", CaseSteps.Soon);
        await Expect(page.Locator("section[aria-label=Changes]")).ToContainTextAsync("What changes");
        Assert.Equal(amount, Job(number).Number("jobPrice"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_change_that_the_books_refuse_is_found_repaired_and_retried_in_the_browser()
    {
        var (page, deal, number) = await HandedOverAsync("Refuse", "FinanceController");
        await firm.Sandbox.FaultAsync(new { system = "netsuite", method = "PATCH", path = "/services/rest/record/v1/job", effect = "status:400" });
        await firm.Sandbox.ChangeDealAsync(deal, new { Name = Opportunity(deal).Text("Name") + " Nord" });
        await Expect(page.Locator("section[aria-label=Changes]")).ToContainTextAsync("Needs a person", CaseSteps.Soon);

        await page.GotoAsync($"/exceptions?q={Uri.EscapeDataString(number)}");
        await page.SettleAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("o");
        await Expect(page.Locator(".pane .case-sentence")).ToContainTextAsync("verified in kantata only");
        await firm.ClearFaultsAsync();

        await page.RetryAsync("NetSuite takes it now");
        await Expect(page.Locator(".pane .case-meta")).ToContainTextAsync("Resolved", CaseSteps.Soon);

        await page.ClickAsync(".pane >> text=The whole journey");
        await Expect(page.Locator(".page-header .case-meta .chip")).ToContainTextAsync("Verified", CaseSteps.Soon);
        Assert.EndsWith(" Nord", Job(number).Text("companyName"), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_new_rate_is_weighed_with_the_hours_that_it_moves_and_approved_in_the_browser()
    {
        var sheets = await Timesheets.OfAsync(firm, "Time and Materials");
        var person = sheets.SoldPerson();
        var entry = await sheets.EnterApprovedAsync(person, 6m);
        await sheets.PostedAsync(entry);
        var run = await firm.CompletedAsync(sheets.Deal.Id);
        var page = await browser.SignInAsync(firm.Local, "FinanceController", $"/engagements/{run.Id}");
        await page.SettleAsync();

        var price = sheets.PriceOf(person);
        firm.Sandbox.Host.Vendor("salesforce").Store.Update("PricebookEntry", price.Id, new Dictionary<string, object?> { ["UnitPrice"] = price.Number("UnitPrice")!.Value + 15m });

        var changes = page.Locator("section[aria-label=Changes]");
        await Expect(changes).ToContainTextAsync("Waits for approval", CaseSteps.Soon);
        await Expect(changes.Locator(".comparison")).ToContainTextAsync("Bill rates");
        await Expect(changes.Locator(".answers")).ToContainTextAsync("6");
        await page.InEachThemeAsync(scheme => page.AssertAccessibleAsync($"journey with a rate change {scheme}"));

        await changes.GetByText("Show the approval").ClickAsync();
        await Expect(page.Locator(".pane .comparison")).ToContainTextAsync("Bill rates");
        await page.InEachThemeAsync(scheme => page.AssertAccessibleAsync($"approval of a rate change {scheme}"));
        await page.Keyboard.PressAsync("a");
        await Expect(page.Locator("textarea")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Agreed with the client");
        await page.Locator(".pane .action-form button[type=submit]").ClickAsync();
        await Expect(page.Locator(".pane .history")).ToContainTextAsync("Agreed with the client");

        await page.ClickAsync(".pane >> text=The whole journey");
        await Expect(page.Locator(".page-header .case-meta .chip")).ToContainTextAsync("Verified", CaseSteps.Soon);
        var unbilled = (await sheets.PostingsAsync(entry)).Where(row => row.Kind == PostingKind.Unbilled).Select(row => row.Amount).ToList();
        Assert.Equal((3, -unbilled[0], true), (unbilled.Count, unbilled[1], unbilled[2] > unbilled[0]));
        await page.Context.CloseAsync();
    }

    /// <summary>A deal of one legal entity that is won, and the page of its verified journey.</summary>
    private async Task<(IPage Page, string Deal, string Number)> HandedOverAsync(string prefix, string role)
    {
        var deal = firm.Sandbox.NewDeal("Percent Complete", prefix, firm.Sandbox.IsOfOneEntity);
        var page = await browser.SignInAsync(firm.Local, role, $"/engagements?q={Uri.EscapeDataString(Opportunity(deal).Text("Name")!)}");
        await firm.Sandbox.WinAsync(deal);
        await page.Locator(".fresh-rows").ClickAsync(new() { Timeout = 60_000 });
        await page.Locator("tbody a").First.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/engagements/.+"));
        await Expect(page.Locator(".page-header .case-meta .chip")).ToContainTextAsync("Verified", CaseSteps.Soon);
        return (page, deal, await page.Locator(".page-header .code-chip").First.InnerTextAsync());
    }

    private PsaConsole.Sandbox.Core.Record Opportunity(string deal) => firm.Sandbox.Host.Vendor("salesforce").Store["Opportunity"].Find(deal)!;

    private PsaConsole.Sandbox.Core.Record Job(string number) => firm.Sandbox.Host.Vendor("netsuite").Store["job"].Scan().Single(record => record.Text("entityId") == number);
}
