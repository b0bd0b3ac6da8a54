using Microsoft.Playwright;

namespace PsaConsole.Tests.Web;

/// <summary>A real Chromium for the tests of a class.</summary>
public sealed class Browser : IAsyncLifetime
{
    // The shell is Chromium without the windows that nobody looks at: a page costs half as much.
    private static readonly string[] Places = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>Milliseconds; a busy machine is slow, not wrong.</summary>
    private const float Patience = 60_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience / 2);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Array.Find(Places, File.Exists) ?? throw new InvalidOperationException("Chromium is missing: ./run test installs it."),
            // A browser of root's can't have a sandbox.
            Args = ["--no-sandbox"],
        });
    }

    /// <summary>Opens a page as a sample user.</summary>
    public async Task<IPage> SignInAsync(Uri console, string role, string path, ColorScheme scheme = ColorScheme.Light, int width = 1400)
    {
        var page = await OpenAsync(console, scheme, width);
        await page.GotoAsync($"/sign-in?returnUrl={Uri.EscapeDataString(path)}");
        await page.ClickAsync($"button[value={role}]");
        // Until the circuit is up a click would be lost, and a key has nothing to press while the page is being read.
        await page.SettleAsync();
        return page;
    }

    /// <summary>Opens an empty page of somebody who has no session.</summary>
    public async Task<IPage> OpenAsync(Uri console, ColorScheme scheme = ColorScheme.Light, int width = 1400)
    {
        var context = await (_browser ?? throw new InvalidOperationException("No browser was started.")).NewContextAsync(new()
        {
            BaseURL = console.ToString(),
            ColorScheme = scheme,
            // The certificate of the tests' sign-in provider is its own.
            IgnoreHTTPSErrors = true,
            Locale = "en-GB",
            TimezoneId = "Europe/Berlin",
            ViewportSize = new() { Width = width, Height = 900 },
        });
        context.SetDefaultTimeout(Patience);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
