namespace PsaConsole.Web.Components.Layout;

/// <summary>What the browser told about itself in cookies: the chosen theme (<c>system</c>, <c>light</c>, <c>dark</c>), whether its system is dark, its time zone.</summary>
public sealed record ViewerLook(string Theme, bool SystemIsDark, string TimeZone)
{
    public const string FollowSystem = "system";

    public static ViewerLook Unknown { get; } = new(FollowSystem, false, "UTC");

    /// <summary>Whether the dark palette applies now.</summary>
    public bool IsDark => Theme == "dark" || (Theme == FollowSystem && SystemIsDark);

    /// <summary>The viewer's zone; UTC when the browser named one that this machine does not know.</summary>
    public TimeZoneInfo Zone => TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;

    public static ViewerLook Of(IRequestCookieCollection cookies) => new(
        cookies["psaconsole.theme"] is "light" or "dark" ? cookies["psaconsole.theme"]! : FollowSystem,
        cookies["psaconsole.system"] == "dark",
        cookies["psaconsole.zone"] is { Length: > 0 and < 64 } zone ? Uri.UnescapeDataString(zone) : "UTC");
}
