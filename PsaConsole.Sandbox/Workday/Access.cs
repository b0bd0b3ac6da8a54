using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Workday;

/// <summary>Who may call: an API client for integrations with its refresh token, and the integration system user by its password (SOAP, reports).</summary>
internal sealed class Access(SandboxClock clock)
{
    public const string Tenant = "northwind";
    public const string ClientId = "NjE5ZmE0YjQtc2FuZGJveC1wc2FjLWNsaWVudA";
    public const string ClientSecret = "sandbox-workday-secret";
    public const string RefreshToken = "sandbox-workday-refresh-token-that-never-expires";
    public const string User = "isu_psaconsole";
    public const string Password = "sandbox-workday-password";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _expiry = new(StringComparer.Ordinal);

    /// <summary>A new access token; null and the error's code when the grant is refused.</summary>
    public (string? Token, string? Error) Issue(string? authorization, IFormCollection form)
    {
        var (id, secret) = Basic(authorization) ?? (form["client_id"].ToString(), form["client_secret"].ToString());
        if (id != ClientId || secret != ClientSecret)
        {
            return (null, "invalid_client");
        }

        if (form["grant_type"] != "refresh_token")
        {
            return (null, "unsupported_grant_type");
        }

        if (form["refresh_token"] != RefreshToken)
        {
            return (null, "invalid_grant");
        }

        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        _expiry[token] = clock.GetUtcNow() + Lifetime;
        return (token, null);
    }

    public bool AcceptsBearer(string? authorization)
        => AuthenticationHeaderValue.TryParse(authorization, out var header) && header.Scheme == "Bearer" && header.Parameter is { } token && _expiry.TryGetValue(token, out var expiry) && clock.GetUtcNow() < expiry;

    public static bool AcceptsBasic(string? authorization) => Basic(authorization) is var (user, password) && AcceptsUser(user, password);

    /// <summary>The user's name is written with the tenant: isu@tenant.</summary>
    public static bool AcceptsUser(string? user, string? password) => user == $"{User}@{Tenant}" && password == Password;

    public void Expire() => _expiry.Clear();

    private static (string Name, string Secret)? Basic(string? authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var header) || header.Scheme != "Basic" || header.Parameter is not { } encoded)
        {
            return null;
        }

        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return null;
        }

        var pair = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return pair.Length == 2 ? (Uri.UnescapeDataString(pair[0]), Uri.UnescapeDataString(pair[1])) : null;
    }
}
