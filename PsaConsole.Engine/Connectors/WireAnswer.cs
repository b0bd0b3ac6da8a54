using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PsaConsole.Engine.Connectors;

/// <summary>How a call may be treated: what is lost when its answer is lost.</summary>
public enum CallKind
{
    /// <summary>Changes nothing, whatever its HTTP method: repeated on a passing fault.</summary>
    Read,

    /// <summary>Changes something: never repeated here, and in doubt when its answer is lost.</summary>
    Write,

    /// <summary>A read that also goes through while the connector is paused.</summary>
    Probe,
}

/// <summary>An outside system's answer, whole and of bounded size.</summary>
public sealed class WireAnswer(string systemName, string call, int status, HttpResponseHeaders headers, Uri? location, byte[] body)
{
    private const int ShownCharacters = 4_000;

    public int Status { get; } = status;

    /// <summary>Method and path of the call.</summary>
    public string Call { get; } = call;

    public Uri? Location { get; } = location;

    public bool IsSuccess => Status is >= 200 and < 300;

    public bool IsEmpty => body.Length == 0;

    public string Text => Encoding.UTF8.GetString(body);

    /// <summary>True when it may hold personal data that nobody is to see or keep (9-access 9.5).</summary>
    public bool IsPrivate { get; init; }

    /// <summary>The beginning of the answer, for people.</summary>
    public string Shown => IsPrivate ? "Not kept: it may hold personal data." : Text is { Length: > ShownCharacters } text ? text[..ShownCharacters] + "…" : Text;

    /// <summary>A header's first value, or null.</summary>
    public string? Header(string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>Seconds or date of Retry-After, as a time from now.</summary>
    public TimeSpan? RetryAfter(DateTimeOffset now) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    /// <exception cref="ConnectorException">Contract: the answer is not a JSON object.</exception>
    public JsonObject Object() => TryJson() as JsonObject ?? throw NotAsPromised("a JSON object");

    /// <exception cref="ConnectorException">Contract: the answer is not a JSON array.</exception>
    public JsonArray Array() => TryJson() as JsonArray ?? throw NotAsPromised("a JSON array");

    /// <summary>The answer as JSON, or null when it is not (vendors' edges answer in HTML).</summary>
    public JsonNode? TryJson()
    {
        try
        {
            return body.Length == 0 ? null : JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The answer lacks what the vendor promises (INT-904).</summary>
    public ConnectorException NotAsPromised(string expected) =>
        new(systemName, ErrorClass.Contract, $"{systemName} answered {Call} with {Status} and not with {expected}. Compare the vendor's API version with the one configured.")
        {
            Status = Status,
            Call = Call,
            Answer = Shown,
        };
}
