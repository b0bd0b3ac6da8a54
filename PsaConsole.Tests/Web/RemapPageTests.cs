using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PsaConsole.Engine.Exceptions;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>One writes a rule from a case, another puts it in force, both without a mouse.</summary>
public sealed class RemapPageTests(OpenConsole console, Browser browser) : IClassFixture<OpenConsole>, IClassFixture<Browser>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Value_is_mapped_from_its_case_and_put_in_force_by_a_second_person()
    {
        var about = await RaiseAsync();
        var page = await browser.SignInAsync(console.Local, "ResourceManager", $"/exceptions/{about}");
        await page.Keyboard.PressAsync("v");
        await Expect(page.Locator(".remap select")).ToBeFocusedAsync();
        await Expect(page.Locator(".remap .group-preview")).ToContainTextAsync("3 of 3");
        await page.AssertAccessibleAsync("remap");
        await page.Locator(".remap select").FocusAsync();
        await page.Keyboard.TypeAsync("Arch");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("A new job family");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".remap")).ToContainTextAsync("It waits for a second person");

        var second = await browser.SignInAsync(console.Local, "FinanceController", "/exceptions");
        await second.Locator(".group-strip a").First.ClickAsync();
        await Expect(second.Locator(".remap")).ToContainTextAsync("Decide on the rule");
        await second.SettleAsync();
        await second.Keyboard.PressAsync("v");
        await Expect(second.Locator(".remap textarea")).ToBeFocusedAsync();
        await Expect(second.Locator(".remap .group-preview")).ToContainTextAsync("Architect");
        await second.AssertAccessibleAsync("decide on the rule");
        await second.Locator(".remap textarea").FocusAsync();
        await second.Keyboard.TypeAsync("Agreed");
        await second.Keyboard.PressAsync("Tab");
        await second.Keyboard.PressAsync("Enter");
        await Expect(second.Locator(".remap")).ToContainTextAsync(new Regex("3 cases are retried"));

        await using var store = console.OpenStore();
        var rules = await store.MappingSets.Where(set => set.Name == "person.role" && set.Version == 2).Select(set => set.Rules).SingleAsync(Token);
        Assert.Matches("\"Juggler\": ?\"Architect\"", rules);
        Assert.Equal(3, (await store.GroupActions.SingleAsync(Token)).Requested);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1400)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Form_fits_its_screen(ColorScheme scheme, int width)
    {
        var about = await RaiseAsync("Acrobat" + width.ToString(CultureInfo.InvariantCulture));
        var page = await browser.SignInAsync(console.Local, "ResourceManager", $"/exceptions/{about}", scheme, width);
        await page.Keyboard.PressAsync("v");
        await Expect(page.Locator(".remap select")).ToBeFocusedAsync();
        await page.AssertAccessibleAsync($"remap-{width}");
        Assert.True(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth") <= 0);
    }

    private async Task<long> RaiseAsync(string job = "Juggler")
    {
        await using var store = console.OpenStore();
        var cases = Enumerable.Range(1, 3).Select(number => new ExceptionCase
        {
            Code = "RES-201",
            BusinessKey = $"consultant:{job}:{number}",
            Subject = $"Nova {job} {number}",
            Message = $"Nova {number} is billable, but the job profile {job} has no billable role. Map it in person.role, or correct the worker in HR.",
            Findings = $$$"""[{"policy":"3c","code":"RES-201","subject":"Nova","message":"No role.","unmapped":{"set":"person.role","field":"role","value":"{{{job}}}"}}]""",
            Severity = nameof(CaseSeverity.Medium),
            OwnerGroup = nameof(CaseOwner.ResourceManagement),
            RaisedAt = TimeProvider.System.GetUtcNow(),
            DueAt = TimeProvider.System.GetUtcNow().AddHours(5),
        }).ToList();
        store.ExceptionCases.AddRange(cases);
        await store.SaveChangesAsync(Token);
        return cases[0].Id;
    }
}
