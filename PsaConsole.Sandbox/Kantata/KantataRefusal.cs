using System.Text.Json.Nodes;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>A call that Kantata refuses, with the errors of its body.</summary>
internal sealed class KantataRefusal(int status, string type, string message, string? field = null) : Exception(message)
{
    public int Status { get; } = status;

    public JsonObject Body { get; } = new()
    {
        ["errors"] = new JsonArray(field is null
            ? new JsonObject { ["type"] = type, ["message"] = message }
            : new JsonObject { ["type"] = type, ["message"] = message, ["field"] = field }),
    };

    public static KantataRefusal Validation(string message, string field) => new(422, "validation", message, field);

    public static KantataRefusal OfStatus(int status) => status switch
    {
        401 => new(401, "oauth", "Invalid OAuth 2 Request"),
        403 => new(403, "system", "You do not have permission to perform this action."),
        404 => new(404, "system", "The requested resource could not be found."),
        422 => new(422, "validation", "The request could not be processed."),
        429 => new(429, "system", "Too many requests."),
        503 => new(503, "system", "Service unavailable."),
        504 => new(504, "system", "The request timed out."),
        _ => new(status, "system", $"The request failed with status {status}."),
    };
}
