using System.Text.RegularExpressions;
using PsaConsole.Tests.Sandbox;
using PsaConsole.Tests.Workflows;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>The main job as its users see it: the real console at work on the sample firm, in a real browser, nothing put into the database by hand.</summary>
public sealed class JourneyTests(OpenFirm firm, Browser browser) : IClassFixture<OpenFirm>, IClassFixture<Browser>
{
    private const string Differences = ".pane section:has(h2:text('Values side by side')) .differs";
    private const string Job = "/services/rest/record/v1/job";

    [Fact]
    public async Task A_won_deal_is_followed_to_its_verified_end()
    {
        var deal = Deal("Follow");
        var page = await browser.SignInAsync(firm.Local, "DeliveryOperations", $"/engagements?q={Uri.EscapeDataString(deal.Name)}");
        await Expect(page.GetByText("No engagement matches")).ToBeVisibleAsync();

        await firm.Sandbox.WinAsync(deal.Id);
        await page.Locator(".fresh-rows").ClickAsync(new() { Timeout = 60_000 });
        await page.Locator("tbody a").First.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/engagements/.+"));
        // The page is not loaded again: every step arrives by itself.
        await Expect(page.Locator(".page-header .case-meta .chip")).ToContainTextAsync("Verified", CaseSteps.Soon);

        await Expect(page.Locator(".timeline li.tone-good")).ToHaveCountAsync(await page.Locator(".timeline li").CountAsync());
        foreach (var system in new[] { "Salesforce", "Kantata", "NetSuite", "Microsoft 365" })
        {
            await Expect(page.Locator(".journey-strip")).ToContainTextAsync(system);
        }

        var number = await page.Locator(".page-header .code-chip").First.InnerTextAsync();
        Assert.Equal(number, firm.Sandbox.Host.Vendor("salesforce").Store["Opportunity"].Find(deal.Id)!.Text("Project_Number__c"));
        Assert.Single(firm.Sandbox.Host.Vendor("netsuite").Store["job"].Scan(), job => job.Text("entityId") == number);
        await page.AssertAccessibleAsync("journey");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_project_that_is_not_billable_is_found_repaired_and_retried_in_the_browser()
    {
        var deal = Deal("Repair");
        await firm.Sandbox.FaultAsync(new { system = "netsuite", path = Job, effect = "omit:custentity_psac_tax_code" });
        var page = await browser.SignInAsync(firm.Local, "FinanceOperations", $"/exceptions?q={Uri.EscapeDataString(deal.Name)}");
        await firm.Sandbox.WinAsync(deal.Id);

        await page.OpenTheCaseAsync();
        await Expect(page.Locator(".pane .case-sentence")).ToContainTextAsync("Tax code");
        await Expect(page.Locator(Differences)).ToHaveCountAsync(1);

        // Without a repair a retry verifies nothing and closes nothing.
        await page.RetryAsync("checked in NetSuite");
        await Expect(page.Locator(".pane .history")).ToContainTextAsync("The retry did not pass.", CaseSteps.Soon);
        await Expect(page.Locator(".pane .case-meta")).Not.ToContainTextAsync("Resolved");

        await FillTaxCodeAsync(deal.Name, (await page.Locator($"{Differences} td").First.InnerTextAsync()).Trim());
        await page.RetryAsync("checked in NetSuite");
        await Expect(page.Locator(".pane .case-meta")).ToContainTextAsync("Resolved", CaseSteps.Soon);

        await page.ClickAsync(".pane >> text=The whole journey");
        await Expect(page.Locator(".page-header .case-meta .chip")).ToContainTextAsync("Verified", CaseSteps.Soon);
        await page.Context.CloseAsync();
    }

    private (string Id, string Name) Deal(string prefix)
    {
        var id = firm.Sandbox.NewDeal("Percent Complete", prefix, firm.Sandbox.IsOfOneEntity);
        return (id, firm.Sandbox.Host.Vendor("salesforce").Store["Opportunity"].Find(id)!.Text("Name")!);
    }

    /// <summary>Fills the tax code in NetSuite's own record, as a bookkeeper would, once NetSuite stores it again.</summary>
    private async Task FillTaxCodeAsync(string project, string code)
    {
        await firm.ClearFaultsAsync();
        var store = firm.Sandbox.Host.Vendor("netsuite").Store;
        var job = store["job"].Scan().Single(record => record.Text("companyName") == project);
        store.Update("job", job.Id, new Dictionary<string, object?> { ["custentity_psac_tax_code"] = code });
    }
}
