using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Store;
using PsaConsole.Tests.Web.Api;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>Signing in with a real OpenID provider, in a real browser, through the console's own process.</summary>
public sealed class ProviderSignInTests(PostgresFixture postgres, Browser browser) : IClassFixture<Browser>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task People_sign_in_with_any_openid_provider_and_have_the_roles_that_it_says()
    {
        Uri? address = null;
        await using var provider = await OpenIdProvider.StartAsync(() => address);
        await using var console = await StartAsync(provider, Settings(provider));
        address = console.Process.Address;

        var page = await SignInAsync(address, "Ada", "/permissions");
        await Expect(page.Locator(".answers")).ToContainTextAsync("Delivery operations");
        await Expect(page.Locator(".answers")).ToContainTextAsync("Finance operations");
        await Expect(page.Locator(".user-menu")).ToContainTextAsync("Ada Sample");
        Assert.Contains(await SessionsAsync(console.Connection), entry => entry is ("provider|Ada", "session.begun"));

        await page.ClickAsync(".user-menu summary");
        await page.ClickAsync(".user-card .link-button");
        await Expect(page).ToHaveURLAsync(new Regex("/sign-in$"));
        Assert.True(provider.HasEnded);
        await page.GotoAsync("/permissions");
        await Expect(page).ToHaveURLAsync(new Regex("/sign-in"));
        Assert.Contains(await SessionsAsync(console.Connection), entry => entry is ("provider|Ada", "session.ended"));
    }

    [Fact]
    public async Task People_of_an_entra_tenant_sign_in_through_its_own_library()
    {
        const string tenant = "7d5f9c1e-0a54-4e0c-9a43-2f1f5f0c1d11";
        Uri? address = null;
        await using var provider = await OpenIdProvider.StartAsync(() => address, tenant);
        await using var console = await StartAsync(provider, new()
        {
            ["SignIn__Mode"] = "EntraId",
            ["SignIn__EntraId__Instance"] = provider.Address.ToString(),
            ["SignIn__EntraId__TenantId"] = tenant,
            ["SignIn__EntraId__ClientId"] = OpenIdProvider.ClientId,
            ["SignIn__EntraId__ClientSecret"] = OpenIdProvider.ClientSecret,
        });
        address = console.Process.Address;

        var page = await SignInAsync(address, "Ada", "/permissions");
        await Expect(page.Locator(".answers dt").First).ToHaveTextAsync("Delivery operations");
        Assert.Contains(await SessionsAsync(console.Connection), entry => entry is ("entra|Ada", "session.begun"));
    }

    [Fact]
    public async Task Session_that_is_ended_elsewhere_closes_its_pages_and_opens_nothing_any_more()
    {
        Uri? address = null;
        await using var provider = await OpenIdProvider.StartAsync(() => address);
        await using var console = await StartAsync(provider, Settings(provider));
        address = console.Process.Address;
        var office = await SignInAsync(address, "Ada", "/exceptions");
        var home = await SignInAsync(address, "Ada", "/permissions");
        await Expect(home.GetByText("this one")).ToHaveCountAsync(1);
        await home.AssertAccessibleAsync("sessions");

        await home.GetByRole(AriaRole.Button, new() { Name = "End the session of Ada Sample" }).ClickAsync();
        await home.GetByRole(AriaRole.Button, new() { Name = "End it" }).ClickAsync();

        // The open page hears of it without being touched.
        await Expect(office).ToHaveURLAsync(new Regex("/sign-in"));
        await office.GotoAsync("/exceptions");
        await Expect(office).ToHaveURLAsync(new Regex("/sign-in"));
        await Expect(home.GetByRole(AriaRole.Button, new() { Name = "End the session of Ada Sample" })).ToHaveCountAsync(0);
        await home.GotoAsync("/exceptions");
        await Expect(home.Locator("h1")).ToHaveTextAsync("Exceptions");
    }

    [Fact]
    public async Task Who_has_no_role_or_two_that_must_not_meet_sees_the_console_and_changes_nothing()
    {
        Uri? address = null;
        await using var provider = await OpenIdProvider.StartAsync(() => address);
        await using var console = await StartAsync(provider, Settings(provider));
        address = console.Process.Address;

        foreach (var person in new[] { "Bob", "Eve" })
        {
            var page = await SignInAsync(address, person, "/permissions");
            await Expect(page.GetByText("You have no role yet")).ToBeVisibleAsync();
            await page.Context.CloseAsync();
        }

        await using var store = Open(console.Connection);
        Assert.Equal("provider|Eve", (await store.AuditEntries.SingleAsync(entry => entry.Action == "access.grant" && !entry.Allowed, Token)).Actor);
        Assert.True(await store.ExceptionCases.AnyAsync(item => item.Code == "GOV-951", Token));
    }

    [Fact]
    public async Task Person_decides_through_the_api_with_a_token_of_the_provider()
    {
        Uri? address = null;
        await using var provider = await OpenIdProvider.StartAsync(() => address);
        await using var console = await StartAsync(provider, new(Settings(provider)) { ["SignIn__Api__Audience"] = OpenIdProvider.ApiAudience, ["SignIn__Roles__FinanceController__0"] = "finance-team" });
        address = console.Process.Address;
        Approval waiting;
        await using (var store = Open(console.Connection))
        {
            waiting = SampleQueue.AddWaiting(store, "Decided elsewhere", TimeProvider.System.GetUtcNow());
            await store.SaveChangesAsync(Token);
        }

        using var ada = ApiProgram.With(address, await provider.TokenOfAsync("Ada", address));
        using var bob = ApiProgram.With(address, await provider.TokenOfAsync("Bob", address));
        using var robot = await ApiProgram.WithRolesAsync(address, console.Connection, Engine.Access.Roles.FinanceController);
        var (path, decision) = ($"/api/v1/approvals/{waiting.Id}/decision", new { approve = true, version = waiting.Version, reason = "The margin is right." });
        Assert.Equal(403, (await bob.PostAsync(path, decision, "bob")).Status);
        var notAPerson = await robot.PostAsync(path, decision, "robot");
        Assert.Equal((403, true), (notAPerson.Status, notAPerson.Problem.Contains("a person's decision", StringComparison.Ordinal)));

        var decided = await ada.PostAsync(path, decision, "ada");

        Assert.Equal((200, "Approved"), (decided.Status, decided.Body["status"]?.GetValue<string>()));
        using var forged = ApiProgram.With(address, string.Join('.', (await provider.TokenOfAsync("Ada", address)).Split('.')[..2]) + ".AAAA");
        Assert.Equal(401, (await forged.GetAsync("/api/v1/approvals")).Status);
        await using var after = Open(console.Connection);
        Assert.Equal("provider|Ada", (await after.AuditEntries.SingleAsync(entry => entry.Action == "approval.approve" && entry.Allowed, Token)).Actor);
    }

    private static Dictionary<string, string> Settings(OpenIdProvider provider) => new()
    {
        ["SignIn__Mode"] = "OpenIdConnect",
        ["SignIn__OpenIdConnect__Authority"] = provider.Address.ToString(),
        ["SignIn__OpenIdConnect__ClientId"] = OpenIdProvider.ClientId,
        ["SignIn__OpenIdConnect__ClientSecret"] = OpenIdProvider.ClientSecret,
        ["SignIn__Roles__FinanceOperations__0"] = "finance-team",
    };

    private async Task<Running> StartAsync(OpenIdProvider provider, Dictionary<string, string> settings)
    {
        var connection = await postgres.CreateDatabaseAsync();
        settings["SSL_CERT_FILE"] = provider.Certificate;
        settings["ConnectionStrings__PsaConsole"] = connection;
        return new Running(await ConsoleProcess.StartAsync(settings, Token), connection);
    }

    private async Task<IPage> SignInAsync(Uri console, string person, string path)
    {
        var page = await browser.OpenAsync(console);
        await page.GotoAsync(path);
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue" }).ClickAsync();
        await page.ClickAsync($"#{person}");
        await Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(path)));
        await page.SettleAsync();
        return page;
    }

    private static async Task<List<(string Actor, string Action)>> SessionsAsync(string connection)
    {
        await using var store = Open(connection);
        return [.. (await store.AuditEntries.Where(entry => entry.Action.StartsWith("session.")).ToListAsync(Token)).Select(entry => (entry.Actor, entry.Action))];
    }

    private static EngineDbContext Open(string connection) => new(new DbContextOptionsBuilder<EngineDbContext>().UseNpgsql(connection).Options);

    private sealed record Running(ConsoleProcess Process, string Connection) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Process.DisposeAsync();
    }
}
