using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Store;
using PsaConsole.Tests.Workflows;

namespace PsaConsole.Tests.Exceptions;

/// <summary>Cases that are put off come back when they were said to, and not before.</summary>
public sealed class SnoozeTests(RunningFirm firm) : IClassFixture<RunningFirm>
{
    // A Friday evening in Berlin, when it is winter.
    private static readonly DateTimeOffset Friday = new(2026, 11, 27, 17, 0, 0, TimeSpan.Zero);
    private static readonly ServiceClock Berlin = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), new TimeOnly(8, 30), new TimeOnly(17, 0));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Choices_are_in_the_working_time_of_the_team()
    {
        var due = new DateTimeOffset(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

        var choices = Snooze.Choices(Berlin, Friday, due);

        Assert.Equal(
            [("hour", Friday.AddHours(1)), ("day", new DateTimeOffset(2026, 11, 30, 7, 30, 0, TimeSpan.Zero)), ("due", due), ("times", null)],
            choices.Select(choice => (choice.Name, choice.Until)));
        Assert.Equal("Until Monday 30 November, 08:30", choices[1].Title);
        Assert.Equal(["hour", "day", "week", "times"], Snooze.Choices(Berlin, Friday.AddDays(-1), due: null).Select(choice => choice.Name));
    }

    [Fact]
    public void Chosen_day_is_a_working_day_of_the_team_and_within_a_year()
    {
        // A Saturday: the team is back on Monday.
        var snooze = Snooze.OnDay(Berlin, new DateOnly(2026, 12, 5));

        Assert.Equal((new DateTimeOffset(2026, 12, 7, 7, 30, 0, TimeSpan.Zero), "Until Monday 7 December, 08:30"), (snooze.Until!.Value, snooze.Title));
        Assert.Null(snooze.WhyNot(Friday));
        Assert.NotNull(snooze.WhyNot(Friday.AddDays(20)));
        Assert.NotNull(Snooze.OnDay(Berlin, new DateOnly(2028, 1, 3)).WhyNot(Friday));
    }

    [Fact]
    public void Case_sleeps_until_its_time_or_its_count_and_not_longer()
    {
        var byTime = Case();
        byTime.SnoozedUntil = Friday;
        Assert.True(byTime.IsAsleep(Friday.AddSeconds(-1)));
        Assert.False(byTime.IsAsleep(Friday));

        var byCount = Case();
        byCount.SnoozedPast = byCount.Occurrences + 2;
        byCount.Occurrences += 2;
        Assert.True(byCount.IsAsleep(Friday));
        byCount.Occurrences++;
        Assert.False(byCount.IsAsleep(Friday));
    }

    [Fact]
    public async Task Snoozed_case_is_on_its_own_shelf_and_comes_back_by_itself()
    {
        var now = TimeProvider.System.GetUtcNow();
        var about = Case();
        await using var store = await firm.OpenStoreAsync();
        store.ExceptionCases.Add(about);
        await store.SaveChangesAsync(Token);
        var open = new CaseSelection { Search = about.Subject };
        var asleep = open with { Shelf = CaseShelf.Asleep };

        await firm.Get<CaseActions>().SnoozeAsync(RunningFirm.Operations, about.Id, about.Version, new Snooze("hour", "For an hour", now.AddHours(1), null), "lunch", Token);
        Assert.Equal((0, 1), (Count(store, open, now), Count(store, asleep, now)));
        Assert.Equal((1, 0), (Count(store, open, now.AddMinutes(61)), Count(store, asleep, now.AddMinutes(61))));

        await firm.Get<CaseActions>().SnoozeAsync(RunningFirm.Operations, about.Id, about.Version + 1, new Snooze("times", "Until it was met 3 more times", null, 3), null, Token);
        Assert.Equal((0, 1), (Count(store, open, now.AddYears(1)), Count(store, asleep, now.AddYears(1))));

        await firm.Get<CaseActions>().SnoozeAsync(RunningFirm.Operations, about.Id, about.Version + 2, null, null, Token);
        Assert.Equal((1, 0), (Count(store, open, now), Count(store, asleep, now)));
    }

    private static int Count(EngineDbContext store, CaseSelection selection, DateTimeOffset now) => selection.Of(store, "", now).Count();

    private static ExceptionCase Case() => new()
    {
        Code = "HND-006",
        BusinessKey = $"tests:{Guid.NewGuid():n}",
        Subject = $"Snoozed {Guid.NewGuid():n}",
        Message = "Raised by a test.",
        Findings = "[]",
        Severity = nameof(CaseSeverity.Medium),
        OwnerGroup = nameof(CaseOwner.DeliveryOperations),
        RaisedAt = TimeProvider.System.GetUtcNow(),
    };
}
