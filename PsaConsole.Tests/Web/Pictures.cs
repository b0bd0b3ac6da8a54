using Microsoft.Playwright;

namespace PsaConsole.Tests.Web;

/// <summary>Pictures of a page in the middle of something, kept beside the test results so that a person can look at them.</summary>
internal static class Pictures
{
    public static Task ShootAsync(this IPage page, string name)
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable("PSACONSOLE_ARTIFACTS") is { Length: > 0 } set ? set : AppContext.BaseDirectory, "pages");
        Directory.CreateDirectory(folder);
        return page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), Animations = ScreenshotAnimations.Disabled });
    }
}
