using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>A call of the REST API below /services/data/vNN.0, made directly or as a part of a composite.</summary>
internal sealed record RestCall
{
    public required string Method { get; init; }

    /// <summary>E.g. "66.0".</summary>
    public required string Version { get; init; }

    /// <summary>The path's segments after the version, decoded.</summary>
    public required string[] Path { get; init; }

    public required IReadOnlyDictionary<string, StringValues> Query { get; init; }

    public JsonElement? Body { get; init; }

    /// <summary>The access token: query locators belong to it.</summary>
    public required string Session { get; init; }

    /// <summary>How many rows a page should have (Sforce-Query-Options: batchSize).</summary>
    public int BatchSize { get; init; } = 2_000;

    /// <exception cref="SalesforceRefusal">JSON_PARSER_ERROR: there is no JSON object.</exception>
    public JsonElement Object => Body is { ValueKind: JsonValueKind.Object } body
        ? body
        : throw SalesforceRefusal.Call(400, "JSON_PARSER_ERROR", "The HTTP entity body is required, but this request has no entity body.");

    public string? Parameter(string name) => Query.TryGetValue(name, out var value) ? value.ToString() : null;
}

/// <summary>An answer of the REST API.</summary>
internal sealed record RestReply(int Status, Action<Utf8JsonWriter>? Body)
{
    /// <summary>The address of a new record.</summary>
    public string? Location { get; init; }

    /// <summary>The external id that the call was about, for the call log.</summary>
    public string? Key { get; init; }
}
