using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Mapping;

/// <summary>The closed list of conversions a mapping rule may name. Each takes text and answers a value; text of the wrong form is refused.</summary>
internal static class Conversions
{
    /// <exception cref="FormatException">The text is not of the form that the conversion needs.</exception>
    public static JsonNode Apply(Conversion conversion, JsonNode value, string? currency)
    {
        var text = JsonPath.Text(value) ?? "";
        return conversion switch
        {
            Conversion.None => value.DeepClone(),
            Conversion.Text => JsonValue.Create(text),
            Conversion.Integer => JsonValue.Create((int)Number(text)),
            Conversion.Decimal => JsonValue.Create(Number(text)),
            Conversion.Boolean => JsonValue.Create(Boolean(text)),
            Conversion.Date => JsonValue.Create(Date(text).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            Conversion.Instant => JsonValue.Create(Instant(text).ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
            Conversion.MinutesToHours => JsonValue.Create(decimal.Round(Number(text) / 60m, 2, MidpointRounding.AwayFromZero)),
            Conversion.HoursToMinutes => JsonValue.Create((int)decimal.Round(Number(text) * 60m, 0, MidpointRounding.AwayFromZero)),
            Conversion.MinorUnitsToAmount => JsonValue.Create(Number(text) * Currencies.MinorUnit(Known(currency))),
            Conversion.AmountToMinorUnits => JsonValue.Create((long)decimal.Round(Number(text) / Currencies.MinorUnit(Known(currency)), 0, MidpointRounding.AwayFromZero)),
            Conversion.SkillList => SkillList(text),
            Conversion.Slug => JsonValue.Create(Slug(text)),
            _ => throw new FormatException($"There is no conversion {conversion}."),
        };
    }

    private static string Known(string? currency) => currency ?? throw new FormatException("An amount in minor units needs its currency.");

    private static decimal Number(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new FormatException($"\"{text}\" is not a number.");

    private static bool Boolean(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "T" or "1" or "YES" => true,
        "FALSE" or "F" or "0" or "NO" => false,
        _ => throw new FormatException($"\"{text}\" is neither true nor false."),
    };

    private static DateOnly Date(string text) =>
        text.Length >= 10 && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw new FormatException($"\"{text}\" is not a date (yyyy-MM-dd).");

    private static DateTimeOffset Instant(string text)
    {
        // Salesforce writes the offset without a colon, which the round-trip formats refuse: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_valid_date_formats.htm
        string[] formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        return DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : throw new FormatException($"\"{text}\" is not an instant.");
    }

    private static JsonArray SkillList(string text)
    {
        var skills = new JsonArray();
        foreach (var item in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var mandatory = item.EndsWith('!');
            var parts = item.TrimEnd('!').Split(':', 2);
            var level = parts.Length == 2 ? (int)Number(parts[1]) : 1;
            skills.Add(new JsonObject { ["skill"] = parts[0], ["level"] = level, ["mandatory"] = mandatory });
        }

        return skills;
    }

    private static string Slug(string text)
    {
        var slug = new StringBuilder(text.Length);
        foreach (var character in text.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(character))
            {
                slug.Append(character);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().TrimEnd('-');
    }
}
