using MudBlazor;

namespace PsaConsole.Web.Components.Layout;

/// <summary>The console's menu: one line a page. <see cref="Key"/> is what follows <c>g</c> on the keyboard.</summary>
public sealed record NavigationItem(string Title, string Url, string Icon, char Key)
{
    public static IReadOnlyList<NavigationItem> All { get; } =
    [
        new("Today", ConsoleUrls.Today(), Icons.Material.Outlined.WbSunny, 't'),
        new("Exceptions", ConsoleUrls.Exceptions(), Icons.Material.Outlined.ReportProblem, 'e'),
        new("Approvals", ConsoleUrls.Approvals(), Icons.Material.Outlined.HowToVote, 'a'),
        new("Engagements", ConsoleUrls.Engagements(), Icons.Material.Outlined.Route, 'n'),
        new("Clients", ConsoleUrls.Clients(), Icons.Material.Outlined.Business, 'c'),
        new("Postings", ConsoleUrls.Postings(), Icons.Material.Outlined.AccountBalance, 'b'),
        new("Billing", ConsoleUrls.Billing(), Icons.Material.Outlined.ReceiptLong, 'i'),
        new("Staffing", ConsoleUrls.Staffing(), Icons.Material.Outlined.CalendarMonth, 'f'),
        new("People", ConsoleUrls.People(), Icons.Material.Outlined.People, 'o'),
        new("Systems", ConsoleUrls.Systems(), Icons.Material.Outlined.Hub, 's'),
        new("Lanes", ConsoleUrls.Lanes(), Icons.Material.Outlined.ViewStream, 'l'),
        new("Audit", ConsoleUrls.Audit(), Icons.Material.Outlined.FactCheck, 'u'),
        new("Your permissions", ConsoleUrls.Permissions(), Icons.Material.Outlined.VerifiedUser, 'p'),
    ];
}
