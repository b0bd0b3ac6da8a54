using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Notices;

namespace PsaConsole.Tests.Notices;

/// <summary>Who is told when: by severity, by the team's hours, and again as its time runs out (3k, clock of O23).</summary>
public sealed class NoticePlanTests
{
    private static readonly ServiceClock London = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/London"), new TimeOnly(9, 0), new TimeOnly(17, 30));

    [Fact]
    public void High_case_is_told_at_once_and_again_at_half_time_overdue_and_long_overdue()
    {
        // O23: raised Friday 16:30, eight hours: half of them end on Monday at 12:00, all at 16:00, twelve on Tuesday at 11:30.
        Assert.Equal(
            [(NoticeStage.Raised, At(13, 16, 30)), (NoticeStage.HalfTime, At(16, 12, 0)), (NoticeStage.Overdue, At(16, 16, 0)), (NoticeStage.LongOverdue, At(17, 11, 30))],
            NoticePlan.Of(CaseSeverity.High, At(13, 16, 30), London));
    }

    [Fact]
    public void Quiet_hours_end_in_the_morning_and_only_a_critical_case_breaks_them()
    {
        Assert.Equal((NoticeStage.Raised, At(16, 9, 0)), NoticePlan.Of(CaseSeverity.High, At(14, 3, 0), London).First());
        Assert.Equal((NoticeStage.Raised, At(14, 3, 0)), NoticePlan.Of(CaseSeverity.Critical, At(14, 3, 0), London).First());
    }

    [Theory]
    [InlineData(13, 8, 29, 13, 8, 30)]
    [InlineData(13, 8, 30, 13, 13, 30)]
    [InlineData(13, 13, 30, 16, 8, 30)]
    public void Medium_case_waits_for_the_next_digest_of_a_working_day(int day, int hour, int minute, int digestDay, int digestHour, int digestMinute) =>
        Assert.Equal((NoticeStage.Digest, At(digestDay, digestHour, digestMinute)), NoticePlan.Of(CaseSeverity.Medium, At(day, hour, minute), London).First());

    private static DateTimeOffset At(int day, int hour, int minute) => new(2026, 3, day, hour, minute, 0, TimeSpan.Zero);
}
