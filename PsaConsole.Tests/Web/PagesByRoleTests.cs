using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using PsaConsole.Web;
using PsaConsole.Web.Components.Layout;

namespace PsaConsole.Tests.Web;

/// <summary>Every page opens for exactly those whom domain/9 §9.1 lets look at what is on it, and the menu shows nobody a door that stays shut.</summary>
public sealed partial class PagesByRoleTests(OpenConsole console) : IClassFixture<OpenConsole>
{
    // By the lines "dashboards", "exception: view", "see person availability detail" and "audit log" of the document: sums (r agg) are on Today, not in lists.
    private const string Table =
        """
        Page                       | EX | DO | RM | PM | FO | FC | HR | IA | SA | GB | AU
        /                          | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
        /permissions               | x  | x  | x  | x  | x  | x  | x  | x  | x  | x  | x
        /exceptions                | -  | x  | x  | x  | x  | x  | x  | x  | x  | -  | x
        /exceptions/17             | -  | x  | x  | x  | x  | x  | x  | x  | x  | -  | x
        /exceptions/assignment     | -  | x  | x  | x  | x  | x  | x  | x  | x  | -  | x
        /exceptions/groups         | -  | x  | x  | x  | x  | x  | x  | x  | x  | -  | x
        /exceptions/groups/17      | -  | x  | x  | x  | x  | x  | x  | x  | x  | -  | x
        /approvals                 | x  | x  | x  | x  | x  | x  | -  | x  | -  | x  | x
        /engagements               | x  | x  | x  | x  | x  | x  | -  | x  | -  | x  | x
        /engagements/17            | x  | x  | x  | x  | x  | x  | -  | x  | -  | x  | x
        /clients                   | x  | x  | x  | x  | x  | x  | -  | x  | -  | x  | x
        /clients/{guid}            | x  | x  | x  | x  | x  | x  | -  | x  | -  | x  | x
        /postings                  | x  | x  | x  | x  | x  | x  | -  | x  | -  | x  | x
        /billing                   | x  | x  | x  | x  | x  | x  | -  | x  | -  | x  | x
        /systems                   | x  | x  | x  | x  | x  | x  | -  | x  | -  | x  | x
        /lanes                     | x  | x  | x  | x  | x  | x  | -  | x  | -  | x  | x
        /people                    | x  | x  | x  | x  | x  | x  | x  | x  | -  | x  | x
        /people/17                 | x  | x  | x  | x  | x  | x  | x  | x  | -  | x  | x
        /staffing                  | -  | x  | x  | x  | -  | -  | x  | -  | -  | -  | x
        /audit                     | -  | x  | x  | x  | x  | x  | x  | x  | x  | -  | x
        """;

    private static readonly string[] Roles =
    [
        "Executive", "DeliveryOperations", "ResourceManager", "ProjectManager", "FinanceOperations", "FinanceController", "HrPartner",
        "IntegrationAdministrator", "SecurityAdministrator", "GovernanceBoard", "Auditor",
    ];

    private static readonly Dictionary<string, bool[]> Opens = Table.Split('\n').Skip(1)
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(cells => cells[0].Replace("{guid}", Guid.Empty.ToString(), StringComparison.Ordinal), cells => cells[1..].Select(cell => cell == "x").ToArray());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_page_opens_for_exactly_the_roles_that_may_look_at_it()
    {
        foreach (var (role, at) in Roles.Select((role, at) => (role, at)))
        {
            using var client = console.NewClient();
            using var signedIn = await client.SignInAsync(role, "/");
            foreach (var (url, opens) in Opens)
            {
                using var answer = await client.GetAsync(url, Token);
                var isRefused = answer.Headers.Location?.PathAndQuery.StartsWith("/failure/403", StringComparison.Ordinal) is true;
                Assert.True(opens[at] != isRefused, $"{url} for {role}: {(int)answer.StatusCode} {answer.Headers.Location}, expected to {(opens[at] ? "open" : "stay shut")}");
                Assert.True(isRefused || answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{url} for {role}: {(int)answer.StatusCode}");
            }

            var today = await client.GetStringAsync("/", Token);
            var menu = MenuKey().Matches(today).Select(match => match.Groups[1].Value[0]).ToHashSet();
            Assert.Equal(NavigationItem.All.Where(item => Opens[item.Url][at]).Select(item => item.Key).Order(), menu.Order());
        }
    }

    [Fact]
    public void No_page_is_missing_in_the_table()
    {
        var routes = typeof(ConsoleUrls).Assembly.GetTypes()
            .Where(page => page.GetCustomAttribute<AllowAnonymousAttribute>() is null)
            .SelectMany(page => page.GetCustomAttributes<RouteAttribute>())
            .Select(route => Placeholder().Replace(route.Template, match => match.Value.Contains("guid", StringComparison.Ordinal) ? Guid.Empty.ToString() : "17"));

        Assert.Equal(routes.Order(), Opens.Keys.Order());
    }

    [Fact]
    public async Task Whoever_is_refused_a_page_is_told_whom_it_opens_for()
    {
        using var client = console.NewClient();
        using var signedIn = await client.SignInAsync("Executive", "/");
        using var refused = await client.GetAsync("/exceptions?q=secret", Token);

        var page = WebUtility.HtmlDecode(await client.GetStringAsync(refused.Headers.Location, Token));

        Assert.Contains("Exceptions opens for: Delivery operations, Resource manager, Project manager", page, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", page, StringComparison.Ordinal);
    }

    [GeneratedRegex("data-go=\"(.)\"")]
    private static partial Regex MenuKey();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Placeholder();
}
