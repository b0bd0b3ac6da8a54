using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace PsaConsole.Tests.Web;

/// <summary>
/// A real OpenID provider over HTTPS: discovery, keys, code flow with PKCE and a client secret, user info, sign-out. Whoever is sent to it picks a person.
/// It can look like a Microsoft Entra ID tenant, as far as a client sees one.
/// </summary>
public sealed class OpenIdProvider : IAsyncDisposable
{
    public const string ClientId = "psaconsole";
    public const string ClientSecret = "the-console's-own-secret";

    /// <summary>For whom access tokens are made out.</summary>
    public const string ApiAudience = "psaconsole-api";

    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private readonly ManualResetEventSlim _ended;

    private OpenIdProvider(WebApplication app, TemporaryFolder folder, ManualResetEventSlim ended) => (_app, _folder, _ended) = (app, folder, ended);

    /// <summary>The people who have an account: name, and the values of the claim that carries roles.</summary>
    public static IReadOnlyDictionary<string, string[]> People { get; } = new Dictionary<string, string[]>
    {
        ["Ada"] = ["finance-team", "DeliveryOperations"],
        ["Bob"] = [],
        ["Eve"] = ["FinanceController", "SecurityAdministrator"],
    };

    public Uri Address { get; private set; } = new("https://127.0.0.1");

    /// <summary>Whether somebody signed out here.</summary>
    public bool HasEnded => _ended.IsSet;

    /// <summary>File with the certificate that a client has to trust.</summary>
    public string Certificate => Path.Combine(_folder.Path, "provider.pem");

    /// <param name="tenant">Tenant to look like one of Entra ID; null for any other provider.</param>
    /// <param name="console">Where people may be sent back to; nobody else gets a code.</param>
    public static async Task<OpenIdProvider> StartAsync(Func<Uri?> console, string? tenant = null)
    {
        var folder = TemporaryFolder.Create();
        using var certificate = SelfSigned();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "provider.pem"), certificate.ExportCertificatePem());
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        var served = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(served)));
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode();
            server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").SetUserInfoEndpointUris("userinfo").SetEndSessionEndpointUris("logout");
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.RegisterScopes(Scopes.Profile, Scopes.Email);
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();

            // As those of providers at large: whoever they are made out for can read them.
            server.DisableAccessTokenEncryption();
            server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableEndSessionEndpointPassthrough();
            server.AddEventHandler<OpenIddictServerEvents.ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || console() is not { } known || context.RedirectUri is not { } back || !back.StartsWith(known.ToString(), StringComparison.Ordinal))
                {
                    context.Reject(Errors.InvalidClient, $"Nobody called {context.ClientId} at {context.RedirectUri} is known.");
                }

                return default;
            }));
            server.AddEventHandler<OpenIddictServerEvents.ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.ClientSecret != ClientSecret)
                {
                    context.Reject(Errors.InvalidClient, "The client's secret is wrong.");
                }

                return default;
            }));
            server.AddEventHandler<OpenIddictServerEvents.ValidateEndSessionRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (console() is not { } known || context.PostLogoutRedirectUri?.StartsWith(known.ToString(), StringComparison.Ordinal) is not true)
                {
                    context.Reject(Errors.InvalidRequest, $"{context.PostLogoutRedirectUri} is not known.");
                }

                return default;
            }));
            server.AddEventHandler<OpenIddictServerEvents.HandleUserInfoRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                // The same list once more, as providers do that map claims to both.
                context.Claims["roles"] = new OpenIddictParameter([.. context.AccessTokenPrincipal!.GetClaims("roles")]);
                return default;
            }));
        });
        var app = builder.Build();
        var ended = new ManualResetEventSlim();
        if (tenant is not null)
        {
            app.UsePathBase($"/{tenant}/v2.0");
        }

        app.UseRouting();
        app.UseAuthentication();
        app.MapMethods("/authorize", ["GET", "POST"], (HttpContext context, string? person) => Authorize(context, person, tenant));
        app.MapMethods("/logout", ["GET", "POST"], () =>
        {
            ended.Set();
            return Results.SignOut(authenticationSchemes: [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
        });
        await app.StartAsync();
        return new OpenIdProvider(app, folder, ended) { Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
    }

    /// <summary>An access token of a person, by the code flow of a native client.</summary>
    public async Task<string> TokenOfAsync(string person, Uri console)
    {
        var verifier = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var challenge = Convert.ToBase64String(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(verifier))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var back = new Uri(console, "native").ToString();
        using var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null && certificate.Issuer == "CN=provider" },
        });
        using var sent = await client.GetAsync(new Uri(Address, $"authorize?client_id={ClientId}&response_type=code&scope=openid&redirect_uri={Uri.EscapeDataString(back)}&code_challenge={challenge}&code_challenge_method=S256&person={person}"));
        var code = System.Web.HttpUtility.ParseQueryString(sent.Headers.Location!.Query)["code"]!;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = back,
            ["client_id"] = ClientId,
            ["client_secret"] = ClientSecret,
            ["code_verifier"] = verifier,
        });
        using var answer = await client.PostAsync(new Uri(Address, "token"), form);
        return System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["access_token"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
        _ended.Dispose();
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=provider", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
    }

    private static IResult Authorize(HttpContext context, string? person, string? tenant)
    {
        if (person is null || !People.TryGetValue(person, out var roles))
        {
            var links = People.Keys.Select(name => $"<a id=\"{name}\" href=\"?{WebUtility.HtmlEncode(context.Request.QueryString.Value![1..])}&amp;person={name}\">{name}</a>");
            return Results.Content($"<!doctype html><title>Who are you?</title>{string.Join(' ', links)}", "text/html");
        }

        var identity = new ClaimsIdentity("OpenIddict", Claims.Name, "roles");
        identity.AddClaim(new Claim(Claims.Subject, $"provider|{person}"));
        identity.AddClaim(new Claim(Claims.Name, $"{person} Sample"));
        identity.AddClaim(new Claim(Claims.Email, $"{person.ToLowerInvariant()}@example.com"));
        foreach (var role in roles)
        {
            identity.AddClaim(new Claim("roles", role));
        }

        if (tenant is not null)
        {
            identity.AddClaim(new Claim("tid", tenant));
            identity.AddClaim(new Claim("oid", $"entra|{person}"));
            identity.AddClaim(new Claim("ver", "2.0"));
        }

        identity.SetResources(ApiAudience);
        identity.SetScopes(context.GetOpenIddictServerRequest()!.GetScopes());
        identity.SetDestinations(_ => [Destinations.AccessToken, Destinations.IdentityToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
