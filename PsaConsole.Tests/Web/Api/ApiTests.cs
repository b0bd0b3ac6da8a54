using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using static Microsoft.Playwright.Assertions;

namespace PsaConsole.Tests.Web.Api;

/// <summary>What a program meets that uses the API: rights, errors that say what to do, lists page by page, and requests that may be sent twice.</summary>
public sealed class ApiTests(OpenConsole console, Browser browser) : IClassFixture<OpenConsole>, IClassFixture<Browser>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_opens_without_a_key_that_holds()
    {
        var guardian = ApiProgram.KeysOf(console.Connection);
        var key = await guardian.IssueAsync(ApiProgram.Guardian, "soon gone", new HashSet<string> { Roles.Auditor }, DataScope.Everything, 1, "for a test", Token);
        using var program = ApiProgram.With(console.Local, key);
        Assert.Equal(200, (await program.GetAsync("/api/v1/exceptions")).Status);

        await guardian.RevokeAsync(ApiProgram.Guardian, key.Split('_')[1], "the program is gone", Token);

        foreach (var wrong in new[] { key, key[..^1] + (key[^1] == '0' ? '1' : '0'), "psac_", "psac_1_2", "anything", null })
        {
            using var stranger = ApiProgram.With(console.Local, wrong);
            var reply = await stranger.GetAsync("/api/v1/exceptions");
            Assert.Equal((401, "application/problem+json"), (reply.Status, reply.Type));
        }

        // The cookie of somebody who is signed in opens nothing here either: no other site can make their browser call it.
        var page = await browser.SignInAsync(console.Local, "FinanceController", "/");
        Assert.Equal(401, (await page.APIRequest.GetAsync("/api/v1/exceptions")).Status);
    }

    [Fact]
    public async Task Program_may_do_what_its_roles_let_it_and_is_told_why_not()
    {
        var about = await AddStoppedAsync("Rights of programs");
        using var delivery = await NewAsync(Roles.DeliveryOperations);
        using var executive = await NewAsync(Roles.Executive);
        using var controller = await NewAsync(Roles.FinanceController);
        var path = $"/api/v1/exceptions/{about.Id}/actions";

        var refused = await executive.PostAsync(path, new { action = "Retry", version = 0 }, Key());
        Assert.Equal(403, refused.Status);
        Assert.Contains("Needs the role", refused.Problem, StringComparison.Ordinal);
        var notAPerson = await controller.PostAsync(path, new { action = "Approve", version = 0, reason = "fine" }, Key());
        Assert.Equal(403, notAPerson.Status);
        var stale = await delivery.PostAsync(path, new { action = "Retry", version = 7 }, Key());
        Assert.Equal((409, true), (stale.Status, stale.Problem.Contains("has changed since", StringComparison.Ordinal)));
        Assert.Equal(404, (await delivery.PostAsync("/api/v1/exceptions/999999/actions", new { action = "Retry", version = 0 }, Key())).Status);

        var done = await delivery.PostAsync(path, new { action = "Comment", version = 0, reason = "The tax code comes tomorrow." }, Key());
        Assert.Equal(200, done.Status);
        var read = (await delivery.GetAsync($"/api/v1/exceptions/{about.Id}")).Body;
        Assert.Equal("The tax code comes tomorrow.", read["history"]!.AsArray()[^1]!["text"]!.GetValue<string>());
        await using var store = console.OpenStore();
        var entries = await store.AuditEntries.Where(entry => entry.Entity == $"case:{about.Id}").OrderBy(entry => entry.Id).ToListAsync(Token);
        Assert.Equal([false, false, false, true], entries.Select(entry => entry.Allowed));
        Assert.All(entries, entry => Assert.StartsWith("key:", entry.Actor, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Found_rate_is_told_to_programs_that_may_see_rates_and_masked_for_others()
    {
        var about = await AddStoppedAsync("Rates of programs");
        await using (var store = console.OpenStore())
        {
            await store.ExceptionCases.Where(item => item.Id == about.Id).ExecuteUpdateAsync(
                set => set.SetProperty(item => item.Findings, """[{"policy":"PL41","code":"HND-008","subject":"s","message":"m","field":"Bill rate","expected":"187.50","actual":"0"}]"""), Token);
        }

        using var delivery = await NewAsync(Roles.DeliveryOperations);
        using var controller = await NewAsync(Roles.FinanceController);

        var masked = (await delivery.GetAsync($"/api/v1/exceptions/{about.Id}")).Body["findings"]![0]!;
        var shown = (await controller.GetAsync($"/api/v1/exceptions/{about.Id}")).Body["findings"]![0]!;

        Assert.Equal(("Bill rate", "•••", "m"), (masked["field"]!.GetValue<string>(), masked["expected"]!.GetValue<string>(), masked["message"]!.GetValue<string>()));
        Assert.DoesNotContain("187", masked.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(("187.50", "0"), (shown["expected"]!.GetValue<string>(), shown["actual"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Program_that_gives_a_case_away_is_answered_although_it_sees_it_no_more()
    {
        var about = await AddStoppedAsync("Given away");
        using var lead = await NewAsync(Roles.ProjectManager);
        await using var store = console.OpenStore();
        var id = await store.ApiKeys.OrderByDescending(key => key.IssuedAt).Select(key => key.Id).FirstAsync(Token);
        await store.ExceptionCases.Where(item => item.Id == about.Id).ExecuteUpdateAsync(set => set.SetProperty(item => item.Assignee, $"key:{id}"), Token);

        var given = await lead.PostAsync($"/api/v1/exceptions/{about.Id}/actions", new { action = "Assign", version = 0, assignee = "ada" }, Key());

        Assert.Equal((200, 404), (given.Status, (await lead.GetAsync($"/api/v1/exceptions/{about.Id}")).Status));
        Assert.Equal("ada", (await store.ExceptionCases.AsNoTracking().SingleAsync(item => item.Id == about.Id, Token)).Assignee);
    }

    [Fact]
    public async Task Request_that_is_sent_twice_is_done_once_and_answered_twice()
    {
        var about = await AddStoppedAsync("Sent twice");
        using var delivery = await NewAsync(Roles.DeliveryOperations);
        var path = $"/api/v1/exceptions/{about.Id}/actions";
        var (key, comment) = (Key(), new { action = "Comment", version = 0, reason = "Once" });

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => delivery.PostAsync(path, comment, key)));
        var again = await delivery.PostAsync(path, comment, key);

        // Those that come while the first is being worked on are told so; none of them does it again.
        Assert.All(replies, reply => Assert.True(reply.Status is 200 or 409, reply.Text));
        Assert.Equal((200, true), (again.Status, again.Replayed));
        Assert.Equal(replies.First(reply => reply.Status == 200).Text, again.Text);
        await using var store = console.OpenStore();
        Assert.Equal(1, await store.CaseEntries.CountAsync(entry => entry.CaseId == about.Id && entry.Text == "Once", Token));

        var other = await delivery.PostAsync(path, new { action = "Comment", version = 0, reason = "Something else" }, key);
        Assert.Equal((422, true), (other.Status, other.Problem.Contains("was used for another request", StringComparison.Ordinal)));
        Assert.Contains("Idempotency-Key", (await delivery.PostAsync(path, comment, null)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_request_may_be_put_right_under_the_same_key()
    {
        var about = await AddStoppedAsync("Put right");
        using var delivery = await NewAsync(Roles.DeliveryOperations);
        var (path, key) = ($"/api/v1/exceptions/{about.Id}/actions", Key());

        Assert.Equal(422, (await delivery.PostAsync(path, new { action = "Comment", version = 0 }, key)).Status);
        Assert.Equal(200, (await delivery.PostAsync(path, new { action = "Comment", version = 0, reason = "Now with words" }, key)).Status);
    }

    [Fact]
    public async Task Bad_request_is_told_what_is_wrong_with_it()
    {
        using var delivery = await NewAsync(Roles.DeliveryOperations);
        foreach (var (path, words) in new[]
        {
            ("/api/v1/exceptions?state=lost", "state is one of open, mine"),
            ("/api/v1/exceptions?limit=100000", "limit is from 1 to 200"),
            ("/api/v1/exceptions?after=somewhere", "after is no place in this list"),
            ("/api/v1/journeys?state=lost", "state is one of stopped"),
        })
        {
            var reply = await delivery.GetAsync(path);
            Assert.Equal(422, reply.Status);
            Assert.Contains(words, reply.Problem, StringComparison.Ordinal);
        }

        var broken = await delivery.PostAsync("/api/v1/exceptions/1/actions", new StringContent("{\"action\":\"Dance\"}", null, "application/json"), Key());
        Assert.Equal(400, broken.Status);
        Assert.Contains("$.action", broken.Problem, StringComparison.Ordinal);
        Assert.Equal(404, (await delivery.GetAsync("/api/v1/journeys/NO-SUCH-NUMBER")).Status);
        Assert.Equal((404, "application/problem+json"), ((await delivery.GetAsync("/api/v1/nothing")).Status, (await delivery.GetAsync("/api/v1/nothing")).Type));
    }

    [Fact]
    public async Task List_is_read_page_by_page_and_nothing_is_missed_or_met_twice()
    {
        await using (var store = console.OpenStore())
        {
            foreach (var number in Enumerable.Range(1, 7))
            {
                SampleQueue.AddStopped(store, $"Paged deal {number}", TimeProvider.System.GetUtcNow().AddMinutes(-number));
            }

            await store.SaveChangesAsync(Token);
        }

        using var auditor = await NewAsync(Roles.Auditor);
        var met = new List<string>();
        for (var next = "/api/v1/exceptions?search=Paged%20deal&limit=3"; next is not null;)
        {
            var page = (await auditor.GetAsync(next)).Body;
            Assert.InRange(page["items"]!.AsArray().Count, 1, 3);
            met.AddRange(page["items"]!.AsArray().Select(item => item!["subject"]!.GetValue<string>()));
            next = page["next"]?.GetValue<string>();
        }

        Assert.Equal(Enumerable.Range(1, 7).Select(number => $"Paged deal {number}"), met.Order());
    }

    [Fact]
    public async Task Program_that_asks_too_often_waits_and_others_do_not()
    {
        using var eager = await NewAsync(Roles.Auditor);
        using var calm = await NewAsync(Roles.Auditor);

        var replies = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => eager.GetAsync("/api/v1/approvals")));

        Assert.Contains(replies, reply => reply is { Status: 429, Type: "application/problem+json" });
        Assert.Contains(replies, reply => reply.Status == 200);
        Assert.Equal(200, (await calm.GetAsync("/api/v1/approvals")).Status);
    }

    [Fact]
    public async Task Security_administrator_gives_a_program_its_key_and_takes_it_back()
    {
        var page = await browser.SignInAsync(console.Local, "SecurityAdministrator", "/permissions");
        await page.GetByRole(AriaRole.Button, new() { Name = "New key" }).ClickAsync();
        await page.GetByLabel("Program", new() { Exact = true }).FillAsync("Month-end robot");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Choose at least one role");
        await page.GetByLabel("Auditor").CheckAsync();
        await page.GetByLabel("Finance operations").CheckAsync();
        await page.GetByLabel("Reason").FillAsync("reads what is open at month end");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("SoD-10");
        await page.GetByLabel("Finance operations").UncheckAsync();
        await page.AssertAccessibleAsync("key form");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();

        var key = (await page.Locator("code.secret").InnerTextAsync()).Trim();
        using var program = ApiProgram.With(console.Local, key);
        Assert.Equal(200, (await program.GetAsync("/api/v1/health")).Status);
        await page.AssertAccessibleAsync("key shown");
        await page.GetByRole(AriaRole.Button, new() { Name = "I have it" }).ClickAsync();
        await Expect(page.GetByText(key)).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Take back the key of Month-end robot" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("replaced by another");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it back" }).ClickAsync();
        await Expect(page.GetByText("Month-end robot")).ToHaveCountAsync(0);
        Assert.Equal(401, (await program.GetAsync("/api/v1/health")).Status);

        await using var store = console.OpenStore();
        Assert.False(await store.ApiKeys.AnyAsync(item => item.Name == "Month-end robot" && item.RevokedAt == null, Token));
        Assert.DoesNotContain(key.Split('_')[2], string.Join(' ', await store.AuditEntries.Select(entry => entry.After).ToListAsync(Token)), StringComparison.Ordinal);
        Assert.DoesNotContain(key.Split('_')[2], console.Console.Output, StringComparison.Ordinal);
    }

    private static string Key() => Guid.NewGuid().ToString("n");

    private Task<ApiProgram> NewAsync(params string[] roles) => ApiProgram.WithRolesAsync(console.Local, console.Connection, roles);

    private async Task<ExceptionCase> AddStoppedAsync(string title)
    {
        await using var store = console.OpenStore();
        var about = SampleQueue.AddStopped(store, title, TimeProvider.System.GetUtcNow());
        await store.SaveChangesAsync(Token);
        return about;
    }
}
