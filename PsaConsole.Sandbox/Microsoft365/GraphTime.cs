using System.Globalization;
using System.Text.Json.Nodes;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>Local times with a Windows or IANA zone (dateTimeTimeZone), written with seven digits of a second.</summary>
internal static class GraphTime
{
    /// <exception cref="GraphRefusal">The zone is unknown.</exception>
    public static TimeZoneInfo Zone(string? name)
        => string.IsNullOrEmpty(name) ? TimeZoneInfo.Utc
        : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
        : throw new GraphRefusal(400, "TimeZoneNotSupportedException", $"A valid TimeZone value must be specified. The following TimeZone value is not supported: '{name}'.");

    /// <exception cref="GraphRefusal">It is no such structure, or no time.</exception>
    public static DateTimeOffset Read(JsonNode? node, string name)
    {
        if (node is not JsonObject time || time["dateTime"] is not JsonValue text
            || !DateTime.TryParse(text.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var local))
        {
            throw new GraphRefusal(400, "ErrorInvalidParameter", $"The parameter '{name}' needs dateTime and timeZone.");
        }

        return local.Kind == DateTimeKind.Utc ? new DateTimeOffset(local) : ToUtc(local, Zone(time["timeZone"]?.ToString()));
    }

    public static JsonObject Write(DateTimeOffset instant, TimeZoneInfo zone, string zoneName) => new()
    {
        ["dateTime"] = TimeZoneInfo.ConvertTime(instant, zone).DateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture),
        ["timeZone"] = zoneName,
    };

    /// <summary>A local time that a change of the clocks leaves out is an hour later.</summary>
    public static DateTimeOffset ToUtc(DateTime local, TimeZoneInfo zone)
    {
        var valid = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        return new DateTimeOffset(valid, zone.GetUtcOffset(valid)).ToUniversalTime();
    }

    /// <summary>The zone that a header Prefer: outlook.timezone="…" asks for.</summary>
    public static string? Preferred(GraphCall call)
    {
        var part = call.Header("Prefer")?.Split(',', StringSplitOptions.TrimEntries).FirstOrDefault(text => text.StartsWith("outlook.timezone", StringComparison.OrdinalIgnoreCase));
        return part?.Split('=', 2) is [_, var zone] ? zone.Trim('"', ' ') : null;
    }
}
