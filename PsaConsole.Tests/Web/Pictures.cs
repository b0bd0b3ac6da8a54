using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace PsaConsole.Tests.Web;

/// <summary>Pictures of a page in the middle of something, kept beside the test results so that a person can look at them.</summary>
internal static partial class Pictures
{
    public static Task ShootAsync(this IPage page, string name)
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable("PSACONSOLE_ARTIFACTS") is { Length: > 0 } set ? set : AppContext.BaseDirectory, "pages");
        Directory.CreateDirectory(folder);
        return page.ScreenshotAsync(new() { Path = Path.Combine(folder, NotOfAName().Replace(name.ToLowerInvariant(), "-").Trim('-') + ".png"), Animations = ScreenshotAnimations.Disabled });
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotOfAName();
}
