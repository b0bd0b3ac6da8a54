using System.Globalization;

namespace PsaConsole.Web.Components.Shared;

/// <summary>A span of time as people say it: "just now", "4 min ago", "in 2 h", "3 days ago".</summary>
public static class Elapsed
{
    /// <param name="ago">Positive for the past, negative for the future.</param>
    public static string Words(TimeSpan ago)
    {
        var span = ago.Duration();
        if (span < TimeSpan.FromSeconds(45))
        {
            return ago >= TimeSpan.Zero ? "just now" : "any moment";
        }

        var length = Length(span);
        return ago >= TimeSpan.Zero ? $"{length} ago" : $"in {length}";
    }

    /// <summary>The length alone: "850 ms", "12 s", "4 min", "2 h", "3 days".</summary>
    public static string Length(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.CurrentCulture, $"{span.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 10 } => string.Create(CultureInfo.CurrentCulture, $"{span.TotalSeconds:0.0} s"),
        { TotalSeconds: < 90 } => string.Create(CultureInfo.CurrentCulture, $"{span.TotalSeconds:0} s"),
        { TotalMinutes: < 90 } => string.Create(CultureInfo.CurrentCulture, $"{span.TotalMinutes:0} min"),
        { TotalHours: < 36 } => string.Create(CultureInfo.CurrentCulture, $"{span.TotalHours:0} h"),
        _ => string.Create(CultureInfo.CurrentCulture, $"{span.TotalDays:0} days"),
    };
}
