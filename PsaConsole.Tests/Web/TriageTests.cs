using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Exceptions.Groups;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>The last day of the month: a long queue, few causes, and hands that stay on the keyboard.</summary>
public sealed class TriageTests(OpenConsole console, Browser browser) : IClassFixture<OpenConsole>, IClassFixture<Browser>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_cases_of_three_causes_are_cleared_with_keys_only()
    {
        (string Code, int Count)[] causes = [("INT-904", 6_000), ("HND-006", 3_000), ("INT-906", 1_000)];
        foreach (var (code, count) in causes)
        {
            await RaiseAsync(code, count);
        }

        var page = await browser.SignInAsync(console.Local, "DeliveryOperations", "/exceptions");
        for (var cleared = 1; cleared <= causes.Length; cleared++)
        {
            // Whichever cause comes first is cleared first.
            await page.GotoAsync("/exceptions");
            await page.SettleAsync();
            await Expect(page.Locator("tbody tr")).ToHaveCountAsync(50);
            var code = await page.Locator(".group-card .code-chip").First.InnerTextAsync();
            await page.Keyboard.PressAsync("1");
            await Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(code)));
            await Expect(page.Locator(".group-card[aria-current=true]")).ToBeVisibleAsync();
            await page.Keyboard.PressAsync("m");
            await Expect(page.Locator(".selection-count")).ToContainTextAsync(Number(causes.Single(cause => cause.Code == code).Count) + " selected");
            await page.Keyboard.PressAsync("l");
            await Expect(page.Locator(".selection textarea")).ToBeFocusedAsync();
            await Expect(page.Locator(".group-preview")).ToContainTextAsync("It stops by itself");
            await page.AssertAccessibleAsync("selection of " + code);
            await page.Locator(".selection textarea").FocusAsync();
            await page.Keyboard.TypeAsync("The old system is switched off");
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.Locator(".selection")).ToBeHiddenAsync();
            await Expect(page.Locator(".group-strip li").GetByText("Ended")).ToHaveCountAsync(cleared, new() { Timeout = 240_000 });
        }

        // Opened anew: what a message says while it fades is of no account.
        await page.GotoAsync((await page.Locator(".group-strip a").First.GetAttributeAsync("href"))!);
        await page.SettleAsync();
        await Expect(page.Locator(".group-sum")).ToContainTextAsync("Verified");
        await page.AssertAccessibleAsync("report of a group");
        await page.GotoAsync("/exceptions");
        await Expect(page.GetByText("Nothing needs a person")).ToBeVisibleAsync();
        await using var store = console.OpenStore();
        Assert.Equal(10_000, await store.ExceptionCases.CountAsync(item => item.Status == CaseStatus.Waived, Token));
        foreach (var group in await store.GroupActions.ToListAsync(Token))
        {
            var counts = await store.GroupMembers.Where(member => member.GroupId == group.Id).CountAsync(Token);
            Assert.Equal((group.Requested, group.Requested), (counts.Verified, counts.Total));
        }
    }

    private async Task RaiseAsync(string code, int count)
    {
        await using var store = console.OpenStore();
        await store.Database.ExecuteSqlAsync(
            $$"""
            insert into exception_case (code, business_key, subject, message, findings, severity, owner_group, status, occurrences, raised_at, last_seen_at, due_at, version, exposure, exposure_currency)
            select {{code}}, {{code}} || ':' || n, 'Deal ' || n, 'The answer of record ' || n || ' can''t be read.', '[]', 'High', 'IntegrationAdministration', 'Open', 1, now(), now(), now() + n * interval '1 minute', 0, 100, 'EUR'
            from generate_series(1, {{count}}) as n
            """,
            Token);
    }

    private static string Number(int count) => count.ToString("N0", CultureInfo.GetCultureInfo("en-GB"));
}
