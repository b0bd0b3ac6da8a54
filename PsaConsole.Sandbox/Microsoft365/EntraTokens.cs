using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>
/// The tenant's token endpoint: client credentials with a secret, and the tokens that it issued. They are JWTs in form; Graph alone may look inside.
/// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
/// </summary>
internal sealed class EntraTokens(SandboxClock clock)
{
    public const string TenantId = "9d2f6c1e-4b7a-4e0d-8c35-1f0a7b6e5d42";
    public const string ClientId = "5c1b8f34-7a2e-4d69-9f10-3e8d2c4b6a71";
    public const string ClientSecret = "sandbox~microsoft365~secret";
    private const string Graph = "https://graph.microsoft.com";
    private const int Seconds = 3599;
    private const string NeverSigned = "sandbox";
    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    /// <summary>The answer to a token request: status and body.</summary>
    public (int Status, JsonObject Body) Answer(string tenant, IFormCollection? form)
    {
        if (Check(tenant, form) is { } refusal)
        {
            return (refusal.Status, Refuse(refusal.Error, refusal.Code, refusal.Message));
        }

        var token = Token();
        _until[token] = clock.GetUtcNow().AddSeconds(Seconds);
        return (200, new JsonObject { ["token_type"] = "Bearer", ["expires_in"] = Seconds, ["ext_expires_in"] = Seconds, ["access_token"] = token });
    }

    public bool Accepts(string token) => _until.TryGetValue(token, out var until) && until > clock.GetUtcNow();

    public void Expire() => _until.Clear();

    /// <summary>The body for a status that a fault asks for.</summary>
    public JsonObject OfStatus(int status) => status switch
    {
        401 => Refuse("invalid_client", 7000215, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app 'sandbox'."),
        429 => Refuse("temporarily_unavailable", 90055, "The tenant has sent too many requests. Please retry after some time."),
        >= 500 => Refuse("temporarily_unavailable", 90033, "A transient error has occurred. Please try again."),
        _ => Refuse("invalid_request", 900561, "The endpoint only accepts POST requests. Received a request that is not valid."),
    };

    private static (int Status, string Error, int Code, string Message)? Check(string tenant, IFormCollection? form)
    {
        string[] tenants = [TenantId, "northwind.example"];
        string Field(string name) => form?[name].ToString() ?? "";
        return (Field("grant_type"), Field("client_id"), Field("client_secret"), Field("scope")) switch
        {
            _ when !tenants.Contains(tenant, StringComparer.OrdinalIgnoreCase) =>
                (400, "invalid_request", 90002, $"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."),
            ("", _, _, _) => Missing("grant_type"),
            (not "client_credentials", _, _, _) => (400, "unsupported_grant_type", 70003, $"The app requested an unsupported grant type '{Field("grant_type")}'."),
            (_, "", _, _) => Missing("client_id"),
            (_, not ClientId, _, _) => (400, "unauthorized_client", 700016, $"Application with identifier '{Field("client_id")}' was not found in the directory 'Northwind Consulting'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant."),
            (_, _, "", _) => (401, "invalid_client", 7000216, "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type."),
            (_, _, not ClientSecret, _) => (401, "invalid_client", 7000215, $"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{ClientId}'."),
            (_, _, _, "") => Missing("scope"),
            (_, _, _, $"{Graph}/.default") => null,
            var (_, _, _, scope) when scope.EndsWith("/.default", StringComparison.Ordinal) =>
                (400, "invalid_resource", 500011, $"The resource principal named {scope[..^"/.default".Length]} was not found in the tenant named Northwind Consulting."),
            var (_, _, _, scope) => (400, "invalid_scope", 1002012, $"The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."),
        };
    }

    private static (int Status, string Error, int Code, string Message) Missing(string parameter) =>
        (400, "invalid_request", 900144, $"The request body must contain the following parameter: '{parameter}'.");

    private JsonObject Refuse(string error, int code, string message)
    {
        var (now, trace, correlation) = (clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture), Guid.NewGuid(), Guid.NewGuid());
        return new JsonObject
        {
            ["error"] = error,
            ["error_description"] = $"AADSTS{code.ToString(CultureInfo.InvariantCulture)}: {message} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {now}",
            ["error_codes"] = new JsonArray(code),
            ["timestamp"] = now,
            ["trace_id"] = trace.ToString(),
            ["correlation_id"] = correlation.ToString(),
            ["error_uri"] = $"https://login.microsoftonline.com/error?code={code.ToString(CultureInfo.InvariantCulture)}",
        };
    }

    private string Token()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["aud"] = Graph,
            ["iss"] = $"https://sts.windows.net/{TenantId}/",
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + Seconds,
            ["appid"] = ClientId,
            ["tid"] = TenantId,
            ["roles"] = new JsonArray("User.ReadWrite.All", "Mail.ReadWrite", "Mail.Send", "Calendars.Read", "MailboxSettings.ReadWrite"),
        };
        var header = new JsonObject { ["typ"] = "JWT", ["alg"] = "RS256", ["kid"] = NeverSigned };
        return $"{Part(header)}.{Part(claims)}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(64))}";
    }

    private static string Part(JsonObject part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
