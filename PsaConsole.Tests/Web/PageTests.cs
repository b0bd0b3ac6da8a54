using System.Text.RegularExpressions;
using PsaConsole.Engine.Exceptions;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

public sealed class PageTests(OpenConsole console, Browser browser) : IClassFixture<OpenConsole>, IClassFixture<Browser>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    // Every page of the menu is looked at in AlbumTests: here are the states that it does not come by.
    [Theory]
    [InlineData("/engagements?state=moving")]
    [InlineData("/exceptions?state=settled")]
    [InlineData("/people/E0001")]
    [InlineData("/approvals?state=decided")]
    [InlineData("/exceptions/987654")]
    public async Task A_page_has_no_accessibility_violations_in_either_theme(string path)
    {
        await StopAsync("Accessible deal");
        var page = await browser.SignInAsync(console.Local, "DeliveryOperations", path);
        await Expect(page.Locator("h1")).ToBeVisibleAsync();

        await page.InEachThemeAsync(scheme => page.AssertAccessibleAsync($"{path} {scheme}"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_case_says_what_why_and_what_to_do_and_is_accessible()
    {
        var about = await StopAsync("Deal with a case");
        var page = await browser.SignInAsync(console.Local, "FinanceOperations", $"/exceptions/{about.Id}");

        await Expect(page.GetByText("lacks its tax code").First).ToBeVisibleAsync();
        await Expect(page.Locator(".comparison .differs").First).ToContainTextAsync("Tax code");
        await Expect(page.GetByText("345,000.00 EUR waits")).ToBeVisibleAsync();
        await page.AssertAccessibleAsync("case");
    }

    [Fact]
    public async Task Hostile_text_of_a_record_is_shown_and_never_run()
    {
        const string Hostile = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script><b>Deal</b>";
        ExceptionCase about;
        await using (var store = console.OpenStore())
        {
            about = SampleQueue.AddStopped(store, Hostile, Now);
            about.Message = $"The name {Hostile} is refused.";
            about.Labels = "<i>tag</i>";
            about.History.Add(new CaseEntry { At = Now, Actor = "<u>someone</u>", Action = "comment", Text = Hostile });
            SampleQueue.AddWaiting(store, Hostile, Now);
            SampleQueue.AddTime(store, Hostile, posted: false, Now);
            await store.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var page = await browser.SignInAsync(console.Local, "FinanceController", "/");
        foreach (var url in new[] { "/", $"/exceptions/{about.Id}", "/exceptions?q=hacked", "/engagements?q=hacked", "/approvals?q=hacked", "/postings?q=hacked", $"/engagements/{about.RunId}" })
        {
            await page.GotoAsync(url);
            await page.SettleAsync();
            await Expect(page.GetByText("<script>window.hacked=1</script>").First).ToBeVisibleAsync();
            Assert.False(await page.EvaluateAsync<bool>("() => 'hacked' in window || document.querySelector('#content img[src=x], #content script, #content b') !== null"), $"{url} ran it, or made elements of it.");
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_comment_is_written_by_keyboard_and_stays_with_the_case()
    {
        var about = await StopAsync("Deal to talk about");
        var page = await browser.SignInAsync(console.Local, "DeliveryOperations", $"/exceptions/{about.Id}");

        await page.Keyboard.PressAsync("c");
        await Expect(page.Locator("textarea")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("The form is being restored");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator(".history")).ToContainTextAsync("The form is being restored");
        await using var store = console.OpenStore();
        Assert.Contains(store.CaseEntries, entry => entry.CaseId == about.Id && entry.Actor == "sample:DeliveryOperations" && entry.Action == "comment");
    }

    [Fact]
    public async Task Somebody_who_may_not_retry_is_told_who_may()
    {
        var about = await StopAsync("Deal that an auditor looks at");
        var page = await browser.SignInAsync(console.Local, "Auditor", $"/exceptions/{about.Id}");

        await page.Keyboard.PressAsync("r");

        await Expect(page.Locator(".action-why")).ToContainTextAsync("Needs the role");
    }

    [Fact]
    public async Task The_list_opens_a_case_beside_it_and_the_address_says_so()
    {
        var about = await StopAsync("Deal in the list");
        var page = await browser.SignInAsync(console.Local, "DeliveryOperations", $"/exceptions?q={Uri.EscapeDataString("Deal in the list")}");

        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("o");

        await Expect(page).ToHaveURLAsync(new Regex($"case={about.Id}"));
        await Expect(page.Locator(".pane .case-sentence")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(page.Locator(".pane .case-sentence")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Case_is_put_off_with_a_key_and_woken_with_another()
    {
        var subject = (await StopAsync("Deal for later")).Subject;
        var page = await browser.SignInAsync(console.Local, "FinanceOperations", $"/exceptions?q={Uri.EscapeDataString(subject)}");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("o");
        await Expect(page.Locator(".pane .case-sentence")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("s");
        await Expect(page.Locator(".pane textarea")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Waits for the steering committee");
        await page.AssertAccessibleAsync("snooze");
        await page.Locator(".pane textarea").FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("No case matches")).ToBeVisibleAsync();

        await page.GotoAsync($"/exceptions?state=snoozed&q={Uri.EscapeDataString(subject)}");
        await page.SettleAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("x");
        await Expect(page.Locator(".selection-count")).ToContainTextAsync("1 selected");
        await page.Keyboard.PressAsync("s");
        await Expect(page.Locator(".selection textarea")).ToBeFocusedAsync();
        await Expect(page.Locator(".group-preview")).ToContainTextAsync("1 of 1 will be asked");
        await page.Keyboard.TypeAsync("They met");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".group-strip li").First).ToContainTextAsync("Ended");

        await page.GotoAsync($"/exceptions?q={Uri.EscapeDataString(subject)}");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_case_that_settles_while_it_is_looked_at_says_so_in_place()
    {
        var about = await StopAsync("Deal that settles");
        var page = await browser.SignInAsync(console.Local, "DeliveryOperations", $"/exceptions/{about.Id}");

        await using (var store = console.OpenStore())
        {
            var found = await store.ExceptionCases.FindAsync([about.Id], TestContext.Current.CancellationToken);
            found!.Status = CaseStatus.Resolved;
            found.ClosedAt = Now;
            await store.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await console.TellAsync("case", about.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));

        await Expect(page.Locator(".case-meta .chip")).ToContainTextAsync("Resolved");
    }

    [Fact]
    public async Task New_engagements_wait_behind_a_count_and_nothing_moves()
    {
        await using (var store = console.OpenStore())
        {
            SampleQueue.AddVerified(store, "Fresh: first", Now);
            await store.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var page = await browser.SignInAsync(console.Local, "DeliveryOperations", "/engagements?q=Fresh");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);

        await using (var store = console.OpenStore())
        {
            var second = SampleQueue.AddVerified(store, "Fresh: second", Now);
            await store.SaveChangesAsync(TestContext.Current.CancellationToken);
            await console.TellAsync("run", second.Id.ToString());
        }

        await Expect(page.Locator(".fresh-rows")).ToContainTextAsync("1 new");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.ClickAsync(".fresh-rows");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Pages_fit_a_phone()
    {
        var about = await StopAsync("Deal on a phone");
        var page = await browser.SignInAsync(console.Local, "DeliveryOperations", "/", width: 360);
        foreach (var path in new[] { "/", "/engagements", "/exceptions", $"/exceptions?case={about.Id}", $"/engagements/{about.RunId}", "/systems", "/permissions" })
        {
            await page.GotoAsync(path);
            await Expect(page.Locator("h1")).ToBeVisibleAsync();

            var overflow = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth");
            Assert.True(overflow <= 0, $"{path} is {overflow} pixels wider than the phone.");
        }
    }

    private async Task<ExceptionCase> StopAsync(string title)
    {
        await using var store = console.OpenStore();
        var about = SampleQueue.AddStopped(store, title, Now);
        await store.SaveChangesAsync(TestContext.Current.CancellationToken);
        return about;
    }
}
