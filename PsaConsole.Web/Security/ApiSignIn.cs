using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Finance;

namespace PsaConsole.Web.Security;

/// <summary>
/// How programs and people prove themselves to the API: <c>Authorization: Bearer</c> with a key of the console's own, or with an access token of the sign-in
/// provider. Cookies open nothing here, so that no other site can make a browser call it.
/// </summary>
public static class ApiSignIn
{
    public const string Scheme = "Api";
    private const string KeyScheme = "ApiKey";
    private const string TokenScheme = JwtBearerDefaults.AuthenticationScheme;

    /// <summary>Registers the schemes; access tokens are taken where the configuration names the audience that they are for.</summary>
    public static void AddApiSignIn(this AuthenticationBuilder authentication, SignInOptions options, IHostEnvironment environment)
    {
        authentication.AddScheme<AuthenticationSchemeOptions, KeyHandler>(KeyScheme, null);
        var takesTokens = options.Api.Audience.Length > 0 && options.Mode is SignInMode.OpenIdConnect or SignInMode.EntraId;
        if (takesTokens)
        {
            authentication.AddJwtBearer(TokenScheme, token => ReadTokens(token, options, environment));
        }

        authentication.AddPolicyScheme(Scheme, null, api => api.ForwardDefaultSelector = context =>
            takesTokens && KeyOf(context.Request)?.StartsWith(ApiKeys.Prefix, StringComparison.Ordinal) is false ? TokenScheme : KeyScheme);
    }

    private static void ReadTokens(JwtBearerOptions token, SignInOptions options, IHostEnvironment environment)
    {
        token.Authority = options.Api.Authority.Length > 0 ? options.Api.Authority : options.OpenIdConnect.Authority;
        token.Audience = options.Api.Audience;
        token.RequireHttpsMetadata = !environment.IsDevelopment();
        token.MapInboundClaims = false;
        token.TokenHandlers.Clear();
        token.TokenHandlers.Add(new JsonWebTokenHandler { MapInboundClaims = false });
        token.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                context.Principal = ConsoleIdentity.OfProvider(context.Principal!, options, context.HttpContext.RequestServices.GetRequiredService<EntityPacks>());
                return Task.CompletedTask;
            },
        };
    }

    private static string? KeyOf(HttpRequest request)
    {
        const string Bearer = "Bearer ";
        return request.Headers.Authorization.ToString() is var header && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
    }

    private sealed class KeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeys keys)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (KeyOf(Request) is not { } text)
            {
                return AuthenticateResult.NoResult();
            }

            return await keys.RecognizeAsync(text, Context.RequestAborted) is { } program
                ? AuthenticateResult.Success(new AuthenticationTicket(ConsoleIdentity.OfProgram(program), Scheme.Name))
                : AuthenticateResult.Fail("The key is none of ours, was taken back, or has run out.");
        }

        protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            Response.Headers.WWWAuthenticate = "Bearer";
            return Task.CompletedTask;
        }
    }
}
