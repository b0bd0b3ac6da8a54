using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Finance;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Endpoints;

/// <summary>Begins and ends a session. Forms post here with an antiforgery token; the pages themselves set no cookies.</summary>
public static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(ConsoleUrls.StartDevelopmentSession(), StartDevelopmentAsync).AllowAnonymous();
        routes.MapGet(ConsoleUrls.StartProviderSession(), StartProvider).AllowAnonymous();
        routes.MapGet(ConsoleUrls.EndProviderSession(), EndProvider).AllowAnonymous();
        routes.MapPost(ConsoleUrls.SignOut(), EndAsync).AllowAnonymous();
    }

    private static async Task<IResult> StartDevelopmentAsync(
        HttpContext context, IOptions<SignInOptions> options, Sessions sessions, EntityPacks packs, [FromForm] string role, [FromForm] string? returnUrl)
    {
        if (options.Value.Mode is not SignInMode.Development || !DevelopmentSignIn.IsLocal(context))
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        var person = ConsoleRole.Find(role) is { } chosen ? ConsoleIdentity.OfSampleUser(chosen)
            : options.Value.Samples.GetValueOrDefault(role) is { } sample ? ConsoleIdentity.OfSampleUser(role, sample.Title, sample.Role, ScopeGrant.Sum([sample.Scope], packs))
            : null;
        if (person is null)
        {
            return Results.BadRequest();
        }

        await sessions.BegunAsync(ConsoleIdentity.ActorOf(person), context.RequestAborted);
        await context.SignInAsync(person);
        return Results.LocalRedirect(ConsoleUrls.Local(returnUrl));
    }

    private static IResult StartProvider(IOptions<SignInOptions> options, string? returnUrl) =>
        options.Value.Mode is SignInMode.Development
            ? Results.LocalRedirect(ConsoleUrls.SignIn(returnUrl))
            : Results.Challenge(new() { RedirectUri = ConsoleUrls.Local(returnUrl) }, [OpenIdConnectDefaults.AuthenticationScheme]);

    private static async Task<IResult> EndAsync(HttpContext context, IOptions<SignInOptions> options, Sessions sessions, [FromForm] string? stay)
    {
        _ = stay; // A form parameter is what makes the endpoint check the antiforgery token.
        if (context.User.Identity?.IsAuthenticated is true)
        {
            await sessions.EndedAsync(ConsoleIdentity.ActorOf(context.User), context.RequestAborted);
        }

        await context.SignOutAsync();

        // A form may not lead to another origin, by redirects neither (form-action 'self'): a page of ours goes on to the provider by itself.
        return options.Value.Mode is SignInMode.Development
            ? Results.LocalRedirect(ConsoleUrls.SignIn())
            : Results.Content(
                $"""<!doctype html><html lang="en"><title>Signing out · PsaConsole</title><meta http-equiv="refresh" content="0;url={ConsoleUrls.EndProviderSession()}"><p><a href="{ConsoleUrls.EndProviderSession()}">Sign out at {WebUtility.HtmlEncode(options.Value.OpenIdConnect.DisplayName)}</a></p></html>""",
                "text/html; charset=utf-8");
    }

    /// <summary>Ends the session at the provider too, which sends people back to the sign-in page.</summary>
    private static IResult EndProvider(IOptions<SignInOptions> options) => options.Value.Mode is SignInMode.Development
        ? Results.LocalRedirect(ConsoleUrls.SignIn())
        : Results.SignOut(new() { RedirectUri = ConsoleUrls.SignIn() }, [OpenIdConnectDefaults.AuthenticationScheme]);
}
