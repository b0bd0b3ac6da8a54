using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PsaConsole.Engine.Audit;

/// <summary>
/// One text for one value, in the manner of RFC 8785: keys sorted by UTF-16 code unit, no white space, the shortest escapes. Numbers that a decimal holds
/// keep all their digits (the RFC would round them to a double, and a changed cent behind it would go unseen).
/// </summary>
public static class CanonicalJson
{
    public static string Of(JsonNode? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject fields:
                WriteFields(text, fields);
                break;
            case JsonArray items:
                text.Append('[');
                for (var index = 0; index < items.Count; index++)
                {
                    text.Append(index == 0 ? "" : ",");
                    Write(text, items[index]);
                }

                text.Append(']');
                break;
            default:
                WriteLeaf(text, value);
                break;
        }
    }

    private static void WriteFields(StringBuilder text, JsonObject fields)
    {
        text.Append('{');
        var first = true;
        foreach (var (name, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            text.Append(first ? "" : ",");
            first = false;
            WriteString(text, name);
            text.Append(':');
            Write(text, value);
        }

        text.Append('}');
    }

    private static void WriteLeaf(StringBuilder text, JsonNode value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                WriteString(text, value.GetValue<string>());
                break;
            case JsonValueKind.Number:
                text.Append(Number(value.ToJsonString()));
                break;
            default:
                text.Append(value.ToJsonString());
                break;
        }
    }

    private static string Number(string written)
    {
        if (decimal.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            && (exact == 0m || Math.Abs(exact) is >= 0.000001m and < 1_000_000_000_000_000_000_000m))
        {
            return exact.ToString("0.############################", CultureInfo.InvariantCulture) is var plain && plain == "-0" ? "0" : plain;
        }

        // ECMAScript's form of a double: 1e+21, 1e-7.
        var round = double.Parse(written, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
        return round.Replace("E", "e", StringComparison.Ordinal).Replace("e-0", "e-", StringComparison.Ordinal).Replace("e+0", "e+", StringComparison.Ordinal);
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }
}
