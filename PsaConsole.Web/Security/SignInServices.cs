using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Identity.Web;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Finance;

namespace PsaConsole.Web.Security;

/// <summary>Registers the one way of signing in that the configuration chose.</summary>
public static class SignInServices
{
    public static void AddSignIn(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        var section = configuration.GetSection(SignInOptions.Section);
        services.Configure<SignInOptions>(section);
        var options = section.Get<SignInOptions>() ?? new();
        if (DevelopmentSignIn.WhyRefused(options.Mode, environment) is { } reason)
        {
            throw new StartRefusedException(reason);
        }

        var authentication = services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme);
        if (options.Mode is SignInMode.EntraId)
        {
            authentication.AddMicrosoftIdentityWebApp(section.GetSection("EntraId"));
            services.PostConfigure<OpenIdConnectOptions>(OpenIdConnectDefaults.AuthenticationScheme, provider => UseCodeFlow(provider, options, environment));
        }
        else
        {
            authentication.AddCookie();
        }

        if (options.Mode is SignInMode.OpenIdConnect)
        {
            authentication.AddOpenIdConnect(provider => UseProvider(provider, options, environment));
        }

        authentication.AddApiSignIn(options, environment);
        services.Configure<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme, ShapeCookie);
        services.AddAuthorization(LooksAttribute.AddPolicies);
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, SessionWatch>();
    }

    private static void ShapeCookie(CookieAuthenticationOptions cookie)
    {
        cookie.LoginPath = ConsoleUrls.SignIn();
        cookie.AccessDeniedPath = ConsoleUrls.Failure(StatusCodes.Status403Forbidden);
        cookie.ReturnUrlParameter = "returnUrl";
        cookie.Cookie.Name = "psaconsole.session";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = TimeSpan.FromHours(10);
        cookie.SlidingExpiration = true;
        cookie.Events.OnValidatePrincipal = async context =>
        {
            var isSample = context.Principal?.HasClaim(ConsoleIdentity.Method, ConsoleIdentity.DevelopmentMethod) is true;
            if ((isSample && !DevelopmentSignIn.IsLocal(context.HttpContext)) || !await IsLiveAsync(context))
            {
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync();
            }
        };
    }

    /// <summary>What everybody may have anyway, such as styles and scripts, is not worth a question.</summary>
    private static async Task<bool> IsLiveAsync(CookieValidatePrincipalContext context) =>
        context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null
        || await context.HttpContext.RequestServices.GetRequiredService<Sessions>().IsLiveAsync(
            context.Principal?.FindFirst(ConsoleIdentity.SessionId)?.Value, context.HttpContext.RequestAborted);

    private static void UseProvider(OpenIdConnectOptions provider, SignInOptions options, IHostEnvironment environment)
    {
        provider.Authority = options.OpenIdConnect.Authority;
        provider.ClientId = options.OpenIdConnect.ClientId;
        provider.ClientSecret = options.OpenIdConnect.ClientSecret;
        provider.SignedOutCallbackPath = "/signed-out-callback";
        provider.Scope.Clear();
        foreach (var scope in options.OpenIdConnect.Scopes)
        {
            provider.Scope.Add(scope);
        }

        provider.GetClaimsFromUserInfoEndpoint = true;
        provider.ClaimActions.MapAll();
        UseCodeFlow(provider, options, environment);
    }

    private static void UseCodeFlow(OpenIdConnectOptions provider, SignInOptions options, IHostEnvironment environment)
    {
        provider.ResponseType = OpenIdConnectResponseType.Code;
        provider.UsePkce = true;
        if (environment.IsDevelopment())
        {
            // Over plain http on loopback a browser withholds SameSite=None cookies, so the answer has to come as a query.
            provider.RequireHttpsMetadata = false;
            provider.ResponseMode = OpenIdConnectResponseMode.Query;
            provider.CorrelationCookie.SameSite = SameSiteMode.Lax;
            provider.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            provider.NonceCookie.SameSite = SameSiteMode.Lax;
            provider.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }

        KeepOnlyWhatWeNeed(provider, options);
    }

    private static void KeepOnlyWhatWeNeed(OpenIdConnectOptions provider, SignInOptions options)
    {
        // A handler of our own: Microsoft.Identity.Web puts in one that gives claims the long names of another protocol, whatever MapInboundClaims says.
        provider.TokenHandler = new JsonWebTokenHandler { MapInboundClaims = false };
        provider.MapInboundClaims = false;
        provider.SaveTokens = false;
        var before = provider.Events.OnTicketReceived;
        provider.Events.OnTicketReceived = async context =>
        {
            await before(context);
            if (context.Principal is { } external)
            {
                var person = ConsoleIdentity.OfProvider(external, options, context.HttpContext.RequestServices.GetRequiredService<EntityPacks>());
                var duties = context.HttpContext.RequestServices.GetRequiredService<DutyGuard>();
                context.Principal = ConsoleIdentity.WithRoles(person, await duties.GrantAsync(ConsoleIdentity.ActorOf(person), context.HttpContext.RequestAborted));
                await context.HttpContext.RequestServices.GetRequiredService<Sessions>()
                    .BegunAsync(ConsoleIdentity.ActorOf(context.Principal), context.HttpContext.RequestAborted);
            }
        };
    }
}
