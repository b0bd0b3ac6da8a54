using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Audit;
using PsaConsole.Tests.Audit;
using PsaConsole.Web.Endpoints;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

public sealed class AuditPageTests(OpenConsole console, Browser browser) : IClassFixture<OpenConsole>, IClassFixture<Browser>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_auditor_finds_an_entry_checks_the_chain_and_exports_what_was_found()
    {
        await WriteAsync("deal:search-me", "=HYPERLINK(\"http://elsewhere.example\")");
        await WriteAsync("deal:other", "unrelated");
        var page = await browser.SignInAsync(console.Local, "Auditor", "/audit");

        await page.FillAsync("input[name=entity]", "deal:search");
        await page.ClickAsync(".audit-search button:has-text(\"Search\")");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        // Until the circuit is up a click would be lost.
        await page.SettleAsync();
        await page.ClickAsync("text=Check now");
        await Expect(page.Locator(".audit-chain")).ToContainTextAsync("Unbroken");

        await page.FillAsync("input[name=reason]", "yearly audit");
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("text=Export all matches"));
        var text = await File.ReadAllTextAsync(await download.PathAsync(), Token);

        Assert.Equal(2, text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("\"'=HYPERLINK(\"\"http", text, StringComparison.Ordinal);
        await using var store = console.OpenStore();
        var export = await store.AuditEntries.SingleAsync(entry => entry.Action == "audit.export" && entry.Allowed, Token);
        Assert.Equal(("sample:Auditor", "yearly audit"), (export.Actor, export.Reason));
        Assert.NotNull(export.Session);
        Assert.Contains("deal:search", export.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delivery_sees_its_own_actions_only_and_the_executive_none()
    {
        await WriteAsync("deal:of-somebody-else", "not yours");
        await WriteAsync("deal:own", "mine", "sample:DeliveryOperations");

        var delivery = await browser.SignInAsync(console.Local, "DeliveryOperations", "/audit?entity=deal:o");
        await Expect(delivery.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(delivery.Locator("tbody")).ToContainTextAsync("mine");
        await Expect(delivery.Locator("text=Check now")).ToHaveAttributeAsync("aria-disabled", "true");

        var executive = await browser.SignInAsync(console.Local, "Executive", "/audit");
        await Expect(executive.Locator("h1")).ToHaveTextAsync("Your roles don't open this page");
        await Expect(executive.Locator("main")).ToContainTextAsync("Auditor");
    }

    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+49 30", "\"'+49 30\"")]
    [InlineData("-2", "\"'-2\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("  =1", "\"'  =1\"")]
    [InlineData("a \"quoted\", line", "\"a \"\"quoted\"\", line\"")]
    [InlineData("plain", "\"plain\"")]
    [InlineData(null, "")]
    public void A_cell_is_never_a_formula(string? value, string expected) => Assert.Equal(expected, Csv.Cell(value));

    private async Task WriteAsync(string entity, string reason, string actor = "u:17")
    {
        await using var store = console.OpenStore();
        store.AuditEntries.Add(new AuditEntry { At = AuditStore.Entry(entity).At, Actor = actor, Action = "exception.retry", Entity = entity, Reason = reason });
        await store.SaveChangesAsync(Token);
    }
}
