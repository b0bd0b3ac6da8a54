using System.Text.RegularExpressions;
using PsaConsole.Tests.Workflows;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>Approved time and expenses as finance sees them: from Kantata to the books, and from what stops them to its repair, in a real browser.</summary>
public sealed class PostingJourneyTests(OpenFirm firm, Browser browser) : IClassFixture<OpenFirm>, IClassFixture<Browser>
{
    private const string Journals = "/services/rest/record/v1/journalEntry";

    [Fact]
    public async Task Approved_time_is_seen_in_the_books_and_what_they_refuse_is_found_repaired_and_retried()
    {
        var sheet = await Timesheets.SharedAsync(firm, "Time and Materials");
        var page = await browser.SignInAsync(firm.Local, "FinanceOperations", "/postings?q=6.25%20h%20of");
        await Expect(page.Locator(".state-block")).ToBeVisibleAsync();
        var entry = await sheet.EnterApprovedAsync(sheet.Person(), 6.25m);

        await page.Locator(".fresh-rows").ClickAsync(new() { Timeout = 60_000 });
        await Expect(page.Locator("tbody tr").First).ToContainTextAsync("In the books", CaseSteps.Soon);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("o");
        await Expect(page.Locator(".pane")).ToContainTextAsync("read back", CaseSteps.Soon);
        var pane = await page.Locator(".pane").InnerTextAsync();
        Assert.All(sheet.Journals(entry), journal => Assert.Contains(journal.Text("tranId")!, pane, StringComparison.Ordinal));
        await page.AssertAccessibleAsync("posting of time");

        await firm.Sandbox.FaultAsync(new { system = "netsuite", method = "PUT", path = Journals, effect = "status:400" });
        await page.GotoAsync("/exceptions?q=6.75%20h%20of");
        await Expect(page.Locator(".state-block")).ToBeVisibleAsync();
        var refused = await sheet.EnterApprovedAsync(sheet.Person(), 6.75m);
        await page.OpenTheCaseAsync();
        await Expect(page.Locator(".pane .case-meta")).ToContainTextAsync("TIM-408");
        Assert.Empty(sheet.Journals(refused));

        await firm.ClearFaultsAsync();
        await page.RetryAsync("the books take it now");
        await Expect(page.Locator(".pane .case-meta")).ToContainTextAsync("Resolved", CaseSteps.Soon);
        await sheet.PostedAsync(refused);
        Assert.Equal(2, sheet.Journals(refused).Count);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Claim_without_its_receipt_is_found_in_the_queue_and_goes_to_the_books_once_it_has_one()
    {
        var sheet = await Timesheets.SharedAsync(firm, "Time and Materials", "GB01");
        var claims = new ExpenseClaims(firm, sheet);
        var person = sheet.Person();
        var page = await browser.SignInAsync(firm.Local, "FinanceOperations", $"/exceptions?code=EXP-501&q={Uri.EscapeDataString(person.LastName)}");
        await Expect(page.Locator(".state-block")).ToBeVisibleAsync();
        var claim = await claims.ClaimApprovedAsync(person, "Taxi", 26m, receipt: null);

        await page.OpenTheCaseAsync();
        await Expect(page.Locator(".pane .case-sentence")).ToContainTextAsync(new Regex("receipt", RegexOptions.IgnoreCase));
        Assert.Empty(claims.Journals(claim));

        // The person attaches it in Kantata, where it belongs: the case closes by itself while the page is open.
        await claims.RecallAsync(claim);
        await claims.AttachAsync(claim, "R-26");
        await claims.ApproveAsync(claim);
        await Expect(page.Locator(".pane .case-meta")).ToContainTextAsync("Resolved", CaseSteps.Soon);

        await claims.PostedAsync(claim);
        await page.GotoAsync($"/postings?q={sheet.Number}");
        await Expect(page.Locator("tbody tr", new() { HasText = person.LastName }).First).ToContainTextAsync("In the books", CaseSteps.Soon);
        await page.Context.CloseAsync();
    }
}
