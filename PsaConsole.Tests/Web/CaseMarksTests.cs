using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>A case's clock is stopped, it is labelled, and rules give cases away, all without a mouse.</summary>
public sealed class CaseMarksTests(OpenConsole console, Browser browser) : IClassFixture<OpenConsole>, IClassFixture<Browser>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ColorScheme.Light, 1400)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Case_waits_for_others_and_is_found_by_its_tag(ColorScheme scheme, int width)
    {
        long id;
        await using (var store = console.OpenStore())
        {
            var about = SampleQueue.AddStopped(store, $"Deal at the bank {width}", TimeProvider.System.GetUtcNow());
            await store.SaveChangesAsync(Token);
            id = about.Id;
        }

        var page = await browser.SignInAsync(console.Local, "FinanceController", $"/exceptions/{id}", scheme, width);
        await page.Keyboard.PressAsync("p");
        await Expect(page.Locator(".panel textarea")).ToBeFocusedAsync();
        await page.AssertAccessibleAsync("wait for others");
        await page.Locator(".panel textarea").FocusAsync();
        await page.Keyboard.TypeAsync("The bank looks for the transfer");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".marks")).ToContainTextAsync("Waits for an outside party");
        await page.Keyboard.PressAsync("t");
        await Expect(page.Locator(".action-form input[name=text]")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync($"bank-{width} https://tickets.example/OPS-77");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".marks .label")).ToHaveCountAsync(2);
        await page.AssertAccessibleAsync($"marks-{width}");
        Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth") <= 0);

        await page.Locator(".marks .label").First.ClickAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.GotoAsync($"/exceptions/{id}");
        await page.SettleAsync();
        await page.Keyboard.PressAsync("p");
        await Expect(page.Locator(".marks")).Not.ToContainTextAsync("Waits for an outside party");
        await using var after = console.OpenStore();
        Assert.Equal(["pause", "label", "resume"], await after.CaseEntries.Where(entry => entry.CaseId == id && entry.Actor != "engine").OrderBy(entry => entry.Id).Select(entry => entry.Action).ToListAsync(Token));
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1400)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Rule_is_written_and_removed(ColorScheme scheme, int width)
    {
        var page = await browser.SignInAsync(console.Local, "DeliveryOperations", "/exceptions?state=open", scheme, width);
        await page.Keyboard.PressAsync("d");
        await Expect(page.Locator("h1")).ToContainTextAsync("Assignment rules");
        await page.SettleAsync();
        await page.FillAsync("input[name=code]", "HND");
        await page.SelectOptionAsync("select[name=toTeam]", "Finance");
        await page.FillAsync("input[name=reason]", "Finance settles hand-offs this month");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.AssertAccessibleAsync($"assignment-{width}");
        Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth") <= 0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(page.GetByText("No rule gives cases away")).ToBeVisibleAsync();
    }
}
