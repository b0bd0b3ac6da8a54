using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PsaConsole.Engine.Approvals;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

public sealed class ApprovalsPageTests(OpenConsole console, Browser browser) : IClassFixture<OpenConsole>, IClassFixture<Browser>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_controller_opens_an_approval_by_keyboard_sees_what_changes_and_approves_with_a_reason()
    {
        var asked = await AskAsync("Large deal to approve");
        var page = await browser.SignInAsync(console.Local, "FinanceController", $"/approvals?q={Uri.EscapeDataString("Large deal to approve")}");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("o");
        await Expect(page).ToHaveURLAsync(new Regex($"approval={asked.Id}"));
        await Expect(page.Locator(".pane .comparison")).ToContainTextAsync("Contract value");
        await Expect(page.Locator(".pane .answers .money")).ToContainTextAsync("2,500,000.00");
        await page.ReloadAsync();
        await page.SettleAsync();

        await page.Keyboard.PressAsync("a");
        await Expect(page.Locator("textarea")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Signed by the board");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator(".pane .history")).ToContainTextAsync("Signed by the board");
        await using var store = console.OpenStore();
        Assert.Equal(ApprovalStatus.Approved, (await store.Approvals.SingleAsync(item => item.Id == asked.Id, Token)).Status);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Somebody_who_may_not_decide_is_told_who_may()
    {
        var asked = await AskAsync("Large deal to look at");
        var page = await browser.SignInAsync(console.Local, "DeliveryOperations", $"/approvals?approval={asked.Id}");
        await page.Keyboard.PressAsync("a");
        await Expect(page.Locator(".action-why")).ToContainTextAsync("Needs the role Finance controller");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_controller_who_goes_on_holiday_names_a_deputy_who_then_may_decide_and_recalls_them()
    {
        var asked = await AskAsync("Large deal in the holidays");
        var page = await browser.SignInAsync(console.Local, "FinanceController", "/approvals");
        await page.FillAsync("input[name=deputy]", "ResourceManager@example.com");
        await page.FillAsync("input[name=why]", "Holiday");
        await page.ClickAsync("text=Name the deputy");
        await Expect(page.Locator(".deputy")).ToContainTextAsync("resourcemanager@example.com decides as Finance controller");

        var deputy = await browser.SignInAsync(console.Local, "ResourceManager", $"/approvals?approval={asked.Id}");
        await Expect(deputy.Locator(".pane")).ToContainTextAsync("You decide in place of Finance controller");

        await page.ClickAsync(".deputy >> text=Recall");
        await Expect(page.Locator(".deputy")).ToHaveCountAsync(0);
        await deputy.ReloadAsync();
        await deputy.SettleAsync();
        await deputy.Keyboard.PressAsync("a");
        await Expect(deputy.Locator(".action-why")).ToContainTextAsync("Needs the role Finance controller");
        await page.Context.CloseAsync();
        await deputy.Context.CloseAsync();
    }

    [Fact]
    public async Task An_approval_that_becomes_void_says_so_in_place()
    {
        var asked = await AskAsync("Large deal that changes");
        var page = await browser.SignInAsync(console.Local, "FinanceController", $"/approvals?approval={asked.Id}");
        await Expect(page.Locator(".pane .chip").First).ToContainTextAsync("Waits");
        await using (var store = console.OpenStore())
        {
            (await store.Approvals.SingleAsync(item => item.Id == asked.Id, Token)).Close(ApprovalStatus.Void, Now, "What was to be approved has changed.");
            await store.SaveChangesAsync(Token);
        }

        await console.TellAsync("approval", asked.RunId.ToString());

        await Expect(page.Locator(".pane .chip").First).ToContainTextAsync("Void");
        await page.Keyboard.PressAsync("a");
        await Expect(page.Locator(".action-why")).ToContainTextAsync("nothing is left to decide");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1400)]
    [InlineData(ColorScheme.Dark, 1400)]
    [InlineData(ColorScheme.Light, 360)]
    public async Task The_open_approval_is_accessible_from_phone_to_wide(ColorScheme scheme, int width)
    {
        var asked = await AskAsync("Large deal to picture");
        var page = await browser.SignInAsync(console.Local, "FinanceController", $"/approvals?approval={asked.Id}", scheme, width);
        await Expect(page.Locator(".pane .comparison")).ToBeVisibleAsync();
        await page.AssertAccessibleAsync($"approval {scheme} {width}");
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"), "The page is wider than its window.");
        if (Environment.GetEnvironmentVariable("PSACONSOLE_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"approval-{scheme}-{width}.png"), FullPage = true });
        }

        await page.Context.CloseAsync();
    }

    private async Task<Approval> AskAsync(string title)
    {
        await using var store = console.OpenStore();
        var asked = SampleQueue.AddWaiting(store, title, Now);
        await store.SaveChangesAsync(Token);
        return asked;
    }
}
