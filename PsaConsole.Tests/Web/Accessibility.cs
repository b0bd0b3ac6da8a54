using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace PsaConsole.Tests.Web;

internal static class Accessibility
{
    /// <summary>Fails with every element that axe finds fault with.</summary>
    public static async Task AssertAccessibleAsync(this IPage page, string what)
    {
        var violations = await page.ViolationsAsync(what);
        Assert.True(violations.Count == 0, string.Join("\n", violations));
    }

    /// <summary>What axe finds fault with, each with its elements.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(this IPage page, string what)
    {
        // The title comes with the first interactive picture, a moment after the page's own.
        await Assertions.Expect(page).ToHaveTitleAsync(new Regex("."));
        var result = await page.RunAxe();
        return
        [
            .. result.Violations.Select(violation =>
                $"{what}: {violation.Id}: {violation.Help}\n  {string.Join("\n  ", violation.Nodes.Select(node => node.Html))}"),
        ];
    }
}
