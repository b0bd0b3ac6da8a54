using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Notices;
using PsaConsole.Engine.Policies;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Exceptions;

/// <summary>The clock of a case stands still while it waits for others, with a reason and not for long, and a case is found by its labels.</summary>
public sealed class CasePauseTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    private static readonly ServiceClock London = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/London"), new TimeOnly(9, 0), new TimeOnly(17, 30));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    // As O23: raised on Friday at 16:30, due on Monday at 16:00, seven of its eight hours still to come at 09:00 that day.
    [InlineData("2026-03-13T16:30Z", "2026-03-16T16:00Z", "2026-03-14T16:30Z", "2026-03-16T17:00Z")]
    [InlineData("2026-03-16T10:00Z", "2026-03-16T16:00Z", "2026-03-18T10:00Z", "2026-03-18T16:00Z")]
    [InlineData("2026-03-16T10:00Z", "2026-03-16T16:00Z", "2026-03-20T10:00Z", "2026-03-20T16:00Z")]
    [InlineData("2026-03-19T15:00Z", "2026-03-20T10:00Z", "2026-03-22T15:00Z", "2026-03-23T12:30Z")]
    public void Deadline_moves_by_the_working_hours_that_pass(string stopped, string due, string until, string moved)
    {
        var (from, at, to) = (At(stopped), At(due), At(until));

        Assert.Equal(At(moved), CasePauses.Moved(London, at, from, to));
        Assert.Equal(at, CasePauses.Moved(London, At(moved), to, from));
        Assert.Equal(TimeSpan.Zero, London.Worked(to, from));
    }

    [Fact]
    public async Task Clock_stands_still_with_a_reason_for_at_most_five_days_and_reminders_wait_too()
    {
        var about = await RaiseAsync();
        var pauses = firm.Get<CasePauses>();
        await Assert.ThrowsAsync<RefusedException>(() => pauses.PauseAsync(RunningFirm.Operations, about.Id, about.Version, 2, " ", Token));
        await Assert.ThrowsAsync<RefusedException>(() => pauses.PauseAsync(RunningFirm.Operations, about.Id, about.Version, 6, "The bank", Token));
        await Assert.ThrowsAsync<RefusedException>(() => pauses.PauseAsync(new Actor("tests:auditor", "Auditor", new HashSet<string> { Roles.Auditor }), about.Id, about.Version, 2, "The bank", Token));
        var reminders = await RemindersAsync(about);

        await pauses.PauseAsync(RunningFirm.Operations, about.Id, about.Version, 4, "The bank", Token);

        var paused = await ReadAsync(about);
        Assert.True(paused.DueAt > about.DueAt);
        Assert.Equal(paused.DueAt - about.DueAt, paused.PriorityAt - about.PriorityAt);
        Assert.All((await RemindersAsync(about)).Zip(reminders), pair => Assert.True(pair.First > pair.Second));
        await Assert.ThrowsAsync<RefusedException>(() => pauses.PauseAsync(RunningFirm.Operations, about.Id, about.Version, 1, "The bank", Token));
        await pauses.ResumeAsync(RunningFirm.Operations, about.Id, paused.Version, Token);
        var runs = await ReadAsync(about);
        Assert.InRange(runs.DueAt!.Value - about.DueAt!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Assert.Equal(["pause", "resume"], runs.History.Select(entry => entry.Action).Where(action => action is "pause" or "resume"));

        await using var store = await firm.OpenStoreAsync();
        await store.ExceptionCases.Where(item => item.Id == about.Id).ExecuteUpdateAsync(set => set.SetProperty(item => item.ClockRested, TimeSpan.FromDays(4)), Token);
        await Assert.ThrowsAsync<RefusedException>(() => pauses.PauseAsync(RunningFirm.Operations, about.Id, runs.Version, 2, "The bank", Token));
        await pauses.PauseAsync(RunningFirm.Operations, about.Id, runs.Version, 1, "The bank", Token);
    }

    [Fact]
    public async Task Case_is_found_by_its_tags_and_tickets()
    {
        var about = await RaiseAsync();
        var tag = $"audit-{Guid.NewGuid():n}"[..14];
        var labels = firm.Get<CaseLabels>();
        await Assert.ThrowsAsync<RefusedException>(() => labels.SetAsync(RunningFirm.Operations, about.Id, about.Version, "javascript://alert", Token));

        await labels.SetAsync(RunningFirm.Operations, about.Id, about.Version, $"{tag}, https://tickets.example/OPS-{tag}", Token);

        var labelled = CaseLabels.Of((await ReadAsync(about)).Labels);
        Assert.Equal([null, $"https://tickets.example/OPS-{tag}"], labelled.Select(label => CaseLabels.LinkOf(label)?.ToString()));
        await using var store = await firm.OpenStoreAsync();
        foreach (var search in new[] { tag.ToUpperInvariant(), $"OPS-{tag}" })
        {
            Assert.Equal([about.Id], await new CaseSelection { Search = search }.Of(store, "", TimeProvider.System.GetUtcNow()).Select(item => item.Id).ToListAsync(Token));
        }
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private async Task<ExceptionCase> RaiseAsync()
    {
        await using var store = await firm.OpenStoreAsync();
        var raised = await firm.Get<CaseBook>().RaiseAsync(store, new CaseSubject($"tests:{Guid.NewGuid():n}", "Waits for the bank"), [new Finding("tests", "HND-006", "tests", "Raised by a test.")], Token);
        await store.SaveChangesAsync(Token);
        return await ReadAsync(raised[0]);
    }

    private async Task<ExceptionCase> ReadAsync(ExceptionCase about)
    {
        await using var store = await firm.OpenStoreAsync();
        return await store.ExceptionCases.AsNoTracking().Include(item => item.History.OrderBy(entry => entry.Id)).SingleAsync(item => item.Id == about.Id, Token);
    }

    private async Task<List<DateTimeOffset>> RemindersAsync(ExceptionCase about)
    {
        await using var store = await firm.OpenStoreAsync();
        return await store.TeamNotices.Where(item => item.CaseId == about.Id && item.Stage != NoticeStage.Digest && item.Stage != NoticeStage.Raised).OrderBy(item => item.Stage).Select(item => item.DueAt).ToListAsync(Token);
    }
}
