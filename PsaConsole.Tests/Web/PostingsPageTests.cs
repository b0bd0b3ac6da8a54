using System.Text.RegularExpressions;
using ClosedXML.Excel;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PsaConsole.Engine.Workflows;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

public sealed class PostingsPageTests(OpenConsole console, Browser browser) : IClassFixture<OpenConsole>, IClassFixture<Browser>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Posted_time_opens_by_keyboard_and_says_why_it_has_its_amount()
    {
        var run = await AddAsync("8 h of Ada Keys on 2026-11-20", posted: true);
        var page = await browser.SignInAsync(console.Local, "FinanceOperations", "/postings?q=Ada%20Keys");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("o");

        await Expect(page).ToHaveURLAsync(new Regex($"posting={run.Id}"));
        await Expect(page.Locator(".pane")).ToContainTextAsync("Rate card Europe 2026, Consultant L3");
        await Expect(page.Locator(".pane")).ToContainTextAsync("8 h at 185.00 EUR");
        await Expect(page.Locator(".pane header", new() { HasText = "Earned, not invoiced" })).ToContainTextAsync("JE-1001, read back");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Document_number_finds_the_work_behind_it_and_states_part_the_list()
    {
        await AddAsync("7 h of Bo Found on 2026-11-20", posted: true);
        await AddAsync("7 h of Bo Stopped on 2026-11-20", posted: false);
        var page = await browser.SignInAsync(console.Local, "FinanceOperations", "/postings?q=JE-1001");
        await Expect(page.Locator("tbody")).ToContainTextAsync("Bo Found");
        await Expect(page.Locator("tbody")).Not.ToContainTextAsync("Bo Stopped");

        await page.GotoAsync("/postings?state=stopped&q=Bo");

        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("tbody")).ToContainTextAsync("The time is priced");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Row_that_gets_into_the_books_says_so_in_place()
    {
        var run = await AddAsync("6 h of Cleo Live on 2026-11-20", posted: false);
        var page = await browser.SignInAsync(console.Local, "FinanceOperations", "/postings?q=Cleo");
        await Expect(page.Locator("tbody .chip")).ToContainTextAsync("Needs a person");
        await using (var store = console.OpenStore())
        {
            (await store.Runs.FindAsync([run.Id], Token))!.Status = RunStatus.Completed;
            await store.SaveChangesAsync(Token);
        }

        await console.TellAsync("run", run.Id.ToString());

        await Expect(page.Locator("tbody .chip")).ToContainTextAsync("In the books");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Finance_takes_the_lines_along_as_a_workbook_and_that_is_recorded()
    {
        await AddAsync("8 h of Finn Workbook on 2026-11-20", posted: true);
        var page = await browser.SignInAsync(console.Local, "FinanceController", "/postings?q=Finn");
        await page.FillAsync("input[name=from]", "2026-11-01");
        await page.FillAsync("input[name=to]", "2026-11-30");
        await page.FillAsync("input[name=reason]", "Month end");
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("text=Download as workbook"));

        using var content = new MemoryStream();
        await using (var sent = await download.CreateReadStreamAsync())
        {
            await sent.CopyToAsync(content, Token);
        }

        using var workbook = new XLWorkbook(content);
        var line = workbook.Worksheet("Lines").RowsUsed().First(row => row.Cell(7).GetString() == "Earned");
        Assert.Equal(("DE01-00042", 1_480.00m, "EUR", "JE-1001"), (line.Cell(1).GetString(), line.Cell(10).GetValue<decimal>(), line.Cell(11).GetString(), line.Cell(14).GetString()));
        Assert.Contains("SUMIFS", workbook.Worksheet("Summary").Cell(4, 4).FormulaA1, StringComparison.Ordinal);
        await using var store = console.OpenStore();
        Assert.True(await store.AuditEntries.AnyAsync(entry => entry.Action == "posting.export" && entry.Reason == "Month end" && entry.Allowed, Token));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Somebody_who_may_take_no_workbook_along_is_told_who_may()
    {
        await AddAsync("8 h of Gus Refused on 2026-11-20", posted: true);
        var page = await browser.SignInAsync(console.Local, "IntegrationAdministrator", "/postings?q=Gus");
        await Expect(page.GetByText("A workbook of the lines: Needs the role")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1400)]
    [InlineData(ColorScheme.Dark, 1400)]
    [InlineData(ColorScheme.Light, 360)]
    public async Task The_open_posting_is_accessible_from_phone_to_wide(ColorScheme scheme, int width)
    {
        var run = await AddAsync("8 h of Dora Picture on 2026-11-20", posted: true);
        await AddAsync("5 h of Emil Picture on 2026-11-20", posted: false);
        var page = await browser.SignInAsync(console.Local, "FinanceController", $"/postings?q=Picture&posting={run.Id}", scheme, width);
        await Expect(page.Locator(".pane .answers").First).ToBeVisibleAsync();
        await page.AssertAccessibleAsync($"posting {scheme} {width}");
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"), "The page is wider than its window.");
        if (Environment.GetEnvironmentVariable("PSACONSOLE_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"posting-{scheme}-{width}.png"), FullPage = true });
        }

        await page.Context.CloseAsync();
    }

    private async Task<Run> AddAsync(string title, bool posted)
    {
        await using var store = console.OpenStore();
        var run = SampleQueue.AddTime(store, title, posted, Now);
        await store.SaveChangesAsync(Token);
        return run;
    }
}
