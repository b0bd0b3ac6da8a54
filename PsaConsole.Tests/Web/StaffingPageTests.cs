using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Staffing;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web;

/// <summary>The timeline of people and their work, as resource managers see it.</summary>
public sealed class StaffingPageTests(OpenConsole console, Browser browser) : IClassFixture<OpenConsole>, IClassFixture<Browser>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private static readonly DateOnly Today = DateOnly.FromDateTime(Now.UtcDateTime);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/staffing", 1400)]
    [InlineData("/staffing?scale=days", 1400)]
    [InlineData("/staffing?state=conflicts&person=E-axe", 1400)]
    [InlineData("/staffing?person=E-axe", 390)]
    [InlineData("/staffing?q=nobody-of-this-name", 390)]
    public async Task Timeline_has_no_accessibility_violations_in_either_theme(string path, int width)
    {
        await KeepAsync("E-axe", "Ada Lovelace");
        var page = await browser.SignInAsync(console.Local, "ResourceManager", path, width: width);
        await Expect(page.Locator("h1")).ToBeVisibleAsync();

        await page.InEachThemeAsync(scheme => page.AssertAccessibleAsync($"{path} {scheme}"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Person_opens_by_keyboard_beside_the_timeline_with_what_stands_against_their_plan()
    {
        await KeepAsync("E-keys", "Grace Hopper");
        var page = await browser.SignInAsync(console.Local, "ResourceManager", "/staffing?q=Grace");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);

        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("o");

        await Expect(page).ToHaveURLAsync(new Regex("person=E-keys"));
        await Expect(page.Locator(".conflict")).ToContainTextAsync("STF-301");
        await Expect(page.Locator(".conflict-because li")).ToHaveCountAsync(2);
        await Expect(page.Locator(".pane")).ToContainTextAsync("In conflict");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Override" })).ToBeVisibleAsync();

        // That somebody looked is in the trail; the list alone, of names and hours, is no look at a person.
        await using var store = console.OpenStore();
        var look = Assert.Single(store.AuditEntries.Where(entry => entry.Action == "person.read" && entry.Entity == "person:E-keys").ToList());
        Assert.Equal(("sample:ResourceManager", "ResourceManager"), (look.Actor, look.Role));
    }

    [Fact]
    public async Task Absence_is_shown_as_hours_not_available_and_nothing_more()
    {
        await KeepAsync("E-away", "Mary Jackson");
        var page = await browser.SignInAsync(console.Local, "ResourceManager", "/staffing?q=Mary");

        await Expect(page.Locator(".load").First).ToContainTextAsync("not available");
        var text = await page.ContentAsync();
        Assert.DoesNotContain("leave", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("vacation", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Conflict_that_vanishes_while_it_is_looked_at_leaves_the_page_in_place()
    {
        await KeepAsync("E-live", "Katherine Johnson");
        var page = await browser.SignInAsync(console.Local, "ResourceManager", "/staffing?q=Katherine&person=E-live");
        await Expect(page.Locator(".conflict")).ToHaveCountAsync(1);

        await using (var store = console.OpenStore())
        {
            foreach (var row in store.StaffingConflicts.Where(row => row.PersonId == "E-live"))
            {
                row.GoneAt = Now;
            }

            await store.SaveChangesAsync(Token);
        }

        await console.TellAsync("staffing", "E-live");

        await Expect(page.Locator(".pane")).ToContainTextAsync("Nothing stands against this plan");
    }

    [Fact]
    public async Task Auditor_sees_hours_without_names_and_finance_sees_who_may()
    {
        await KeepAsync("E-mask", "Dorothy Vaughan");
        var auditor = await browser.SignInAsync(console.Local, "Auditor", "/staffing?q=Dorothy&person=E-mask");
        await Expect(auditor.Locator(".pane h2").First).ToHaveTextAsync("E-mask");
        Assert.DoesNotContain("Dorothy Vaughan", await auditor.Locator("#content").InnerTextAsync(), StringComparison.Ordinal);

        var finance = await browser.SignInAsync(console.Local, "FinanceOperations", "/staffing");
        await Expect(finance.Locator("main")).ToContainTextAsync("Staffing opens for: Delivery operations, Resource manager, Project manager, HR partner, Auditor.");
    }

    /// <summary>Somebody who is away for two days of this week, half booked for certain, and asked for in full beside it.</summary>
    private async Task KeepAsync(string id, string name)
    {
        await using var store = console.OpenStore();
        if (await store.StaffedPeople.FindAsync([id], Token) is not null)
        {
            return;
        }

        var monday = Today.AddDays(-(((int)Today.DayOfWeek + 6) % 7));
        var person = new StaffedPerson { Id = id, Name = name, Calendar = WorkCalendar.FullTime, Leaves = [new Leave(new DateRange(monday.AddDays(3), monday.AddDays(4)), null)] };
        Assignment[] work = [Work(id + "-1", id, "Granite lakehouse migration", monday, 25, 80m, true), Work(id + "-2", id, "Meridian target process", monday.AddDays(7), 11, 60m, false)];
        store.StaffedPeople.Add(new StaffedPersonRow { EmployeeId = id, Name = name, Address = $"{id}@example.com", Facts = JsonSerializer.Serialize(person, StaffingJson.Options), ReadAt = Now, CheckedAt = Now });
        foreach (var item in work)
        {
            store.Assignments.Add(new AssignmentRow
            {
                SystemName = "kantata",
                ExternalId = item.Id,
                PersonId = id,
                EngagementId = item.EngagementId,
                Title = item.Title,
                From = item.Dates.From,
                To = item.Dates.To!.Value,
                Hours = item.Value,
                Hard = item.Hard,
                State = item.Hard ? AssignmentState.Confirmed : AssignmentState.InConflict,
                Facts = JsonSerializer.Serialize(item, StaffingJson.Options),
            });
        }

        var rules = new StaffingRules { Today = Today };
        var conflict = StaffingCheck.Find(person, work.Select(item => item with { Hard = true }), new DateRange(Today, Today.AddDays(40)), rules).First(item => item is { Code: "STF-301", Because.Count: 2 });
        store.StaffingConflicts.Add(new ConflictRow
        {
            Id = Guid.CreateVersion7(),
            PersonId = id,
            Key = conflict.Key,
            Kind = conflict.Kind,
            Code = conflict.Code,
            Severity = conflict.Severity,
            Outcome = OutcomeMatrix.Default.Of(conflict),
            From = conflict.From,
            To = conflict.To,
            Hours = conflict.Hours,
            Message = conflict.Message,
            Because = [.. conflict.Because],
            Detail = JsonSerializer.Serialize(conflict, StaffingJson.Options),
            FoundAt = Now,
        });
        await store.SaveChangesAsync(Token);
    }

    private static Assignment Work(string id, string person, string title, DateOnly from, int days, decimal hours, bool hard) => new()
    {
        Id = id,
        PersonId = person,
        EngagementId = "E-" + id,
        Title = title,
        Dates = new DateRange(from, from.AddDays(days - 1)),
        Value = hours,
        Hard = hard,
    };
}
