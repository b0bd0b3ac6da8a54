using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>What NetSuite's error bodies say and mean. https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1545141500.html</summary>
internal static partial class NetSuiteErrors
{
    /// <summary>The write was done before under the same key.</summary>
    public const string AlreadyDone = "IDEMPOTENCY_ERROR";

    public const string NoSuchRecord = "NONEXISTENT_ID";

    /// <summary>Code and text of a refusal. Oracle's own sample of the concurrency error is no valid JSON, so what can't be parsed is searched.</summary>
    public static (string? Code, string? Message) Read(WireAnswer answer)
    {
        if (answer.TryJson() is JsonObject body)
        {
            var details = (body["o:errorDetails"] as JsonArray ?? []).OfType<JsonObject>().ToList();
            var texts = details.Select(Sentence).OfType<string>().ToList();
            return (
                details.Select(detail => detail["o:errorCode"]?.ToString()).FirstOrDefault(code => code is not null) ?? body["o:errorCode"]?.ToString(),
                texts.Count > 0 ? string.Join(" ", texts) : body["title"]?.ToString());
        }

        // The code of a detail comes after the general one at the top.
        return (Code().Matches(answer.Text).LastOrDefault()?.Groups[1].Value, Detail().Match(answer.Text) is { Success: true } found ? found.Groups[1].Value : null);
    }

    /// <summary>Too many calls at once, under the names that the older services give it, with status 400.</summary>
    public static bool IsThrottle(string? code) => code is "CONCURRENCY_LIMIT_EXCEEDED" or "SSS_REQUEST_LIMIT_EXCEEDED" or "WS_REQUEST_BLOCKED" or "WS_CONCUR_SESSION_DISALLWD";

    /// <summary>The class that the code or text alone decides; null leaves it to the HTTP status.</summary>
    public static ErrorClass? ClassOf(string? code, string? message, int status, CallKind kind) => code switch
    {
        // Somebody saved the record between our read and our write.
        "RCRD_HAS_BEEN_CHANGED" => ErrorClass.Transient,
        "USER_ERROR" when message?.Contains("has been changed", StringComparison.OrdinalIgnoreCase) == true => ErrorClass.Transient,

        _ when IsThrottle(code) => ErrorClass.Transient,

        // A right that the role lacks on one record type, not a refusal of our sign-in.
        "INSUFFICIENT_PERMISSION" => ErrorClass.Business,

        // "An unexpected error occurred": the record may have been saved.
        _ when status == 500 && kind == CallKind.Write => ErrorClass.Ambiguous,
        _ => null,
    };

    private static string? Sentence(JsonObject detail) =>
        detail["o:errorPath"]?.ToString() is { Length: > 0 } path ? $"{detail["detail"]} ({path})" : detail["detail"]?.ToString();

    [GeneratedRegex("\"o:errorCode\"\\s*:\\s*\"([A-Z_0-9]{1,80})\"")]
    private static partial Regex Code();

    [GeneratedRegex("\"detail\"\\s*:\\s*\"([^\"]{1,500})")]
    private static partial Regex Detail();
}
