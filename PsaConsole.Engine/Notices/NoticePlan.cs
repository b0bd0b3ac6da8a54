using PsaConsole.Engine.Exceptions;

namespace PsaConsole.Engine.Notices;

/// <summary>
/// When a team is told of a case (3-workflows 3k): at once or in the next digest by severity, then at 50, 100 and 150 % of the time to resolve; outside
/// of quiet hours unless the case is Critical.
/// </summary>
public static class NoticePlan
{
    /// <summary>Local times of the digests.</summary>
    private static readonly TimeOnly[] Digests = [new(8, 30), new(13, 30)];

    /// <summary>Every notice of a case, in order of time.</summary>
    /// <param name="clock">The owning team's working time.</param>
    public static IEnumerable<(NoticeStage Stage, DateTimeOffset At)> Of(CaseSeverity severity, DateTimeOffset raisedAt, ServiceClock clock)
    {
        var hours = ServiceClock.HoursToResolve(severity);
        yield return severity is CaseSeverity.Critical or CaseSeverity.High
            ? (NoticeStage.Raised, Awake(severity, raisedAt, clock))
            : (NoticeStage.Digest, NextDigest(raisedAt, clock));
        yield return (NoticeStage.HalfTime, clock.Due(raisedAt, hours * 0.5));
        yield return (NoticeStage.Overdue, clock.Due(raisedAt, hours));
        yield return (NoticeStage.LongOverdue, clock.Due(raisedAt, hours * 1.5));
    }

    /// <summary>The moment itself, or the beginning of the next working day when the team is off.</summary>
    private static DateTimeOffset Awake(CaseSeverity severity, DateTimeOffset at, ServiceClock clock) =>
        severity is CaseSeverity.Critical ? at : clock.Due(at, TimeSpan.Zero);

    private static DateTimeOffset NextDigest(DateTimeOffset at, ServiceClock clock)
    {
        var local = TimeZoneInfo.ConvertTime(at, clock.Zone).DateTime;
        for (var day = DateOnly.FromDateTime(local); ; day = day.AddDays(1))
        {
            if (!clock.IsWorkingDay(day))
            {
                continue;
            }

            foreach (var slot in Digests.Select(time => day.ToDateTime(time)).Where(slot => slot > local))
            {
                return new DateTimeOffset(slot, clock.Zone.GetUtcOffset(slot)).ToUniversalTime();
            }
        }
    }
}
