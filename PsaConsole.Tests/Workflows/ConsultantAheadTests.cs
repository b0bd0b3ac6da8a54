using PsaConsole.Engine.Model;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Tests.Workflows;

/// <summary>What HR enters ahead. Each test has a firm of its own, since it moves the clock.</summary>
public sealed class ConsultantAheadTests : IAsyncLifetime
{
    private readonly ShiftedTime clock = new();
    private readonly RunningFirm firm;
    private SamplePeople people = null!;

    public ConsultantAheadTests(PostgresFixture postgres) => firm = new RunningFirm(postgres) { Time = clock };

    public async ValueTask InitializeAsync()
    {
        await firm.InitializeAsync();
        people = new SamplePeople(firm);
    }

    public ValueTask DisposeAsync() => firm.DisposeAsync();

    [Fact]
    public async Task Change_ahead_takes_effect_at_midnight_where_the_person_works_and_a_rescinded_one_never()
    {
        var (person, other) = (people.Somebody("JP01", 0), people.Somebody("DE01", 0));
        var day = people.Today.AddDays(3);
        people.Office.ChangeJob(people.Worker(person.Number).Id, day, new() { ["level"] = "L5" });
        people.Office.ChangeJob(people.Worker(other.Number).Id, day, new() { ["level"] = "L5" });

        var due = Assert.Single(await WaitingAsync(person.Number), item => item.Revision == $"due-{day:yyyy-MM-dd}");
        var midnight = ConsultantChanges.Midnight(day, TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"));
        Assert.Equal(midnight, due.ResumeAt);
        await WaitingAsync(other.Number);
        people.Office.Rescind(people.Worker(other.Number).Id, day);
        await people.CompletedAsync(person.Number, () => people.Field(person.Email, "Level") is not null);
        Assert.Equal(person.Level, people.Field(person.Email, "Level"));

        await MoveToAsync(midnight.AddMinutes(1));
        await people.CompletedAsync(person.Number, () => people.Field(person.Email, "Level") == "L5");
        Assert.Equal("L5", people.Field(person.Email, "Level"));
        Assert.Equal(other.Level, people.Worker(other.Number).Text("level"));

        await MoveToAsync(ConsultantChanges.Midnight(day, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).AddMinutes(1));
        await people.RunOfAsync(other.Number, run => run.Status == RunStatus.Completed && run.BusinessKey.EndsWith($"due-{day:yyyy-MM-dd}", StringComparison.Ordinal));
        Assert.Equal(other.Level, people.Field(other.Email, "Level"));
    }

    [Fact]
    public async Task Hire_ahead_is_set_up_on_the_first_day_and_a_leaver_is_out_when_the_tail_ends()
    {
        var first = people.Today.AddDays(5);
        var hired = SamplePeople.Like(people.Somebody("US01", 0), "E9100", first);
        people.GiveAccount(hired.Email);
        var worker = people.Hire(hired);
        await WaitingAsync("E9100");
        Assert.Null(people.User(hired.Email));

        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        await MoveToAsync(ConsultantChanges.Midnight(first, zone).AddMinutes(1));
        await people.CompletedAsync("E9100", () => people.User(hired.Email) is not null);
        Assert.NotNull(people.User(hired.Email));

        var last = first.AddDays(10);
        people.Office.Terminate(worker.Id, last, "Resignation");
        await people.CompletedAsync("E9100", () => people.Field(hired.Email, "Last Working Day") is not null);
        Assert.Equal(PersonStanding.Leaving, (await people.RowAsync("E9100"))!.Standing);
        Assert.Null(people.Membership(hired.Email)!["disabled_at"]);
        Assert.Equal(last, people.InErp(hired.Email)["US01"].Date("releasedate"));

        await MoveToAsync(ConsultantChanges.Midnight(Engine.Policies.PersonPolicy.TailOf(last).AddDays(1), zone).AddMinutes(1));
        await people.CompletedAsync("E9100", () => people.Membership(hired.Email)!["disabled_at"] is not null);
        Assert.True(people.InErp(hired.Email)["US01"].Flag("isInactive"));
    }

    private async Task MoveToAsync(DateTimeOffset instant)
    {
        await people.MoveSandboxAsync(instant);
        clock.MoveTo(instant);
    }

    private async Task<List<Engine.Inbox.InboxItem>> WaitingAsync(string number)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            if (await people.InboxAsync("consultant-due", number) is { Count: > 0 } found)
            {
                return found;
            }

            await again.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
