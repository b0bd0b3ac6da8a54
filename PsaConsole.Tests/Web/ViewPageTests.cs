using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PsaConsole.Engine.Exceptions;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>The queue is narrowed, named, shared, and opens as a person wants it, by keyboard and by address.</summary>
public sealed class ViewPageTests(OpenConsole console, Browser browser) : IClassFixture<OpenConsole>, IClassFixture<Browser>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queue_is_narrowed_by_team_person_severity_day_and_money_and_the_address_says_so()
    {
        var now = TimeProvider.System.GetUtcNow();
        await RaiseAsync("Narrow: ours", "Finance", "High", null, 5_000m, now);
        await RaiseAsync("Narrow: taken", "Finance", "High", "sample:FinanceController", 5_000m, now);
        await RaiseAsync("Narrow: other team", "HumanResources", "High", null, 5_000m, now);
        await RaiseAsync("Narrow: mild", "Finance", "Low", null, 5_000m, now);
        await RaiseAsync("Narrow: old", "Finance", "High", null, 5_000m, now.AddDays(-40));
        await RaiseAsync("Narrow: cheap", "Finance", "High", null, 10m, now);
        var page = await browser.SignInAsync(console.Local, "FinanceOperations", "/exceptions?state=open&q=Narrow");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(6);

        await page.Keyboard.PressAsync("f");
        await Expect(page.Locator(".narrow form")).ToBeVisibleAsync();
        await page.AssertAccessibleAsync("filters");
        await page.SelectOptionAsync("select[name=with]", "nobody");
        await page.SelectOptionAsync("select[name=team]", "Finance");
        await page.SelectOptionAsync("select[name=severity]", "High");
        await page.FillAsync("input[name=from]", now.AddDays(-1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        await page.FillAsync("input[name=least]", "1000");
        await page.Locator("input[name=least]").PressAsync("Enter");

        await Expect(page).ToHaveURLAsync(new Regex("team=Finance.*"));
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("tbody tr")).ToContainTextAsync("Narrow: ours");
        await page.ReloadAsync();
        await page.SettleAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("m");
        await Expect(page.Locator(".selection-count")).ToContainTextAsync("1 selected");
    }

    [Fact]
    public async Task View_is_saved_with_a_key_shared_with_a_colleague_and_opens_for_who_wants_it()
    {
        await RaiseAsync("Viewed: first", "Finance", "High", null, 5_000m, TimeProvider.System.GetUtcNow());
        var page = await browser.SignInAsync(console.Local, "FinanceOperations", "/exceptions?q=Viewed&team=Finance");
        await page.Keyboard.PressAsync("b");
        await Expect(page.Locator(".view-bar input[name=name]")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Month end");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Space");
        await page.AssertAccessibleAsync("save-view");
        await page.ClickAsync(".view-bar form .button-primary");
        await Expect(page.Locator(".view-bar nav a[aria-current=true]")).ToContainTextAsync("Month end");

        var colleague = await browser.SignInAsync(console.Local, "FinanceController", "/exceptions", ColorScheme.Dark, 360);
        await colleague.GetByRole(AriaRole.Link, new() { Name = "Month end" }).ClickAsync();
        await Expect(colleague).ToHaveURLAsync(new Regex("team=Finance"));
        await Expect(colleague.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(colleague.GetByRole(AriaRole.Button, new() { Name = "Remove" })).ToHaveCountAsync(0);
        await colleague.GetByRole(AriaRole.Button, new() { Name = "Open with it", Exact = true }).ClickAsync();
        await Expect(colleague.GetByRole(AriaRole.Button, new() { Name = "Don't open with it" })).ToBeVisibleAsync();
        await colleague.AssertAccessibleAsync("views-360");
        Assert.True(await colleague.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth") <= 0);
        await colleague.GotoAsync("/exceptions");
        await Expect(colleague).ToHaveURLAsync(new Regex("q=Viewed"));
        await colleague.GotoAsync("/exceptions?state=open");
        await Expect(colleague).ToHaveURLAsync(new Regex("state=open"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(page.Locator(".view-bar nav")).ToHaveCountAsync(0);
        await colleague.GotoAsync("/exceptions");
        await colleague.SettleAsync();
        await Expect(colleague).ToHaveURLAsync(new Regex("/exceptions$"));
        await using var store = console.OpenStore();
        Assert.Equal(["view.save", "view.remove"], await store.AuditEntries.Where(entry => entry.Entity == "view:Month end").OrderBy(entry => entry.Id).Select(entry => entry.Action).ToListAsync(Token));
    }

    private async Task RaiseAsync(string subject, string team, string severity, string? assignee, decimal money, DateTimeOffset at)
    {
        await using var store = console.OpenStore();
        store.ExceptionCases.Add(new ExceptionCase
        {
            Code = "HND-008",
            BusinessKey = $"tests:{Guid.NewGuid():n}",
            Subject = subject,
            Message = "Raised by a test.",
            Findings = "[]",
            Severity = severity,
            OwnerGroup = team,
            Assignee = assignee,
            Exposure = money,
            ExposureCurrency = "EUR",
            RaisedAt = at,
            DueAt = at.AddHours(5),
        });
        await store.SaveChangesAsync(Token);
    }
}
