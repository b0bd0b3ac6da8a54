using Microsoft.AspNetCore.Diagnostics;
using PsaConsole.Web.Components;
using PsaConsole.Web.Endpoints;
using PsaConsole.Web.Endpoints.Api;
using PsaConsole.Web.Security;

namespace PsaConsole.Web;

/// <summary>What a request passes, in order, and where it ends.</summary>
public static class ConsolePipeline
{
    public static void UseConsole(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UseWhen(context => !IsApi(context), people => people.UseExceptionHandler(ConsoleUrls.Failure(StatusCodes.Status500InternalServerError), createScopeForErrors: true));
        app.UseWhen(IsApi, programs => programs.UseApiProblems());
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        app.UseWhen(IsForPeople, people => people.UseStatusCodePagesWithReExecute("/failure/{0}"));
        app.Use(ShowFailuresAsPages);
        app.UseRequestLocalization();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseRateLimiter();

        app.MapStaticAssets().AllowAnonymous();
        app.MapHealth();
        app.MapHooks();
        app.MapApi();
        app.MapSessions();
        app.MapAuditExport();
        app.MapPostingDownload();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }

    // A form that was refused is answered with a page, and pages are read, not posted to.
    private static Task ShowFailuresAsPages(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null)
        {
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    }

    private static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    // A machine that asks for JSON gets the bare status, not a page.
    private static bool IsForPeople(HttpContext context) =>
        !IsApi(context) && context.Request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) is true);
}
