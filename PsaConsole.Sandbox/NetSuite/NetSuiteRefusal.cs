using System.Text.Json.Nodes;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>One entry of o:errorDetails.</summary>
/// <param name="Text">What the client reads.</param>
/// <param name="Code">o:errorCode.</param>
/// <param name="Path">o:errorPath: the place in the body, e.g. item.items[0].item.</param>
/// <param name="QueryParameter">o:errorQueryParam.</param>
/// <param name="Header">o:errorHeader.</param>
internal sealed record RefusalDetail(string Text, string Code, string? Path = null, string? QueryParameter = null, string? Header = null);

/// <summary>A call that NetSuite refuses; becomes an nsError body.</summary>
internal sealed class NetSuiteRefusal(int status, IReadOnlyList<RefusalDetail> details) : Exception(details[0].Text)
{
    private const string Resource = "Error while accessing a resource. ";

    public int Status { get; } = status;

    /// <summary>Of an earlier job, where an idempotency key is used again.</summary>
    public string? Location { get; init; }

    private string? Title { get; init; }

    private string? TopCode { get; init; }

    /// <summary>A business rule: only the text tells which.</summary>
    public static NetSuiteRefusal Rule(string text) => new(400, [new RefusalDetail(Resource + text, "USER_ERROR")]);

    public static NetSuiteRefusal Content(string text, string? path = null) => new(400, [new RefusalDetail(Resource + text, "INVALID_CONTENT", path)]);

    public static NetSuiteRefusal Request(string text) => new(400, [new RefusalDetail(text, "INVALID_REQUEST")]);

    public static NetSuiteRefusal Parameter(string text, string name) => new(400, [new RefusalDetail(text, "INVALID_PARAMETER", QueryParameter: name)]);

    public static NetSuiteRefusal HeaderValue(string text, string name) => new(400, [new RefusalDetail(text, "INVALID_HEADER", Header: name)]);

    public static NetSuiteRefusal Query(string text)
        => new(400, [new RefusalDetail($"Invalid search query. Detailed unprocessed description follows. {text}", "INVALID_PARAMETER", QueryParameter: "q")]);

    public static NetSuiteRefusal NoRecord() => new(404, [new RefusalDetail("The record instance does not exist. Provide a valid record instance ID.", "NONEXISTENT_ID")]);

    public static NetSuiteRefusal NoType(string type) => new(404, [new RefusalDetail($"Record type '{type}' does not exist.", "NOT_FOUND")]);

    public static NetSuiteRefusal Permission(string label)
        => new(403, [new RefusalDetail($"Permission Violation: You need a higher level of the '{label}' permission to access this page. Please contact your account administrator.", "INSUFFICIENT_PERMISSION")]);

    /// <summary>The key was used before: 400 titled Conflict, with the first job's address (S51).</summary>
    public static NetSuiteRefusal KeyUsed(string location)
        => new(400, [new RefusalDetail("The idempotency key has already been used.", "IDEMPOTENCY_ERROR", Header: "X-NetSuite-Idempotency-Key")]) { Title = "Conflict", Location = location };

    /// <summary>Too many calls at the same time: titled like a bad request, with a code at the top as well (S50).</summary>
    public static NetSuiteRefusal Concurrency()
        => new(429, [new RefusalDetail("Concurrent request limit exceeded. Request blocked.", "CONCURRENCY_LIMIT_EXCEEDED")]) { Title = "Bad Request", TopCode = "USER_ERROR" };

    /// <summary>What an HTTP status usually means here.</summary>
    public static NetSuiteRefusal OfStatus(int status) => status switch
    {
        400 => Rule("You have entered an Invalid Field Value for the following field."),
        401 => new(401, [new RefusalDetail("Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at Setup > Users/Roles > User Management > View Login Audit Trail.", "INVALID_LOGIN")]),
        403 => Permission("REST Web Services"),
        404 => new(404, [new RefusalDetail("The requested URL does not exist.", "NOT_FOUND")]),
        405 => new(405, [new RefusalDetail("The HTTP method is not allowed for this resource.", "METHOD_NOT_ALLOWED")]),
        415 => new(415, [new RefusalDetail("Unsupported media type. Use application/json.", "UNSUPPORTED_MEDIA_TYPE")]),
        429 => Concurrency(),
        503 => new(503, [new RefusalDetail("The service is temporarily unavailable. Try again later.", "SERVICE_UNAVAILABLE")]),
        _ => new(status, [new RefusalDetail("An unexpected error occurred. Error ID: lq3k8x0v1m7zq9ab2c4d", "UNEXPECTED_ERROR")]),
    };

    public JsonObject Body()
    {
        var (section, title) = Status switch
        {
            400 => ("10.4.1", "Bad Request"),
            401 => ("10.4.2", "Unauthorized"),
            403 => ("10.4.4", "Forbidden"),
            404 => ("10.4.5", "Not Found"),
            405 => ("10.4.6", "Method Not Allowed"),
            415 => ("10.4.16", "Unsupported Media Type"),
            429 => ("10.4.1", "Bad Request"),
            502 => ("10.5.3", "Bad Gateway"),
            503 => ("10.5.4", "Service Unavailable"),
            _ => ("10.5.1", "Internal Server Error"),
        };
        var body = new JsonObject
        {
            ["type"] = $"https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec{section}",
            ["title"] = Title ?? title,
            ["status"] = Status,
            ["o:errorDetails"] = new JsonArray([.. details.Select(Entry)]),
        };
        if (TopCode is not null)
        {
            body["o:errorCode"] = TopCode;
        }

        return body;
    }

    private static JsonObject Entry(RefusalDetail detail)
    {
        var entry = new JsonObject { ["detail"] = detail.Text };
        Add("o:errorPath", detail.Path);
        Add("o:errorQueryParam", detail.QueryParameter);
        Add("o:errorHeader", detail.Header);
        entry["o:errorCode"] = detail.Code;
        return entry;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                entry[name] = value;
            }
        }
    }
}
