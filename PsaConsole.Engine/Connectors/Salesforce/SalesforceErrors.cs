using System.Text.Json.Nodes;

namespace PsaConsole.Engine.Connectors.Salesforce;

/// <summary>What Salesforce's error codes mean for what to do next. https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm</summary>
internal static class SalesforceErrors
{
    // A trigger or flow failed; only these causes pass by themselves.
    private static readonly string[] PassingCauses = ["UNABLE_TO_LOCK_ROW", "Too many SOQL queries"];

    /// <summary>Code and message of the first error: an array from the data API, null when the edge answers in HTML.</summary>
    public static (string? Code, string? Message) Read(JsonNode? body) =>
        (body as JsonArray)?.FirstOrDefault() is JsonObject error ? (error["errorCode"]?.ToString(), error["message"]?.ToString()) : (null, null);

    /// <summary>The class that the code alone decides; null leaves it to the HTTP status.</summary>
    public static ErrorClass? ClassOf(string? code, string? message) => code switch
    {
        "UNABLE_TO_LOCK_ROW" or "REQUEST_LIMIT_EXCEEDED" or "SERVER_UNAVAILABLE" or "QUERY_TIMEOUT" or "INVALID_QUERY_LOCATOR" => ErrorClass.Transient,
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" => PassingCauses.Any(cause => message?.Contains(cause, StringComparison.OrdinalIgnoreCase) == true)
            ? ErrorClass.Transient
            : ErrorClass.Business,
        "INVALID_SESSION_ID" or "API_DISABLED_FOR_ORG" or "API_CURRENTLY_DISABLED" => ErrorClass.Auth,
        "UNSUPPORTED_API_VERSION" => ErrorClass.Contract,
        "EXCEEDED_ID_LIMIT" => ErrorClass.CursorLost,

        // Missing rights on an object are a setting of the org, not of our sign-in: everything else goes on working.
        "INSUFFICIENT_ACCESS" or "INSUFFICIENT_ACCESS_OR_READONLY" or "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY" => ErrorClass.Business,
        _ => null,
    };
}
