using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PsaConsole.Engine.Audit;

/// <summary>
/// How entries hang together (9-access 9.3, example O22): h(n) = SHA-256(h(n-1) + line feed + canonical JSON of entry n), in UTF-8; h(0) is 64 zeros.
/// Pure.
/// </summary>
public static class AuditChain
{
    /// <summary>What the first entry hangs on.</summary>
    public static string Origin { get; } = new('0', 64);

    /// <summary>The hash of the entry that follows <paramref name="previous"/>, in lower-case hexadecimal.</summary>
    public static string Next(string previous, string canonical) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{previous}\n{canonical}")));

    /// <summary>The text that is hashed. What an entry does not have beyond the fields of 9.3 is left out.</summary>
    public static string Canonical(AuditEntry entry, long sequence)
    {
        var fields = new JsonObject
        {
            ["action"] = entry.Action,
            ["actor"] = entry.Actor,
            ["after"] = Parsed(entry.After),
            ["before"] = Parsed(entry.Before),
            ["entity"] = entry.Entity,
            ["reason"] = entry.Reason,
            ["seq"] = sequence,
            ["ts"] = Moment(entry.At),
        };
        AddKnown(fields, "correlation", entry.Correlation);
        AddKnown(fields, "role", entry.Role);
        AddKnown(fields, "session", entry.Session);
        if (!entry.Allowed)
        {
            fields["allowed"] = false;
        }

        return CanonicalJson.Of(fields);
    }

    private static void AddKnown(JsonObject fields, string name, string? value)
    {
        if (value is not null)
        {
            fields[name] = value;
        }
    }

    private static JsonNode? Parsed(string? json) => json is null ? null : JsonNode.Parse(json);

    // Milliseconds as in O22; the microseconds that the database keeps are written when there are any.
    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString(
        at.Ticks % TimeSpan.TicksPerMillisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss.fff'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
