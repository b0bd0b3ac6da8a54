using System.Globalization;

namespace PsaConsole.Web.Components.Shared;

/// <summary>An instant in the viewer's zone and culture, to the second, with the zone's name: what a relative time shows on hover.</summary>
public static class ExactTime
{
    public static string Of(DateTimeOffset at, TimeZoneInfo? zone)
    {
        var shown = zone ?? TimeZoneInfo.Utc;
        return $"{TimeZoneInfo.ConvertTime(at, shown).ToString("G", CultureInfo.CurrentCulture)} {shown.Id}";
    }
}
