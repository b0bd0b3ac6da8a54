using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>A call of Graph v1.0, from the wire or out of a batch.</summary>
internal sealed partial record GraphCall
{
    public required string Method { get; init; }

    /// <summary>The parts of the path below /v1.0; a key in parentheses is a part of its own: users('a') is users, a.</summary>
    public required IReadOnlyList<string> Path { get; init; }

    public required IReadOnlyDictionary<string, string> Query { get; init; }

    public required Func<string, string?> Header { get; init; }

    public JsonElement? Body { get; init; }

    /// <param name="path">Below /v1.0, as it was sent.</param>
    /// <param name="query">With or without the question mark.</param>
    public static GraphCall Of(string method, string path, string query, Func<string, string?> header, JsonElement? body) => new()
    {
        Method = method,
        Path = Parts(path),
        Query = QueryHelpers.ParseQuery(query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        Header = header,
        Body = body,
    };

    public string? Option(string name) => Query.GetValueOrDefault(name);

    /// <summary>A whole number within bounds; null when it isn't there.</summary>
    /// <exception cref="GraphRefusal">It is no number, or out of bounds.</exception>
    public int? Number(string name, int least, int most) => Option(name) is not { } text ? null
        : !int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? throw GraphRefusal.Query($"Invalid value '{text}' for {name} query option found. The {name} query option requires a non-negative integer value.")
        : number >= least && number <= most ? number
        : throw new GraphRefusal(400, "Request_BadRequest", $"Invalid page size specified: '{number}'. Must be between {least} and {most} inclusive.");

    /// <summary>The JSON object of the body.</summary>
    /// <exception cref="GraphRefusal">There is none.</exception>
    public JsonObject Object() => Body is { ValueKind: JsonValueKind.Object } body
        ? JsonObject.Create(body.Clone(), new JsonNodeOptions { PropertyNameCaseInsensitive = true })!
        : throw GraphRefusal.Query("Empty Payload. JSON content expected.");

    /// <summary>The parts of a resource's path; see <see cref="Path"/>.</summary>
    public static IReadOnlyList<string> Parts(string path) => [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).SelectMany(PartsOf)];

    private static IEnumerable<string> PartsOf(string segment)
    {
        var plain = Uri.UnescapeDataString(segment);
        var key = KeyInParentheses().Match(plain);
        return key.Success ? [key.Groups[1].Value, key.Groups[2].Value] : [plain.EndsWith("()", StringComparison.Ordinal) ? plain[..^2] : plain];
    }

    [GeneratedRegex(@"^(\w+)\('(.+)'\)$")]
    private static partial Regex KeyInParentheses();
}

/// <summary>An answer: a body, or none.</summary>
internal sealed record GraphReply(int Status, JsonNode? Body = null)
{
    public string? Location { get; init; }

    public string? RetryAfter { get; init; }

    /// <summary>The preferences that were followed.</summary>
    public string? PreferenceApplied { get; init; }

    public bool IsError => Status >= 400;
}
