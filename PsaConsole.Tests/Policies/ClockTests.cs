using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Tests.Policies;

/// <summary>When things are due: cases in business hours, retries in seconds.</summary>
public sealed class ClockTests
{
    [Fact]
    public void Case_raised_on_Friday_afternoon_is_due_on_Monday_afternoon()
    {
        // O23: London, 09:00–17:30, eight hours: one is left on Friday, seven are worked on Monday.
        var london = new ServiceClock(TimeZoneInfo.FindSystemTimeZoneById("Europe/London"), new TimeOnly(9, 0), new TimeOnly(17, 30));

        var due = london.Due(new DateTimeOffset(2026, 3, 13, 16, 30, 0, TimeSpan.Zero), TimeSpan.FromHours(8));

        Assert.Equal(new DateTimeOffset(2026, 3, 16, 16, 0, 0, TimeSpan.Zero), due);
    }

    [Fact]
    public void Retries_wait_longer_each_time_up_to_a_quarter_of_an_hour() =>
        Assert.Equal([2, 4, 8, 16, 32, 64, 128, 256, 512, 900], Enumerable.Range(1, 10).Select(attempt => (int)RetrySchedule.Cap(attempt).TotalSeconds));

    [Fact]
    public void Vendor_that_names_a_time_is_not_asked_before_it() =>
        Assert.Equal(TimeSpan.FromSeconds(30), RetrySchedule.Delay(1, 0.5, TimeSpan.FromSeconds(30)));

    [Fact]
    public void Budget_ends_with_ten_attempts_or_a_day()
    {
        var now = new DateTimeOffset(2026, 3, 13, 12, 0, 0, TimeSpan.Zero);

        Assert.False(RetrySchedule.IsExhausted(9, now.AddHours(-23), now));
        Assert.True(RetrySchedule.IsExhausted(10, now, now));
        Assert.True(RetrySchedule.IsExhausted(2, now.AddHours(-24), now));
    }

    [Fact]
    public void Every_kind_of_case_has_one_line() => Assert.Equal(CaseKinds.All.Count, CaseKinds.All.Select(kind => kind.Code).Distinct().Count());
}
