using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>
/// Who may call: the connected app's credentials and the sessions that it opened. A session lasts two hours after its last use,
/// by the sandbox's clock, and its token tells nobody so (there is no expires_in).
/// </summary>
internal sealed class Sessions(SandboxClock clock)
{
    public const string ClientId = "3MVG9sandboxPsaConsole.connected.app";
    public const string ClientSecret = "sandbox-salesforce-secret";
    public const string Username = "integration@northwind.example";
    public const string OrganizationId = "00D000000000001";
    public const string KeyName = "Salesforce/sample-key.pem";
    private const string JwtGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);
    private static readonly TimeSpan LongestAssertion = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _lastUse = new(StringComparer.Ordinal);

    /// <summary>The token of a new session.</summary>
    /// <exception cref="TokenRefusal">The grant isn't accepted.</exception>
    public string Open(IFormCollection form, Uri url)
    {
        switch (form["grant_type"].ToString())
        {
            case "client_credentials": CheckClient(form); break;
            case JwtGrant: CheckAssertion(form["assertion"].ToString(), url); break;
            default: throw new TokenRefusal("unsupported_grant_type", "grant type not supported");
        }

        var token = $"{OrganizationId}!AQ{Convert.ToHexString(RandomNumberGenerator.GetBytes(48))}";
        _lastUse[token] = clock.GetUtcNow();
        return token;
    }

    /// <summary>Whether the token is valid; keeps its session alive.</summary>
    public bool Use(string token)
    {
        var now = clock.GetUtcNow();
        if (!_lastUse.TryGetValue(token, out var last) || now - last > Lifetime)
        {
            _lastUse.TryRemove(token, out _);
            return false;
        }

        _lastUse[token] = now;
        return true;
    }

    public bool Revoke(string token) => _lastUse.TryRemove(token, out _);

    public void Expire() => _lastUse.Clear();

    private static void CheckClient(IFormCollection form)
    {
        if (form["client_id"] != ClientId)
        {
            throw new TokenRefusal("invalid_client_id", "client identifier invalid");
        }

        if (form["client_secret"] != ClientSecret)
        {
            throw new TokenRefusal("invalid_client", "invalid client credentials");
        }
    }

    /// <summary>https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_jwt_flow.htm</summary>
    private void CheckAssertion(string assertion, Uri url)
    {
        var parts = assertion.Split('.');
        if (parts.Length != 3)
        {
            throw new TokenRefusal("invalid_grant", "invalid assertion");
        }

        JsonElement header, claims;
        byte[] signature;
        try
        {
            header = JsonSerializer.Deserialize<JsonElement>(Base64Url(parts[0]));
            claims = JsonSerializer.Deserialize<JsonElement>(Base64Url(parts[1]));
            signature = Base64Url(parts[2]);
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException)
        {
            throw new TokenRefusal("invalid_grant", "invalid assertion");
        }

        using var key = RSA.Create();
        key.ImportFromPem(SampleKey.Read(KeyName));
        var signed = System.Text.Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        if (Claim(header, "alg") != "RS256" || !key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            throw new TokenRefusal("invalid_grant", "invalid assertion");
        }

        if (Claim(claims, "iss") != ClientId)
        {
            throw new TokenRefusal("invalid_client_id", "client identifier invalid");
        }

        if (Claim(claims, "sub") != Username)
        {
            throw new TokenRefusal("invalid_grant", "user hasn't approved this consumer");
        }

        string[] audiences = ["https://login.salesforce.com", "https://test.salesforce.com", url.GetLeftPart(UriPartial.Authority)];
        if (!audiences.Contains(Claim(claims, "aud")))
        {
            throw new TokenRefusal("invalid_grant", "audience is invalid");
        }

        var expires = long.TryParse(Claim(claims, "exp"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, 253_402_300_799)) : default;
        var now = clock.GetUtcNow();
        if (expires < now || expires > now + LongestAssertion + TimeSpan.FromMinutes(1))
        {
            throw new TokenRefusal("invalid_grant", "expired authorization code");
        }
    }

    private static string? Claim(JsonElement part, string name) => part.ValueKind == JsonValueKind.Object && part.TryGetProperty(name, out var value) ? value.ToString() : null;

    private static byte[] Base64Url(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}

/// <summary>The token endpoint refuses: 400 with error and error_description.</summary>
internal sealed class TokenRefusal(string error, string description) : Exception(description)
{
    public string Error { get; } = error;
}
