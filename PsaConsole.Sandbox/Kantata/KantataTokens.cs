using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>Access tokens: they last until they are revoked, and their answer says nothing of an end. Vendor page 5.1.</summary>
internal sealed class KantataTokens
{
    public const string Sample = "sandbox-kantata-access-token";
    public const string ClientId = "sandbox-kantata-application";
    public const string ClientSecret = "sandbox-kantata-secret";

    /// <summary>What the page where an administrator consents would hand out.</summary>
    public const string AuthorizationCode = "sandbox-kantata-code";
    private readonly ConcurrentDictionary<string, bool> _issued = new(StringComparer.Ordinal);
    private int _refuseNext;

    /// <summary>The answer to a token request: status and body.</summary>
    public (int Status, JsonObject Body) Answer(IFormCollection? form, string? authorization)
    {
        string Field(string name) => form?[name].ToString() ?? "";
        var (client, secret) = Basic(authorization) ?? (Field("client_id"), Field("client_secret"));
        if (client != ClientId || secret != ClientSecret)
        {
            return Refuse(401, "invalid_client", "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.");
        }

        switch (Field("grant_type"))
        {
            case "client_credentials": break;
            case "authorization_code" when Field("code") == AuthorizationCode: break;
            case "refresh_token" when _issued.ContainsKey(Field("refresh_token")): break;
            case "authorization_code" or "refresh_token":
                return Refuse(401, "invalid_grant", "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.");
            case "":
                return Refuse(400, "invalid_request", "The request is missing a required parameter: grant_type.");
            default:
                return Refuse(400, "unsupported_grant_type", "The authorization grant type is not supported by the authorization server.");
        }

        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        _issued[token] = true;
        return (200, new JsonObject { ["access_token"] = token, ["token_type"] = "bearer" });
    }

    public bool Accepts(string? header)
    {
        if (Interlocked.Exchange(ref _refuseNext, 0) == 1)
        {
            return false;
        }

        return header is ['B' or 'b', 'e', 'a', 'r', 'e', 'r', ' ', .. var token] && (token == Sample || _issued.ContainsKey(token));
    }

    /// <summary>Every issued token ends. The sample token, which nobody could get anew, is refused once.</summary>
    public void Expire()
    {
        _issued.Clear();
        Interlocked.Exchange(ref _refuseNext, 1);
    }

    private static (string Client, string Secret)? Basic(string? authorization)
    {
        if (authorization?.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) != true)
        {
            return null;
        }

        var text = authorization["Basic ".Length..];
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && System.Text.Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var client, var secret] ? (client, secret) : ("", "");
    }

    private static (int Status, JsonObject Body) Refuse(int status, string error, string description) => (status, new JsonObject { ["error"] = error, ["error_description"] = description });
}
