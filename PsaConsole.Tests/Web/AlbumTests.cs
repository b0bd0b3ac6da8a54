using Microsoft.Playwright;
using PsaConsole.Web;
using PsaConsole.Web.Components.Layout;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>
/// Every page with the sample firm at work behind it, in both themes and on a phone, a desk and a wide screen: kept as pictures beside the test
/// results, so that a person can look at them, and held to WCAG by axe. The README's pictures come from here too (./run screenshots).
/// </summary>
public sealed class AlbumTests(BusyFirm firm, Browser browser) : IClassFixture<BusyFirm>, IClassFixture<Browser>
{
    private const string Missing = "/nowhere";

    private static readonly (string Name, int Width)[] Widths = [("phone", 360), ("desk", 1400), ("wide", 2560)];

    [Fact]
    public async Task Every_page_is_pictured_fits_its_screen_and_is_accessible_in_both_themes()
    {
        List<string> faults = [];
        foreach (var (name, width) in Widths)
        {
            var page = await browser.SignInAsync(firm.Local, "FinanceController", "/", width: width);
            foreach (var (title, url) in Pages())
            {
                await ShowAsync(page, url);
                faults.AddRange(await LookAsync(page, title, name));
                var overflow = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth");
                if (overflow > 0)
                {
                    faults.Add($"{url} is {overflow} pixels wider than the {name}.");
                }
            }

            await ShowAsync(page, ConsoleUrls.Today());
            await page.Keyboard.PressAsync("?");
            await Expect(page.Locator("#keys-help")).ToBeVisibleAsync();
            faults.AddRange(await LookAsync(page, "keys", name));
            await page.Context.CloseAsync();

            // Who is available is shown to those who staff.
            page = await browser.SignInAsync(firm.Local, "ResourceManager", ConsoleUrls.Staffing(), width: width);
            await page.SettleAsync();
            await page.InEachThemeAsync(scheme => ShootAsync(page, Folder("PSACONSOLE_ARTIFACTS", "pages"), $"staffing-open-{name}-{scheme}".ToLowerInvariant()));
            await page.Context.CloseAsync();
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Theory]
    [Trait("Category", "Pictures")]
    [InlineData("today", ColorScheme.Light, 1400)]
    [InlineData("exceptions", ColorScheme.Light, 1400)]
    [InlineData("case", ColorScheme.Dark, 1400)]
    [InlineData("journey", ColorScheme.Light, 1400)]
    [InlineData("systems", ColorScheme.Light, 1400)]
    public async Task The_readme_shows_the_console_at_work(string title, ColorScheme scheme, int width)
    {
        var page = await browser.SignInAsync(firm.Local, "FinanceController", "/", scheme, width);
        await ShowAsync(page, Pages().Single(item => item.Title == title).Url);
        await ShootAsync(page, Folder("PSACONSOLE_PICTURES", "pictures"), title);
        await page.Context.CloseAsync();
    }

    /// <summary>Everything in the menu, and what it leads to.</summary>
    private IEnumerable<(string Title, string Url)> Pages() =>
    [
        .. NavigationItem.All.Select(item => (item.Title.Replace(' ', '-').ToLowerInvariant(), item.Url)),
        ("exceptions-open", ConsoleUrls.Exceptions(selected: firm.Case)),
        ("assignment", ConsoleUrls.Assignment()),
        ("groups", ConsoleUrls.Groups()),
        ("group", ConsoleUrls.Group(firm.Group)),
        ("case", ConsoleUrls.Case(firm.Case)),
        ("client", ConsoleUrls.Client(firm.Client)),
        ("lanes-all", ConsoleUrls.Lanes("all")),
        ("journey", ConsoleUrls.Engagement(firm.Verified)),
        ("journey-stopped", ConsoleUrls.Engagement(firm.Stopped)),
        ("nothing-found", ConsoleUrls.Engagements("no such deal")),
        ("not-there", Missing),
        ("refused", $"{ConsoleUrls.Failure(403)}?returnUrl=%2Fstaffing"),
        ("failed", ConsoleUrls.Failure(500)),
    ];

    /// <summary>Pictures the page in both themes, and has axe look at it. What it finds on a phone it finds in either theme, since colours don't depend on the width.</summary>
    private static async Task<IReadOnlyList<string>> LookAsync(IPage page, string title, string name)
    {
        List<string> faults = [];
        await page.InEachThemeAsync(async scheme =>
        {
            await ShootAsync(page, Folder("PSACONSOLE_ARTIFACTS", "pages"), $"{title}-{name}-{scheme}".ToLowerInvariant());
            if (name == "desk" || (name, scheme) == ("phone", ColorScheme.Light))
            {
                faults.AddRange(await page.ViolationsAsync($"{title} {name} {scheme}"));
            }
        });
        return faults;
    }

    private static async Task ShowAsync(IPage page, string url)
    {
        await page.GotoAsync(url);
        await Expect(page.Locator("h1")).ToBeVisibleAsync();
        await page.SettleAsync();
    }

    private static async Task ShootAsync(IPage page, string folder, string name)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name + ".png");
        await page.ScreenshotAsync(new() { Path = path, Animations = ScreenshotAnimations.Disabled });
        Assert.True(new FileInfo(path).Length > 5_000, $"{path} is empty.");
    }

    private static string Folder(string variable, string name) =>
        Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } folder ? Path.Combine(AppContext.BaseDirectory, name)
        : variable == "PSACONSOLE_PICTURES" ? folder
        : Path.Combine(folder, name);
}
