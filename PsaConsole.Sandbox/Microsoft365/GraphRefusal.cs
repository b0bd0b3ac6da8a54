using System.Globalization;
using System.Text.Json.Nodes;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>A call that Graph refuses, with the code and message of its error body.</summary>
internal sealed class GraphRefusal(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>Where a lost delta query starts again.</summary>
    public string? Location { get; init; }

    public static GraphRefusal NoObject(string id) =>
        new(404, "Request_ResourceNotFound", $"Resource '{id}' does not exist or one of its queried reference-property objects are not present.");

    public static GraphRefusal NoMailbox(string id) => new(404, "ErrorInvalidUser", $"The requested user '{id}' is invalid.");

    public static GraphRefusal NoItem() => new(404, "ErrorItemNotFound", "The specified object was not found in the store.");

    public static GraphRefusal Query(string message) => new(400, "BadRequest", message);

    public static GraphRefusal Body(string message) => new(400, "RequestBodyRead", message);

    public static GraphRefusal NoSegment(string segment) => Query($"Resource not found for the segment '{segment}'.");

    public static GraphRefusal Throttled() => new(429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.");

    /// <summary>What an HTTP status usually means here, for the faults that ask for a status.</summary>
    public static GraphRefusal OfStatus(int status) => status switch
    {
        400 => new(400, "badRequest", "The request is malformed or incorrect."),
        401 => new(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid."),
        403 => new(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."),
        404 => NoItem(),
        405 => new(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target."),
        409 => new(409, "nameAlreadyExists", "An item with the same name already exists."),
        410 => new(410, "resyncRequired", "Resync required. Replace any local items with the server's version (including deletes) if you're sure that the service was up to date with your local changes when you last sync'd."),
        412 => new(412, "ErrorIrresolvableConflict", "The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item."),
        413 => new(413, "ErrorMessageSizeExceeded", "The message exceeds the maximum supported size."),
        429 => Throttled(),
        500 => new(500, "InternalServerError", "The server encountered an internal error. Please retry the request."),
        502 => new(502, "BadGateway", "The server returned an invalid response from the upstream server."),
        503 => new(503, "serviceNotAvailable", "The service is temporarily unavailable. Please retry the request."),
        504 => new(504, "UnknownError", "The server did not respond in time."),
        _ => new(status, "UnknownError", "An unexpected error occurred."),
    };

    /// <summary>https://learn.microsoft.com/graph/errors</summary>
    public JsonObject ToBody(string requestId, string clientRequestId, DateTimeOffset now) => new()
    {
        ["error"] = new JsonObject
        {
            ["code"] = Code,
            ["message"] = Message,
            ["innerError"] = new JsonObject
            {
                ["date"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
                ["request-id"] = requestId,
                ["client-request-id"] = clientRequestId,
            },
        },
    };
}
