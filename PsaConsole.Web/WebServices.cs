using System.Globalization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Localization;
using Microsoft.EntityFrameworkCore;
using MudBlazor;
using MudBlazor.Services;
using PsaConsole.Engine;
using PsaConsole.Engine.Store;
using PsaConsole.Web.Components.Pages.Approvals;
using PsaConsole.Web.Components.Pages.Billing;
using PsaConsole.Web.Components.Pages.Clients;
using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Components.Pages.Groups;
using PsaConsole.Web.Components.Pages.Lanes;
using PsaConsole.Web.Components.Pages.People;
using PsaConsole.Web.Components.Pages.Postings;
using PsaConsole.Web.Components.Pages.Staffing;
using PsaConsole.Web.Components.Pages.Systems;
using PsaConsole.Web.Components.Pages.Today;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Endpoints;
using PsaConsole.Web.Endpoints.Api;
using PsaConsole.Web.Security;
using PsaConsole.Web.Store;

namespace PsaConsole.Web;

/// <summary>What the console itself registers, in reading order.</summary>
public static class WebServices
{
    public static void AddConsole(this WebApplicationBuilder builder)
    {
        var services = builder.Services;

        builder.Logging.AddConsoleLog(builder.Environment);
        services.AddProxies(builder.Configuration);
        services.AddEngine(builder.Configuration);
        services.AddSharedKeys(builder.Configuration);
        services.AddSignIn(builder.Configuration, builder.Environment);
        services.AddAntiforgery(ShapeAntiforgery);

        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices(mud => mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight);
        services.AddScoped<MinuteClock>();

        services.AddSingleton<RefreshPace>();
        services.AddScoped<ViewerConnection>();
        services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<ViewerConnection>());

        services.AddSingleton<Readiness>();
        services.AddHooks();
        services.AddApi();

        services.AddSingleton<SystemCatalog>();
        services.AddScoped<CurrentReader>();
        services.AddScoped(provider => new ReaderStores(
            provider.GetRequiredService<IDbContextFactory<EngineDbContext>>(), provider.GetRequiredService<CurrentReader>().ActorAsync));
        services.AddScoped<EngagementQueries>();
        services.AddScoped<ClientQueries>();
        services.AddScoped<JourneyQueries>();
        services.AddScoped<PostingQueries>();
        services.AddScoped<BillingQueries>();
        services.AddScoped<PeopleQueries>();
        services.AddScoped<ApprovalQueries>();
        services.AddScoped<CaseQueries>();
        services.AddScoped<CaseReader>();
        services.AddScoped<GroupQueries>();
        services.AddScoped<SystemQueries>();
        services.AddScoped<LaneQueries>();
        services.AddScoped<StaffingQueries>();
        services.AddScoped<TodayQueries>();

        services.Configure<RequestLocalizationOptions>(ShapeCultures);
        services.AddSingleton(TimeProvider.System);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Host.UseDefaultServiceProvider(provider => (provider.ValidateOnBuild, provider.ValidateScopes) = (true, true));
    }

    private static void ShapeAntiforgery(Microsoft.AspNetCore.Antiforgery.AntiforgeryOptions antiforgery)
    {
        antiforgery.Cookie.Name = "psaconsole.forms";
        antiforgery.Cookie.HttpOnly = true;
        antiforgery.Cookie.SameSite = SameSiteMode.Strict;
        antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
    }

    // The words are English; numbers, dates and money follow the browser's language.
    private static void ShapeCultures(RequestLocalizationOptions localization)
    {
        localization.DefaultRequestCulture = new RequestCulture("en-US");
        localization.SupportedCultures = [.. CultureInfo.GetCultures(CultureTypes.AllCultures).Where(culture => culture.Name.Length > 0)];
        localization.SupportedUICultures = [new CultureInfo("en")];
    }
}
