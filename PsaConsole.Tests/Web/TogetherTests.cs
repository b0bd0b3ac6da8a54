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
    public async Task Decision_that_was_begun_before_a_colleague_acted_is_not_taken_and_says_what_came_between()
    {
        var about = await StopAsync("Deal that two decide", "HND-008");
        var page = await browser.SignInAsync(console.Local, "DeliveryOperations", $"/exceptions/{about.Id}");
        var other = await browser.SignInAsync(console.Local, "FinanceController", $"/exceptions/{about.Id}");
        await page.SettleAsync();
        await page.Keyboard.PressAsync("s");
        await page.Locator("textarea").FillAsync("It can wait");

        await other.SettleAsync();
        await other.Keyboard.PressAsync("c");
        await other.Locator("textarea").FillAsync("The client needs it today");
        await other.Locator(".action-form button[type=submit]").ClickAsync();
        // Also the page of who decides shows it by then: what counts is what they had seen when they began.
        await Expect(page.Locator(".history")).ToContainTextAsync("The client needs it today");
        await page.Locator(".action-form button[type=submit]").ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Not done, since the case has changed: Finance controller commented. Look at it again, then decide.");
        await Expect(page.Locator("textarea")).ToHaveValueAsync("It can wait");
        await page.ShootAsync("stale decision");
        await page.Locator(".action-form button[type=submit]").ClickAsync();
        await Expect(page.Locator(".history")).ToContainTextAsync("It can wait");
        await using var store = console.OpenStore();
        Assert.NotNull((await store.ExceptionCases.SingleAsync(item => item.Id == about.Id, Token)).SnoozedUntil);
        await page.Context.CloseAsync();
        await other.Context.CloseAsync();
    }

    [Fact]
    public async Task Value_is_corrected_with_its_old_one_in_sight_and_both_stay_with_the_case()
    {
        var about = await StopAsync("Deal without an order", "HND-002");
        var page = await browser.SignInAsync(console.Local, "DeliveryOperations", $"/exceptions/{about.Id}");
        await page.SettleAsync();
        await page.Keyboard.PressAsync("e");
        await page.GetByLabel("Purchase order").FillAsync("PO-4711");
        await page.Locator("textarea").FillAsync("The client sent it");
        await Expect(page.Locator(".action-form")).ToContainTextAsync("was empty");
        await page.AssertAccessibleAsync("edit and retry");
        await page.Locator(".action-form button[type=submit]").ClickAsync();

        await Expect(page.Locator(".history")).ToContainTextAsync("Purchase order: empty → PO-4711");
        await Expect(page.Locator(".history")).ToContainTextAsync("The client sent it");
        await using var store = console.OpenStore();
        var run = await store.Runs.SingleAsync(item => item.Id == about.RunId, Token);
        Assert.Contains("PO-4711", run.State, StringComparison.Ordinal);
        Assert.Equal(about.BusinessKey, run.BusinessKey);
        await page.Context.CloseAsync();
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
