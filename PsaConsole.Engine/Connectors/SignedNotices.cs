using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PsaConsole.Engine.Connectors;

/// <summary>
/// Notices of a vendor that has none of its own, sent by a script in the customer's account (NetSuite: SuiteScript afterSubmit; Workday: Extend or Studio;
/// Kantata: any automation). The body is {"changes":[{"type":"engagement","id":"12","revision":"…"}]} with our word for the type and the vendor's id;
/// header X-PsaConsole-Timestamp is the time in Unix seconds, X-PsaConsole-Signature "sha256=" with the hex HMAC-SHA256 of timestamp, a dot, and the body, by
/// the secret of Connectors:{system}:NoticeSecret. A notice older than five minutes is refused, and one that is sent again within them is known by its signature.
/// </summary>
internal sealed class SignedNotices(string systemName, ConnectorOptions options, IReadOnlyCollection<string> kinds) : INoticeReader
{
    public const string TimestampHeader = "X-PsaConsole-Timestamp";

    public const string SignatureHeader = "X-PsaConsole-Signature";

    private const int MostChanges = 1000;
    private const int LongestId = 100;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    public string SystemName => systemName;

    public NoticeReading Read(NoticeRequest request, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(options.NoticeSecret))
        {
            return NoticeReading.Refused($"Notices of {systemName} are not set up: set Connectors:{systemName}:NoticeSecret.");
        }

        var (timestamp, signature) = (request.Headers.GetValueOrDefault(TimestampHeader), request.Headers.GetValueOrDefault(SignatureHeader));
        if (timestamp is null || !NoticeProof.Same(Sign(options.NoticeSecret, timestamp, request.Body.Span), signature))
        {
            return NoticeReading.Refused("The signature is not right.");
        }

        return !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Window.TotalSeconds
            ? NoticeReading.Refused("The notice is older than five minutes, or its clock is wrong.")
            : ReadChanges(request.Body, signature!, now);
    }

    public static string Sign(string secret, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(Encoding.UTF8.GetBytes(timestamp + "."));
        hash.AppendData(body);
        return "sha256=" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private NoticeReading ReadChanges(ReadOnlyMemory<byte> body, string signature, DateTimeOffset now)
    {
        try
        {
            if ((JsonNode.Parse(body.Span) as JsonObject)?["changes"] is not JsonArray { Count: > 0 and <= MostChanges } items)
            {
                return NoticeReading.Refused($"The body needs a list \"changes\" of 1 to {MostChanges} items.");
            }

            var changes = items.OfType<JsonObject>().Select(item => Of(item, signature, now)).OfType<Change>().ToList();
            return changes.Count == items.Count
                ? NoticeReading.Of(changes)
                : NoticeReading.Refused($"Every change needs a type ({string.Join(", ", kinds)}) and an id of up to {LongestId} characters.");
        }
        catch (JsonException)
        {
            return NoticeReading.Refused("The body is not JSON.");
        }
    }

    private Change? Of(JsonObject item, string signature, DateTimeOffset now)
    {
        var (kind, id, revision) = (item["type"]?.ToString(), item["id"]?.ToString(), item["revision"]?.ToString() ?? signature[^40..]);
        return kind is not null && kinds.Contains(kind) && id is { Length: > 0 and <= LongestId } && revision.Length <= LongestId
            ? new Change(kind, id, "notice-" + revision, now, null)
            : null;
    }
}
