using System.Text.Json;
using System.Text.Json.Nodes;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>A call to the REST services, from the wire or out of an asynchronous job.</summary>
internal sealed record NetSuiteCall
{
    public required string Method { get; init; }

    /// <summary>The parts of the path below /services/rest/record/v1 or /services/rest/query/v1.</summary>
    public required IReadOnlyList<string> Path { get; init; }

    public required IQueryCollection Query { get; init; }

    public required IHeaderDictionary Headers { get; init; }

    public JsonElement? Body { get; init; }

    /// <summary>A parameter that is true or false.</summary>
    public bool Asks(string parameter) => Query[parameter].ToString().Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>A parameter with a list of names; null when it isn't there.</summary>
    public string[]? Names(string parameter)
        => Query.TryGetValue(parameter, out var value) ? value.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : null;
}

/// <summary>An answer: a body, or just an address.</summary>
internal sealed record NetSuiteReply(int Status, JsonNode? Body = null, string ContentType = NetSuiteReply.Singular)
{
    public const string Singular = "application/vnd.oracle.resource+json; type=singular";
    public const string Collection = "application/vnd.oracle.resource+json; type=collection";
    public const string Error = "application/vnd.oracle.resource+json; type=error";

    public string? Location { get; init; }

    /// <summary>Names that were ignored because they are unknown.</summary>
    public string? Warning { get; init; }

    public bool Accepted => Status == StatusCodes.Status202Accepted;

    public static NetSuiteReply Of(NetSuiteRefusal refusal) => new(refusal.Status, refusal.Body(), Error) { Location = refusal.Location };
}
