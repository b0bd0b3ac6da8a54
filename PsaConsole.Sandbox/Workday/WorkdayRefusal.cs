namespace PsaConsole.Sandbox.Workday;

/// <summary>A REST call that Workday refuses: {"error", "errors":[{"error"}]}.</summary>
internal sealed class WorkdayRefusal(int status, string error, params IReadOnlyList<string> errors) : Exception(error)
{
    public int Status { get; } = status;

    public IReadOnlyList<string> Errors { get; } = errors;

    public static WorkdayRefusal Invalid(params IReadOnlyList<string> errors) => new(400, "invalid request: validation errors", errors);

    /// <summary>What an HTTP status usually means here.</summary>
    public static WorkdayRefusal OfStatus(int status) => status switch
    {
        400 => Invalid("A1008: A time off entry for this date exists already."),
        401 => new(401, "unauthorized: invalid or expired access token"),
        403 => new(403, "permission denied: the task or data is not available to the system account"),
        404 => new(404, "not found: resource not found"),
        405 => new(405, "method not allowed"),
        429 => new(429, "too many requests"),
        _ => new(status, "internal server error: an unexpected error occurred"),
    };
}

/// <summary>A SOAP request that Workday refuses. A validation fault is for good; a processing fault may pass.</summary>
internal sealed class SoapFault(bool isValidation, string message, string? xpath = null) : Exception(message)
{
    public bool IsValidation { get; } = isValidation;

    public string? XPath { get; } = xpath;

    public static SoapFault Validation(string message, string? xpath = null) => new(true, message, xpath);
}
