using System.Text.Json.Nodes;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>One entry of an error body; a validation error names the field.</summary>
internal sealed record KantataError(string Type, string Message, string? Field = null);

/// <summary>A call that Kantata refuses, with the errors of its body.</summary>
internal sealed class KantataRefusal(int status, params IReadOnlyList<KantataError> errors) : Exception(errors[0].Message)
{
    public int Status { get; } = status;

    public JsonObject Body => new()
    {
        ["errors"] = new JsonArray([.. errors.Select(error =>
        {
            var json = new JsonObject { ["type"] = error.Type, ["message"] = error.Message };
            if (error.Field is not null)
            {
                json["field"] = error.Field;
            }

            return (JsonNode)json;
        })]),
    };

    public static KantataRefusal Validation(string message, string field) => new(422, new KantataError("validation", message, field));

    /// <summary>A filter or parameter that the endpoint rejects.</summary>
    public static KantataRefusal Query(string message) => new(400, new KantataError("system", message));

    public static KantataRefusal OfStatus(int status) => new(status, status switch
    {
        400 => new KantataError("system", "There was a problem in the JSON you submitted."),
        401 => new KantataError("oauth", "Invalid OAuth 2 Request"),
        403 => new KantataError("system", "You do not have permission to perform this action."),
        404 => new KantataError("system", "The requested resource could not be found."),
        422 => new KantataError("validation", "The request could not be processed.", "base"),
        429 => new KantataError("system", "Too many requests. Please try again later."),
        503 => new KantataError("system", "Service unavailable."),
        504 => new KantataError("system", "The request timed out."),
        _ => new KantataError("system", $"The request failed with status {status}."),
    });
}
