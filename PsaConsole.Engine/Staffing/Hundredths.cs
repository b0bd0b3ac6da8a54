namespace PsaConsole.Engine.Staffing;

/// <summary>Hours as whole hundredths, which is the grid of all planned hours: sums are exact, and a check of everybody takes milliseconds.</summary>
internal static class Hundredths
{
    public const int PerHour = 100;

    /// <summary>Rounded half away from zero to 0.01 h.</summary>
    public static int Of(decimal hours) => (int)decimal.Round(hours * PerHour, 0, MidpointRounding.AwayFromZero);

    public static decimal Hours(long hundredths) => hundredths / 100m;
}
