using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace PsaConsole.Tests.Web;

internal static class Accessibility
{
    /// <summary>Fails with every element that axe finds fault with. What is looked at for that is kept as a picture too.</summary>
    public static async Task AssertAccessibleAsync(this IPage page, string what)
    {
        var violations = await page.ViolationsAsync(what);
        await page.ShootAsync(what);
        Assert.True(violations.Count == 0, string.Join("\n", violations));
    }

    /// <summary>
    /// Waits until the page is as its user will find it: the circuit is up, or it is a plain document that has none, nothing is loading any more, and the
    /// title stands. When the circuit takes over from the page's first picture it sets the title anew, and for a moment there is none.
    /// </summary>
    public static async Task SettleAsync(this IPage page)
    {
        await Assertions.Expect(page.Locator("html[data-interactive=true], .plain-page")).ToHaveCountAsync(1, new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator(".loading")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        await Assertions.Expect(page).ToHaveTitleAsync(new Regex("."));
    }

    /// <summary>
    /// Looks at the page in both themes, as somebody whose system changes its theme while the page is open: it follows without being loaded again, and a plain document
    /// with its next answer.
    /// </summary>
    public static async Task InEachThemeAsync(this IPage page, Func<ColorScheme, Task> look)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            if (await page.Locator(".plain-page").CountAsync() > 0)
            {
                // The first answer tells the document which theme the system has; the second one is drawn in it.
                await page.ReloadAsync();
                await page.ReloadAsync();
            }

            await Assertions.Expect(page.Locator(scheme == ColorScheme.Dark ? ".is-dark" : ".is-light").First).ToBeVisibleAsync();
            await page.EvaluateAsync("() => Promise.allSettled(document.getAnimations().map(animation => animation.finished))");
            await look(scheme);
        }
    }

    /// <summary>What axe finds fault with, each with its elements.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(this IPage page, string what)
    {
        await page.SettleAsync();
        var result = await page.RunAxe();
        return
        [
            .. result.Violations.Select(violation =>
                $"{what}: {violation.Id}: {violation.Help}\n  {string.Join("\n  ", violation.Nodes.Select(node => node.Html))}"),
        ];
    }
}
