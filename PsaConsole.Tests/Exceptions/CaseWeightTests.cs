using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PsaConsole.Engine;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Notices;
using PsaConsole.Engine.Policies;
using PsaConsole.Tests.Store;

namespace PsaConsole.Tests.Exceptions;

/// <summary>Severity as domain/4 says: raised a step for more than 25,000, and for finance when its month closes within two business days.</summary>
public sealed class CaseWeightTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    // By the catalogue HND-008 is High, BIL-606 Medium and INT-902 Critical, which nothing is above.
    [InlineData("HND-008", 25_000, 10, CaseSeverity.High)]
    [InlineData("HND-008", 25_001, 10, CaseSeverity.Critical)]
    [InlineData("HND-008", null, 0, CaseSeverity.High)]
    [InlineData("BIL-606", null, 3, CaseSeverity.Medium)]
    [InlineData("BIL-606", null, 2, CaseSeverity.High)]
    [InlineData("BIL-606", 30_000, 1, CaseSeverity.High)]
    [InlineData("INT-902", 99_000, 0, CaseSeverity.Critical)]
    public void Much_money_and_a_near_close_weigh_one_step(string code, int? exposure, int daysToClose, CaseSeverity expected) =>
        Assert.Equal(expected, CaseWeight.Of(CaseKinds.Of(code), exposure, 25_000m, daysToClose));

    [Theory]
    [InlineData("2026-03-31T12:00Z", 0)]
    [InlineData("2026-03-30T12:00Z", 1)]
    [InlineData("2026-03-27T12:00Z", 2)]
    [InlineData("2026-03-26T12:00Z", 3)]
    // In Tokyo it is the last day already; a Monday that is a holiday is no working day.
    [InlineData("2026-04-29T16:00Z", 0, "Asia/Tokyo")]
    [InlineData("2026-03-27T12:00Z", 1, "UTC", "2026-03-30")]
    public void Days_to_the_close_are_the_working_days_of_the_team(string now, int expected, string zone = "UTC", string? holiday = null)
    {
        var clock = ServiceClock.Default with { Zone = TimeZoneInfo.FindSystemTimeZoneById(zone), Holidays = holiday is null ? new HashSet<DateOnly>() : new HashSet<DateOnly> { DateOnly.Parse(holiday, System.Globalization.CultureInfo.InvariantCulture) } };

        Assert.Equal(expected, clock.WorkingDaysLeftInMonth(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Holidays_of_a_team_do_not_count_towards_its_deadlines()
    {
        var clock = ServiceClock.Default with { Holidays = new HashSet<DateOnly> { new(2026, 4, 3), new(2026, 4, 6) } };

        Assert.Equal(new DateTimeOffset(2026, 4, 7, 16, 0, 0, TimeSpan.Zero), clock.Due(new DateTimeOffset(2026, 4, 2, 16, 30, 0, TimeSpan.Zero), TimeSpan.FromHours(8)));
    }

    [Fact]
    public async Task Open_case_of_finance_becomes_more_pressing_once_when_the_month_is_about_to_end()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 16, 9, 0, 0, TimeSpan.Zero));
        var options = Options.Create(new EngineOptions());
        var book = new CaseBook(new TeamClocks(options), options, time);
        var stores = new Stores(await postgres.CreateDatabaseAsync());
        await using var store = stores.CreateDbContext();
        await store.Database.MigrateAsync(Token);
        await book.RaiseAsync(store, new CaseSubject("milestone:1", "Milestone"), [new Finding("3g", "BIL-606", "Milestone", "Not marked.")], Token);
        await book.RaiseAsync(store, new CaseSubject("milestone:2", "Waits for others"), [new Finding("3g", "BIL-606", "Waits for others", "Not marked.")], Token);
        await book.RaiseAsync(store, new CaseSubject("deal:1", "Deal"), [new Finding("PL01", "HND-002", "Deal", "Incomplete.") { Exposure = new Money(30_000m, "EUR") }], Token);
        await store.SaveChangesAsync(Token);
        var (milestone, deal) = (await store.ExceptionCases.SingleAsync(item => item.BusinessKey == "milestone:1", Token), await store.ExceptionCases.SingleAsync(item => item.Code == "HND-002", Token));
        Assert.Equal(("Medium", "Critical"), (milestone.Severity, deal.Severity));
        Assert.Equal(new DateTimeOffset(2026, 3, 16, 13, 0, 0, TimeSpan.Zero), deal.DueAt);

        var waits = await store.ExceptionCases.SingleAsync(item => item.BusinessKey == "milestone:2", Token);
        (waits.ClockPausedAt, waits.ClockPausedUntil) = (time.GetUtcNow(), new DateTimeOffset(2026, 3, 30, 9, 0, 0, TimeSpan.Zero));
        milestone.DueAt = new DateTimeOffset(2026, 3, 31, 9, 0, 0, TimeSpan.Zero);
        foreach (var notice in await store.TeamNotices.Where(item => item.CaseId == milestone.Id && item.Stage == NoticeStage.Overdue).ToListAsync(Token))
        {
            notice.DueAt = milestone.DueAt.Value;
        }

        await store.SaveChangesAsync(Token);

        Assert.Equal(0, await book.WeighForCloseAsync(store, Token));
        time.SetUtcNow(new DateTimeOffset(2026, 3, 27, 9, 0, 0, TimeSpan.Zero));
        var (due, version) = (new DateTimeOffset(2026, 3, 27, 17, 0, 0, TimeSpan.Zero), milestone.Version);
        Assert.Equal(1, await book.WeighForCloseAsync(store, Token));
        await store.SaveChangesAsync(Token);
        Assert.Equal(("High", "High"), (milestone.Severity, (await store.ExceptionCases.AsNoTracking().SingleAsync(item => item.Id == milestone.Id, Token)).Severity));
        Assert.Equal(0, await book.WeighForCloseAsync(store, Token));

        Assert.Equal(("High", due, version, "Medium"), (milestone.Severity, milestone.DueAt, milestone.Version, waits.Severity));
        Assert.Equal(due, (await store.TeamNotices.SingleAsync(item => item.CaseId == milestone.Id && item.Stage == NoticeStage.Overdue, Token)).DueAt);
        Assert.Equal("weighed", milestone.History[^1].Action);
    }
}
