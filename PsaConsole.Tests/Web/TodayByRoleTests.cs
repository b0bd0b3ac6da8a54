using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PsaConsole.Engine.Access;
using PsaConsole.Web.Components.Pages.Today;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>Each role's own first screen says what needs it; those who oversee get sums and no record (console.md, Today).</summary>
public sealed class TodayByRoleTests(OpenConsole console, Browser browser) : IClassFixture<OpenConsole>, IClassFixture<Browser>
{
    private static readonly (string Name, int Width)[] Widths = [("phone", 360), ("desk", 1400)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("DeliveryOperations", "Latest engagements", "Verified in 24 hours")]
    [InlineData("ResourceManager", "Needs a person", "People in conflict")]
    [InlineData("FinanceController", "Waits for a decision", "The month ends")]
    [InlineData("FinanceOperations", "Waits for a decision", "The month ends")]
    [InlineData("IntegrationAdministrator", "Needs a person", "Lanes held")]
    [InlineData("Executive", "What stops, by cause", "Waits for a decision")]
    public async Task Each_role_begins_with_what_needs_it_on_every_screen(string role, string heading, string number)
    {
        await AddAsync();
        foreach (var (name, width) in Widths)
        {
            var page = await browser.SignInAsync(console.Local, role, "/", width: width);
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = heading, Exact = true })).ToBeVisibleAsync();
            await Expect(page.Locator(".key-numbers")).ToContainTextAsync(number);
            Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth") <= 0, $"{role} is wider than the {name}");
            await page.InEachThemeAsync(scheme => page.AssertAccessibleAsync($"today {role} {name} {scheme}"));
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task Executives_get_sums_and_no_record()
    {
        await AddAsync();
        var page = await browser.SignInAsync(console.Local, "Executive", "/");

        await Expect(page.Locator(".group-card").First).ToBeVisibleAsync();
        Assert.DoesNotContain("Harbour deal", await page.Locator("#content").InnerTextAsync(), StringComparison.Ordinal);
        await Expect(page.Locator("#content table")).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Ones_own_cases_come_first()
    {
        await AddAsync();
        await using (var store = console.OpenStore())
        {
            var mine = SampleQueue.AddStopped(store, "Harbour mine", TimeProvider.System.GetUtcNow());
            mine.Assignee = "sample:FinanceOperations";
            mine.PriorityAt = TimeProvider.System.GetUtcNow().AddYears(1);
            await store.SaveChangesAsync(Token);
        }

        var page = await browser.SignInAsync(console.Local, "FinanceOperations", "/");

        await Expect(page.Locator(".case-list tbody tr").First).ToContainTextAsync("Harbour mine");
        await page.Context.CloseAsync();
    }

    [Fact]
    public void Who_has_several_roles_sits_where_money_is_decided()
    {
        static Desk Of(params string[] roles) => Desks.Of(new Actor("p", "P", roles.ToHashSet()));

        Assert.Equal(Desk.Finance, Of(Roles.DeliveryOperations, Roles.FinanceController));
        Assert.Equal(Desk.Resources, Of(Roles.ResourceManager, Roles.ProjectManager));
        Assert.Equal(Desk.Delivery, Of(Roles.Auditor));
        Assert.Equal(Desk.Overview, Of(Roles.Executive));
        Assert.Equal(Desk.Guard, Of(Roles.SecurityAdministrator));
        Assert.Equal(Desk.None, Of());
    }

    private async Task AddAsync()
    {
        await using var store = console.OpenStore();
        if (!await store.ExceptionCases.AnyAsync(item => item.Subject == "Harbour deal", Token))
        {
            SampleQueue.AddStopped(store, "Harbour deal", TimeProvider.System.GetUtcNow());
            SampleQueue.AddWaiting(store, "Harbour large", TimeProvider.System.GetUtcNow());
            SampleQueue.AddVerified(store, "Harbour done", TimeProvider.System.GetUtcNow());
            await store.SaveChangesAsync(Token);
        }
    }
}
