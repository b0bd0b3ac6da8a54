using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Workflows;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>Two people at one case see each other, and whoever dismissed one can think again.</summary>
public sealed class TogetherTests(OpenConsole console, Browser browser) : IClassFixture<OpenConsole>, IClassFixture<Browser>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_people_see_that_the_other_has_the_case_open_and_begins_to_act()
    {
        var about = await StopAsync("Deal of two", "HND-008");
        var page = await browser.SignInAsync(console.Local, "FinanceController", $"/exceptions/{about.Id}");
        var other = await browser.SignInAsync(console.Local, "DeliveryOperations", $"/exceptions/{about.Id}");
        await Expect(page.Locator(".presence")).ToContainTextAsync("Delivery operations has it open");
        await Expect(other.Locator(".presence")).ToContainTextAsync("Finance controller has it open");

        await other.Keyboard.PressAsync("c");
        await Expect(page.Locator(".presence")).ToContainTextAsync("is acting on it");
        await page.AssertAccessibleAsync("presence");
        await other.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.Locator(".presence")).ToContainTextAsync("has it open");
        await other.Context.CloseAsync();

        await Expect(page.Locator(".presence .chip")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Skipped_case_is_taken_back_with_a_key_before_its_run_goes_on()
    {
        var about = await StopAsync("Deal that is wanted after all", "HND-006");
        var page = await browser.SignInAsync(console.Local, "DeliveryOperations", $"/exceptions/{about.Id}");
        await page.Keyboard.PressAsync("l");
        await Expect(page.Locator("textarea")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("It is the old one");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".undo")).ToBeVisibleAsync();
        await Expect(page.Locator(".mud-snackbar")).ToContainTextAsync("Take it back");
        await page.ShootAsync("undo");
        await page.Keyboard.PressAsync("z");

        await Expect(page.Locator(".history")).ToContainTextAsync("took that back");
        await Expect(page.Locator(".case-meta .chip").First).ToContainTextAsync("Needs a person");
        await using var store = console.OpenStore();
        var stands = await store.ExceptionCases.SingleAsync(item => item.Id == about.Id, Token);
        var run = await store.Runs.Include(item => item.Steps).SingleAsync(item => item.Id == about.RunId, Token);
        Assert.Equal((CaseStatus.Open, null, RunStatus.Parked), (stands.Status, stands.ClosedAt, run.Status));
        Assert.Contains(run.Steps, step => step.Key == about.StepKey && step.Status == StepStatus.Failed);
    }

    [Fact]
    public async Task Whoever_comes_back_is_told_what_they_missed()
    {
        var page = await browser.SignInAsync(console.Local, "DeliveryOperations", "/exceptions?state=open");
        await StopAsync("Deal of the night", "HND-008");
        await using (var store = console.OpenStore())
        {
            await store.Visits.Where(visit => visit.Person == "sample:DeliveryOperations").ExecuteUpdateAsync(set => set.SetProperty(visit => visit.SeenAt, TimeProvider.System.GetUtcNow().AddHours(-9)), Token);
        }

        await page.GotoAsync("/exceptions?state=open");
        await Expect(page.Locator(".hand-over")).ToContainTextAsync("new");
        await page.AssertAccessibleAsync("hand-over");
        await page.GotoAsync("/");
        await Expect(page.Locator(".hand-over")).ToContainTextAsync("new");
    }

    private async Task<ExceptionCase> StopAsync(string title, string code)
    {
        await using var store = console.OpenStore();
        var now = TimeProvider.System.GetUtcNow();
        var about = SampleQueue.AddStopped(store, title, now);
        await store.SaveChangesAsync(Token);
        await store.Database.ExecuteSqlAsync($"update exception_case set code = {code} where id = {about.Id}", Token);
        return about;
    }
}
