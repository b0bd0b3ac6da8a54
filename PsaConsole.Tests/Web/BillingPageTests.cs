using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PsaConsole.Engine.Workflows;
using PsaConsole.Sandbox.NetSuite;
using PsaConsole.Tests.Sandbox;
using PsaConsole.Tests.Sandbox.Kantata;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>From delivery to invoice as its users see it: the real console at work on the sample firm.</summary>
public sealed class BillingPageTests(OpenFirm firm, Browser browser) : IClassFixture<OpenFirm>, IClassFixture<Browser>
{
    /// <summary>A busy machine takes its time.</summary>
    private static readonly LocatorAssertionsToContainTextOptions Soon = new() { Timeout = 60_000 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Delivered_milestone_is_accepted_on_the_page_and_shows_its_invoice()
    {
        var number = await HandedOverAsync();
        var page = await browser.SignInAsync(firm.Local, "DeliveryOperations", $"/billing?q={number}");
        await Expect(page.GetByText("Nothing matches")).ToBeVisibleAsync();
        await DeliverAsync(number);
        await page.Locator(".fresh-rows").ClickAsync(new() { Timeout = 60_000 });
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("o");
        await Expect(page).ToHaveURLAsync(new Regex("milestone="));
        await Expect(page.Locator(".pane .chip").First).ToContainTextAsync("Waits for acceptance");
        await page.AssertAccessibleAsync("billing");

        // An address that is none keeps what was typed.
        await page.FillAsync(".acceptance input[name=by]", "Grace Client");
        await page.FillAsync(".acceptance input[name=document]", "ftp://docs.example/accepted.pdf");
        await page.ClickAsync(".acceptance button[type=submit]");
        await Expect(page.Locator(".acceptance .field-error")).ToContainTextAsync("beginning with https");
        await Expect(page.Locator(".acceptance input[name=by]")).ToHaveValueAsync("Grace Client");
        await page.FillAsync(".acceptance input[name=document]", "https://docs.example/accepted.pdf");
        await page.ClickAsync(".acceptance button[type=submit]");

        await Expect(page.Locator(".pane .chip").First).ToContainTextAsync("Ready, not invoiced", Soon);
        Assert.Equal(1, Invoice(number));
        await Expect(page.Locator(".pane .chip").First).ToContainTextAsync("Invoiced", Soon);
        var invoice = Assert.Single(firm.Sandbox.Host.Vendor("netsuite").Store["invoice"].Scan(), record => record.Text("job") == Job(number).Id);
        await Expect(page.Locator(".pane")).ToContainTextAsync(invoice.Text("tranId")!);
        await Expect(page.Locator(".pane")).ToContainTextAsync("Grace Client");
        await Expect(page.Locator(".grid tbody").First).ToContainTextAsync(invoice.Text("tranId")!);

        await page.GotoAsync($"/engagements/{number}");
        await Expect(page.Locator($"section[aria-label='Money of {number}'] div", new() { HasText = "Milestones invoiced" }).Last).ToContainTextAsync(await AmountAsync(number));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Whoever_may_not_record_an_acceptance_is_told_who_may()
    {
        var number = await HandedOverAsync();
        await DeliverAsync(number);
        var run = await RunAsync(number, run => run.StepKey == "acceptance");

        var page = await browser.SignInAsync(firm.Local, "Auditor", $"/billing?milestone={run.Id}");

        await Expect(page.Locator(".acceptance")).ToContainTextAsync("Needs the role");
        await Expect(page.Locator(".acceptance form")).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    /// <summary>Wins a deal with milestones and waits until its project is verified.</summary>
    private async Task<string> HandedOverAsync()
    {
        var deal = firm.Sandbox.NewDeal("Fixed Price - Milestones", "Billing", firm.Sandbox.IsOfOneEntity);
        await firm.Sandbox.WinAsync(deal);
        return (await FoundAsync(store => store.Runs.AsNoTracking().FirstOrDefaultAsync(run => run.LaneKey.EndsWith(deal) && run.Status == RunStatus.Completed, Token))).ProjectNumber!;
    }

    /// <summary>Completes the first delivery that the client has to accept.</summary>
    private async Task DeliverAsync(string number)
    {
        var store = firm.Sandbox.Host.Vendor("kantata").Store;
        var project = store["custom_field_values"].Scan().Single(value => value.Text("value") == number).Text("subject_id");
        var milestone = store["billing_milestones"].FindBy("workspace_id", project!).First(item => item.Text("billing_type") == "upon_completion");
        using var kantata = firm.Sandbox.Kantata();
        using var answer = await kantata.CallAsync("PUT", $"stories/{milestone.Text("story_id")}.json", new { story = new { percentage_complete = 100 } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private async Task<string> AmountAsync(string number) =>
        (await RunAsync(number, run => run.Status == RunStatus.Completed)).Amount!.Value.ToString("N0", System.Globalization.CultureInfo.GetCultureInfo("en-GB"));

    /// <summary>The bookkeepers' billing run.</summary>
    private int Invoice(string number)
    {
        var store = firm.Sandbox.Host.Vendor("netsuite").Store;
        return Invoicing.Run(new Records(store), store, Job(number).Id, firm.Sandbox.Host.Firm.Today);
    }

    private PsaConsole.Sandbox.Core.Record Job(string number) => firm.Sandbox.Host.Vendor("netsuite").Store["job"].Scan().Single(job => job.Text("entityId") == number);

    private Task<Run> RunAsync(string number, Func<Run, bool> wanted) => FoundAsync(async store =>
        (await store.Runs.AsNoTracking().Where(run => run.Workflow == "milestone-to-invoice" && run.ProjectNumber == number).ToListAsync(Token)).FirstOrDefault(wanted));

    private async Task<Run> FoundAsync(Func<PsaConsole.Engine.Store.EngineDbContext, Task<Run?>> find)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var until = TimeProvider.System.GetUtcNow().AddMinutes(1);
        while (await again.WaitForNextTickAsync(Token))
        {
            await using var store = firm.OpenStore();
            if (await find(store) is { } found)
            {
                return found;
            }

            Assert.True(TimeProvider.System.GetUtcNow() < until, "The run did not get there in time.");
        }

        throw new OperationCanceledException(Token);
    }
}
