using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>What people do with cases, by the keyboard.</summary>
internal static class CaseSteps
{
    /// <summary>A run takes seconds; a busy machine takes its time.</summary>
    public static LocatorAssertionsToContainTextOptions Soon { get; } = new() { Timeout = 60_000 };

    /// <summary>Waits until the one case that the list is about has come, and opens it beside the list.</summary>
    public static async Task OpenTheCaseAsync(this IPage page)
    {
        await page.Locator(".fresh-rows").ClickAsync(new() { Timeout = 60_000 });
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("o");
        await Expect(page.Locator(".pane .case-sentence")).ToBeVisibleAsync();
    }

    /// <summary>Presses Retry on the open case and says why.</summary>
    public static async Task RetryAsync(this IPage page, string why)
    {
        await page.Keyboard.PressAsync("r");
        await page.Locator(".pane .action-form textarea").FillAsync(why);
        await page.Locator(".pane .action-form button[type=submit]").ClickAsync();
    }
}
