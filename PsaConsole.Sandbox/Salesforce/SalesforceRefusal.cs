namespace PsaConsole.Sandbox.Salesforce;

/// <summary>A call, or one record of it, that Salesforce refuses; becomes the error array of the REST API.</summary>
internal sealed class SalesforceRefusal(int status, string code, string message, params string[] fields) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public IReadOnlyList<string> Fields { get; } = fields;

    /// <summary>True where the real answer has no "fields" at all, as for queries and whole calls.</summary>
    public bool WithoutFields { get; init; }

    public static SalesforceRefusal NotFound() => Call(404, "NOT_FOUND", "The requested resource does not exist");

    public static SalesforceRefusal Query(string code, string message) => Call(400, code, message);

    public static SalesforceRefusal Call(int status, string code, string message) => new(status, code, message) { WithoutFields = true };

    /// <summary>What an HTTP status usually means here, for the faults that ask for a status.</summary>
    public static SalesforceRefusal OfStatus(int status) => status switch
    {
        400 => new(400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record or 1 records"),
        401 => Call(401, "INVALID_SESSION_ID", "Session expired or invalid"),
        403 => Call(403, "INSUFFICIENT_ACCESS", "insufficient access rights on cross-reference id"),
        404 => NotFound(),
        405 => Call(405, "METHOD_NOT_ALLOWED", "HTTP Method not allowed."),
        414 => Call(414, "URI_TOO_LONG", "URI Too Long"),
        415 => Call(415, "UNSUPPORTED_MEDIA_TYPE", "The content type of the request is not supported."),
        503 => Call(503, "SERVER_UNAVAILABLE", "Server unavailable"),
        _ => Call(status, "UNKNOWN_EXCEPTION", "An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345 (123456789)"),
    };
}
