using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Model;
using PsaConsole.Tests.Web.Api;
using PsaConsole.Web;
using PsaConsole.Web.Components.Layout;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>Nothing of another legal entity is on any page, at any pasted address, or in any list of the API (R110).</summary>
public sealed class ScopedPagesTests(OpenConsole console, Browser browser) : IClassFixture<OpenConsole>, IClassFixture<Browser>
{
    private const string Ours = "Rhine";
    private const string Theirs = "Thames";
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_page_shows_anything_of_another_legal_entity()
    {
        var foreign = await SeedAsync();
        var controller = await browser.SignInAsync(console.Local, "FinanceController", "/");
        var german = await browser.SignInAsync(console.Local, "FinanceGermany", "/");
        var met = 0;
        foreach (var url in NavigationItem.All.Select(item => item.Url).Concat([
            ConsoleUrls.Exceptions(selected: foreign.Case), ConsoleUrls.Case(foreign.Case), ConsoleUrls.Engagement(foreign.Run), $"/exceptions?q={Theirs}", $"/engagements?q={Theirs}",
            $"/approvals?q={Theirs}", $"/approvals?approval={foreign.Approval}", $"/postings?q={Theirs}", $"/people?q={Theirs}", "/people/E-thames", "/audit?entity=case:"]))
        {
            met += (await TextAsync(controller, url)).Contains(Theirs, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
            Assert.DoesNotContain(Theirs, Shown(await TextAsync(german, url)), StringComparison.OrdinalIgnoreCase);
        }

        // The unscoped controller meets it on most of them: the pages do show such things.
        Assert.True(met >= 9, $"it was on {met} pages only");
        Assert.Contains(Ours, await TextAsync(german, "/exceptions"), StringComparison.Ordinal);
        Assert.Contains("Not there for you", await TextAsync(german, ConsoleUrls.Case(foreign.Case)), StringComparison.Ordinal);
        Assert.Contains("Not there for you", await TextAsync(german, ConsoleUrls.Engagement(foreign.Run)), StringComparison.Ordinal);
        Assert.Contains("Legal entity DE01. What belongs elsewhere is not shown to you", await TextAsync(german, "/permissions"), StringComparison.Ordinal);
        await controller.Context.CloseAsync();
        await german.Context.CloseAsync();
    }

    [Fact]
    public async Task No_list_of_the_api_has_anything_of_another_legal_entity()
    {
        var foreign = await SeedAsync();
        using var whole = await ApiProgram.WithRolesAsync(console.Local, console.Connection, Roles.FinanceController);
        using var german = await ApiProgram.WithScopeAsync(console.Local, console.Connection, new DataScope { LegalEntities = ["DE01"] }, Roles.FinanceController);
        var paths = (await whole.GetAsync("/api/v1/openapi.json")).Body["paths"]!.AsObject();
        var lists = paths.Where(path => path.Value!["get"] is not null && !path.Key.Contains('{', StringComparison.Ordinal)).Select(path => path.Key).ToList();
        Assert.True(lists.Count >= 4, string.Join(", ", lists));
        foreach (var list in lists)
        {
            Assert.DoesNotContain(Theirs, (await german.GetAsync(list)).Text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains(Theirs, (await whole.GetAsync("/api/v1/exceptions")).Text, StringComparison.Ordinal);
        Assert.Contains(Ours, (await german.GetAsync("/api/v1/exceptions")).Text, StringComparison.Ordinal);
        foreach (var pasted in new[] { $"/api/v1/exceptions/{foreign.Case}", $"/api/v1/approvals/{foreign.Approval}", $"/api/v1/journeys/{foreign.Run}", $"/api/v1/journeys/{foreign.Number}" })
        {
            Assert.Equal(200, (await whole.GetAsync(pasted)).Status);
            var reply = await german.GetAsync(pasted);
            Assert.Equal(404, reply.Status);
            Assert.DoesNotContain(Theirs, reply.Text, StringComparison.OrdinalIgnoreCase);
        }

        var refused = await german.PostAsync($"/api/v1/exceptions/{foreign.Case}/actions", new { action = "Comment", version = 0, reason = "let me in" }, Guid.NewGuid().ToString("n"));
        Assert.Equal((403, "It is outside of your scope, which is legal entity DE01."), (refused.Status, refused.Problem));
    }

    // What somebody typed into a search stays in its field, and is theirs.
    private static string Shown(string text) => text.Replace($"q={Theirs}", "", StringComparison.OrdinalIgnoreCase).Replace($"“{Theirs}”", "", StringComparison.OrdinalIgnoreCase);

    private static async Task<string> TextAsync(IPage page, string url)
    {
        await page.GotoAsync(url);
        await Expect(page.Locator("h1")).ToBeVisibleAsync();
        await page.SettleAsync();
        return await page.Locator("#content").InnerTextAsync();
    }

    private async Task<(long Case, long Approval, Guid Run, string Number)> SeedAsync()
    {
        await using var store = console.OpenStore();
        var name = Guid.NewGuid().ToString("n")[..6];
        foreach (var (river, entity) in new[] { (Ours, "DE01"), (Theirs, "GB01") })
        {
            var about = SampleQueue.AddStopped(store, $"{river} stopped {name}", entity, Now);
            var approval = SampleQueue.AddWaiting(store, $"{river} large {name}", entity, Now);
            SampleQueue.AddTime(store, $"8 h of {river} {name}", entity, posted: false, Now);
            if (!await store.People.AnyAsync(person => person.EmployeeId == $"E-{river.ToLowerInvariant()}", Token))
            {
                store.People.Add(new PersonRow
                {
                    Id = Guid.CreateVersion7(),
                    EmployeeId = $"E-{river.ToLowerInvariant()}",
                    Name = $"{river} Person",
                    LegalEntity = entity,
                    Standing = PersonStanding.Active,
                    Employments = "[]",
                    CreatedAt = Now,
                });
            }

            await store.SaveChangesAsync(Token);
            store.AuditEntries.Add(new() { At = Now, Actor = "engine", Action = "step.done", Entity = $"case:{about.Id}", Reason = $"{river} was looked at" });
            await store.SaveChangesAsync(Token);
            if (river == Theirs)
            {
                var number = await store.Engagements.Where(item => item.RunId == about.RunId).Select(item => item.Number).SingleAsync(Token);
                return (about.Id, approval.Id, about.RunId!.Value, number);
            }
        }

        throw new InvalidOperationException("There are two rivers.");
    }
}
