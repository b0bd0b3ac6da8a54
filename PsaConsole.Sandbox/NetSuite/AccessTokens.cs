using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>
/// OAuth 2.0 machine to machine: a client shows an assertion signed with the key of its certificate, and gets a token for an hour.
/// No refresh token, no client secret, and RS256 is refused (vendor page 2.1).
/// </summary>
internal sealed class AccessTokens(SandboxClock clock)
{
    public const string Account = "1234567_SB1";
    public const string ClientId = "b5e3f3f2c1d04a7e9f60sandboxpsaconsole";
    public const string CertificateId = "psac-rsa-4096-certificate-Yk3v";
    public const string CurveCertificateId = "psac-ec-p256-certificate-Qd8z";
    public const string KeyName = "NetSuite/sample-key.pem";
    public const string CurveKeyName = "NetSuite/sample-ec-key.pem";
    public const string Path = "/services/rest/auth/oauth2/v1/token";
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const string AccountHost = "1234567-sb1.";
    private static readonly string[] Scopes = ["rest_webservices", "restlets", "suite_analytics", "mcp"];
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _expiry = new(StringComparer.Ordinal);

    /// <summary>A new token; null and the error's code when the grant is refused.</summary>
    public (string? Token, string? Error) Issue(IFormCollection form, string ownHost)
    {
        if (form["grant_type"] != "client_credentials")
        {
            return (null, form.ContainsKey("grant_type") ? "unsupported_grant_type" : "invalid_request");
        }

        if (form["client_assertion_type"] != AssertionType || form["client_assertion"].ToString() is not { Length: > 0 } assertion)
        {
            return (null, "invalid_request");
        }

        if (Refuse(assertion, ownHost) is { } error)
        {
            return (null, error);
        }

        var now = clock.GetUtcNow();
        var token = Token(now);
        _expiry[token] = now + Lifetime;
        return (token, null);
    }

    public bool Accepts(string? token) => token is not null && _expiry.TryGetValue(token, out var expiry) && clock.GetUtcNow() < expiry;

    public void Expire() => _expiry.Clear();

    private string? Refuse(string assertion, string ownHost)
    {
        var parts = assertion.Split('.');
        if (parts.Length != 3 || Part(parts[0]) is not { } header || Part(parts[1]) is not { } claims || Bytes(parts[2]) is not { } signature)
        {
            return "invalid_request";
        }

        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        if (!IsSigned(header, signed, signature) || Claim(claims, "iss") != ClientId || !IsForUs(Claim(claims, "aud"), ownHost))
        {
            return "invalid_grant";
        }

        if (!claims.TryGetProperty("scope", out var scope) || !HasScope(scope))
        {
            return "invalid_scope";
        }

        var now = clock.GetUtcNow();
        var timely = Instant(claims, "iat") is { } issued && Instant(claims, "exp") is { } expires && issued <= now + Skew && expires > now && expires - issued <= Lifetime;
        return timely ? null : "invalid_grant";
    }

    private static bool IsSigned(JsonElement header, byte[] signed, byte[] signature)
    {
        var algorithm = Claim(header, "alg") ?? "";
        HashAlgorithmName? hash = algorithm switch
        {
            "PS256" or "ES256" => HashAlgorithmName.SHA256,
            "PS384" or "ES384" => HashAlgorithmName.SHA384,
            "PS512" or "ES512" => HashAlgorithmName.SHA512,
            _ => null,
        };
        switch (hash, Claim(header, "kid"))
        {
            case ({ } name, CertificateId) when algorithm.StartsWith("PS", StringComparison.Ordinal):
                using (var key = RSA.Create())
                {
                    key.ImportFromPem(SampleKey.Read(KeyName));
                    return key.VerifyData(signed, signature, name, RSASignaturePadding.Pss);
                }

            case ({ } name, CurveCertificateId) when algorithm.StartsWith("ES", StringComparison.Ordinal):
                using (var key = ECDsa.Create())
                {
                    key.ImportFromPem(SampleKey.Read(CurveKeyName));
                    return key.VerifyData(signed, signature, name);
                }

            default:
                return false;
        }
    }

    /// <summary>Any host of the account, as Oracle's own sample names the one of the RESTlets.</summary>
    private static bool IsForUs(string? audience, string ownHost)
        => Uri.TryCreate(audience, UriKind.Absolute, out var url)
            && url.AbsolutePath == Path
            && (url.Authority == ownHost || (url.Host.StartsWith(AccountHost, StringComparison.OrdinalIgnoreCase) && url.Host.EndsWith(".netsuite.com", StringComparison.OrdinalIgnoreCase)));

    /// <summary>An array, or one text with commas: the documentation says the one, Oracle's sample does the other.</summary>
    private static bool HasScope(JsonElement scope)
    {
        string[] named = scope.ValueKind switch
        {
            JsonValueKind.Array => [.. scope.EnumerateArray().Select(item => item.ToString())],
            JsonValueKind.String => scope.GetString()!.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries),
            _ => [],
        };
        return named.Contains("rest_webservices") && named.All(Scopes.Contains);
    }

    private static string Token(DateTimeOffset now)
    {
        var claims = new JsonObject
        {
            ["sub"] = "3;1004",
            ["aud"] = new JsonArray(ClientId, "app:0f1d3c1e-sandbox"),
            ["scope"] = new JsonArray("rest_webservices"),
            ["iss"] = "https://system.netsuite.com",
            ["oit"] = now.ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
            ["jti"] = Convert.ToHexString(RandomNumberGenerator.GetBytes(8)),
        };
        return $"{Encode("""{"typ":"JWT","alg":"RS256","kid":"s.SYSTEM.2026_1"}""")}.{Encode(claims.ToJsonString())}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(64))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static byte[]? Bytes(string part)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            // Not base64url: the caller refuses the assertion.
            return null;
        }
    }

    private static JsonElement? Part(string part)
    {
        try
        {
            return Bytes(part) is { } bytes && JsonSerializer.Deserialize<JsonElement>(bytes) is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (JsonException)
        {
            // Not JSON: the caller refuses the assertion.
            return null;
        }
    }

    private static string? Claim(JsonElement part, string name) => part.TryGetProperty(name, out var value) ? value.ToString() : null;

    private static DateTimeOffset? Instant(JsonElement claims, string name)
        => decimal.TryParse(Claim(claims, name), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_799m
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;
}
