using MudBlazor;
using PsaConsole.Engine.Access;
using PsaConsole.Web.Components.Pages.Approvals;
using PsaConsole.Web.Components.Pages.Audit;
using PsaConsole.Web.Components.Pages.Billing;
using PsaConsole.Web.Components.Pages.Clients;
using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Components.Pages.Lanes;
using PsaConsole.Web.Components.Pages.People;
using PsaConsole.Web.Components.Pages.Permissions;
using PsaConsole.Web.Components.Pages.Postings;
using PsaConsole.Web.Components.Pages.Staffing;
using PsaConsole.Web.Components.Pages.Systems;
using PsaConsole.Web.Components.Pages.Today;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Layout;

/// <summary>The console's menu: one line a page. <see cref="Key"/> is what follows <c>g</c> on the keyboard.</summary>
public sealed record NavigationItem(string Title, string Url, string Icon, char Key, Type Page)
{
    public static IReadOnlyList<NavigationItem> All { get; } =
    [
        new("Today", ConsoleUrls.Today(), Icons.Material.Outlined.WbSunny, 't', typeof(TodayPage)),
        new("Exceptions", ConsoleUrls.Exceptions(), Icons.Material.Outlined.ReportProblem, 'e', typeof(ExceptionsPage)),
        new("Approvals", ConsoleUrls.Approvals(), Icons.Material.Outlined.HowToVote, 'a', typeof(ApprovalsPage)),
        new("Engagements", ConsoleUrls.Engagements(), Icons.Material.Outlined.Route, 'n', typeof(EngagementsPage)),
        new("Clients", ConsoleUrls.Clients(), Icons.Material.Outlined.Business, 'c', typeof(ClientsPage)),
        new("Postings", ConsoleUrls.Postings(), Icons.Material.Outlined.AccountBalance, 'b', typeof(PostingsPage)),
        new("Billing", ConsoleUrls.Billing(), Icons.Material.Outlined.ReceiptLong, 'i', typeof(BillingPage)),
        new("Staffing", ConsoleUrls.Staffing(), Icons.Material.Outlined.CalendarMonth, 'f', typeof(StaffingPage)),
        new("People", ConsoleUrls.People(), Icons.Material.Outlined.People, 'o', typeof(PeoplePage)),
        new("Systems", ConsoleUrls.Systems(), Icons.Material.Outlined.Hub, 's', typeof(SystemsPage)),
        new("Lanes", ConsoleUrls.Lanes(), Icons.Material.Outlined.ViewStream, 'l', typeof(LanesPage)),
        new("Audit", ConsoleUrls.Audit(), Icons.Material.Outlined.FactCheck, 'u', typeof(AuditPage)),
        new("Your permissions", ConsoleUrls.Permissions(), Icons.Material.Outlined.VerifiedUser, 'p', typeof(PermissionsPage)),
    ];

    /// <summary>The pages that open for this person: nobody is shown a door that stays shut.</summary>
    public static IReadOnlyList<NavigationItem> For(Actor actor) => [.. All.Where(item => LooksAttribute.Opens(item.Page, actor))];
}
