using PsaConsole.Tests.Workflows;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>People and their bookings as resource managers see them: from Workday and Kantata to every system, and from what stops them to its repair, in a real browser.</summary>
public sealed class PersonJourneyTests(OpenFirm firm, Browser browser) : IClassFixture<OpenFirm>, IClassFixture<Browser>
{
    [Fact]
    public async Task New_hire_without_an_account_is_found_and_goes_on_to_every_system_once_it_is_entered()
    {
        var people = new SamplePeople(firm);
        var hired = SamplePeople.Like(people.Somebody("DE01", 0), "E9101", people.Today.AddDays(-1));
        var page = await browser.SignInAsync(firm.Local, "ResourceManager", "/exceptions?code=RES-205&q=Nova");
        await Expect(page.Locator(".state-block")).ToBeVisibleAsync();
        people.Hire(hired);

        await page.OpenTheCaseAsync();
        people.GiveAccount("nova.hired@northwind.example");
        await page.Keyboard.PressAsync("e");
        await page.Locator(".pane .action-form input[name=account]").FillAsync("nova.hired@northwind.example");
        await page.Locator(".pane .action-form textarea").FillAsync("IT gave her another address");
        await page.Locator(".pane .action-form button[type=submit]").ClickAsync();
        await Expect(page.Locator(".pane .case-meta")).ToContainTextAsync("Resolved", CaseSteps.Soon);

        await page.GotoAsync("/people/E9101");
        await Expect(page.Locator("h1")).ToContainTextAsync("Nova");
        foreach (var system in new[] { "Workday", "Kantata", "NetSuite", "Microsoft 365" })
        {
            await Expect(page.Locator("main")).ToContainTextAsync(system);
        }

        Assert.False(people.InErp(hired.Email)["DE01"].Flag("isInactive"));
        await page.AssertAccessibleAsync("person");
        await page.Context.CloseAsync();
    }
}
