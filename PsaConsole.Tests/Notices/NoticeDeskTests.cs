using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PsaConsole.Engine;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Notices;
using PsaConsole.Engine.Policies;
using PsaConsole.Tests.Connectors;
using PsaConsole.Tests.Sandbox.Microsoft365;
using PsaConsole.Tests.Store;

namespace PsaConsole.Tests.Notices;

/// <summary>Teams are told of their cases in Teams and by mail, once, and are left alone once a case is settled.</summary>
public sealed class NoticeDeskTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly DateTimeOffset Friday = new(2026, 3, 13, 10, 0, 0, TimeSpan.Zero);

    private readonly ConnectedEngine engine = new();
    private readonly FakeTimeProvider clock = new(Friday);
    private Stores stores = null!;
    private CaseBook book = null!;
    private NoticeDesk desk = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await engine.InitializeAsync();
        stores = new Stores(await postgres.CreateDatabaseAsync());
        await using var store = stores.CreateDbContext();
        await store.Database.MigrateAsync(Token);
        var options = Options.Create(new EngineOptions { Teams = { ["Finance"] = new TeamOptions { Zone = "Europe/London", Lead = engine.Sandbox.Address(1), Head = engine.Sandbox.Address(2) } } });
        var teams = new TeamClocks(options);
        book = new CaseBook(teams, options, clock);
        desk = new NoticeDesk(stores, engine.Get<ICollaboration>(), teams, book, options, clock);
    }

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public async Task Case_is_told_once_and_escalated_until_it_is_settled()
    {
        var id = await RaiseAsync("HND-008", "Acme roll-out");
        Assert.Equal(1, await desk.DeliverAsync(Token));
        Assert.Equal(0, await desk.DeliverAsync(Token));

        var card = Assert.Single(await DeliveredAsync("card")).GetRawText();
        Assert.Contains("HND-008", card, StringComparison.Ordinal);
        Assert.Contains($"/exceptions/{id}", card, StringComparison.Ordinal);

        // Friday 10:00 and eight hours of London: due on Monday at 09:30 (half of them at 14:00 on Friday).
        clock.SetUtcNow(Friday.AddHours(4));
        Assert.Equal(1, await desk.DeliverAsync(Token));
        clock.SetUtcNow(Friday.AddDays(3));
        Assert.Equal(1, await desk.DeliverAsync(Token));
        Assert.Contains(engine.Sandbox.Address(1), Assert.Single(await DeliveredAsync("mail")).GetRawText(), StringComparison.Ordinal);

        await SettleAsync(id);
        clock.SetUtcNow(Friday.AddDays(10));
        Assert.Equal(0, await desk.DeliverAsync(Token));
        Assert.Equal(3, (await DeliveredAsync("card")).Count);
        await using var store = stores.CreateDbContext();
        Assert.Equal(NoticeStatus.Dropped, (await store.TeamNotices.SingleAsync(item => item.Stage == NoticeStage.LongOverdue, Token)).Status);
        Assert.Equal(3, await store.CaseEntries.CountAsync(entry => entry.CaseId == id && entry.Action == "notified", Token));
    }

    [Fact]
    public async Task Medium_cases_of_a_team_come_in_one_digest()
    {
        foreach (var number in Enumerable.Range(1, 3))
        {
            await RaiseAsync("EXP-504", $"Expense {number}");
        }

        Assert.Equal(0, await desk.DeliverAsync(Token));
        clock.SetUtcNow(Friday.AddHours(3.5));
        Assert.Equal(1, await desk.DeliverAsync(Token));

        var card = Assert.Single(await DeliveredAsync("card")).GetRawText();
        Assert.Contains("3 new cases", card, StringComparison.Ordinal);
        Assert.Contains("Expense 2", card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Channel_that_is_gone_is_replaced_by_mail()
    {
        await engine.FaultAsync(new { system = "microsoft365", path = "/workflows/", effect = "status:404" });
        var id = await RaiseAsync("HND-008", "Acme roll-out");

        await desk.DeliverAsync(Token);

        Assert.Empty(await DeliveredAsync("card"));
        Assert.Single(await DeliveredAsync("mail"));
        await using var store = stores.CreateDbContext();
        var told = await store.TeamNotices.SingleAsync(item => item.CaseId == id && item.Stage == NoticeStage.Raised, Token);
        Assert.Equal(("mail", NoticeStatus.Sent), (told.Way, told.Status));
    }

    [Fact]
    public async Task Notice_that_reaches_nobody_is_a_case_and_is_not_told_by_notices()
    {
        await engine.FaultAsync(new { system = "microsoft365", path = "/workflows/", effect = "status:404" });
        await engine.FaultAsync(new { system = "microsoft365", path = "/v1.0/users", effect = "status:403" });
        await RaiseAsync("HND-008", "Acme roll-out");

        await desk.DeliverAsync(Token);

        await using var store = stores.CreateDbContext();
        var unheard = await store.ExceptionCases.SingleAsync(item => item.Code == "INT-909", Token);
        Assert.Contains("reached nobody", unheard.Message, StringComparison.Ordinal);
        Assert.False(await store.TeamNotices.AnyAsync(item => item.CaseId == unheard.Id, Token));
    }

    [Fact]
    public async Task Message_whose_answer_was_lost_is_not_sent_again()
    {
        await engine.FaultAsync(new { system = "microsoft365", path = "/workflows/", effect = "commit-then-drop" });
        await RaiseAsync("HND-008", "Acme roll-out");

        Assert.Equal(1, await desk.DeliverAsync(Token));
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, await desk.DeliverAsync(Token));

        Assert.Single(await DeliveredAsync("card"));
        Assert.Empty(await DeliveredAsync("mail"));
    }

    private async Task<long> RaiseAsync(string code, string subject)
    {
        await using var store = stores.CreateDbContext();
        var raised = await book.RaiseAsync(store, new CaseSubject(subject, subject), [new Finding("test", code, subject, $"{subject} needs somebody.")], Token);
        await store.SaveChangesAsync(Token);
        return raised[0].Id;
    }

    private async Task SettleAsync(long id)
    {
        await using var store = stores.CreateDbContext();
        await store.ExceptionCases.Where(item => item.Id == id).ExecuteUpdateAsync(set => set.SetProperty(item => item.Status, CaseStatus.Resolved), Token);
    }

    private async Task<List<JsonElement>> DeliveredAsync(string kind) =>
        [.. (await engine.Sandbox.Control.GetFromJsonAsync<JsonElement>($"/delivered?kind={kind}", Token)).GetProperty("delivered").EnumerateArray()];
}
