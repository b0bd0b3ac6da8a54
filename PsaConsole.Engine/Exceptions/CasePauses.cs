using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Notices;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Exceptions;

/// <summary>
/// Stops the clock of a case that waits for an outside party, with a reason and for at most five days altogether (4-exceptions): its deadline and the reminders
/// that are still to come move by the working hours of its team that pass meanwhile.
/// </summary>
public sealed class CasePauses(CaseDesk desk, TeamClocks teams)
{
    /// <summary>All pauses of a case together.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromDays(5);

    /// <summary>Stops the clock.</summary>
    /// <param name="days">For how many days from now.</param>
    /// <exception cref="RefusedException">The person may not, gave no reason, or there is no time left to stop.</exception>
    public Task PauseAsync(Actor actor, long caseId, int version, int days, string reason, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new RefusedException("Say whom it waits for: the reason stays with the case.");
        }

        return desk.ChangeAsync(actor, caseId, version, "pause", string.Create(CultureInfo.InvariantCulture, $"{days} {(days == 1 ? "day" : "days")}: {reason.Trim()}"), async (store, about, now) =>
        {
            if (about.IsPaused(now))
            {
                throw new RefusedException("Its clock stands still already.");
            }

            if (about.DueAt is not { } due || due <= now)
            {
                throw new RefusedException("Its time has run out: there is no clock left to stop.");
            }

            var rested = Rested(about);
            if (days < 1 || rested + TimeSpan.FromDays(days) > Most)
            {
                throw new RefusedException($"A case waits at most {Most.TotalDays:0} days for others, all pauses together: {LeftOf(about)} left.");
            }

            (about.ClockRested, about.ClockPausedAt, about.ClockPausedUntil) = (rested, now, now.AddDays(days));
            await MoveAsync(store, about, now, now, now.AddDays(days), cancellationToken);
        }, cancellationToken);
    }

    /// <summary>Lets the clock run again before the pause is over.</summary>
    /// <exception cref="RefusedException">The person may not, or it runs.</exception>
    public Task ResumeAsync(Actor actor, long caseId, int version, CancellationToken cancellationToken) =>
        desk.ChangeAsync(actor, caseId, version, "resume", null, async (store, about, now) =>
        {
            if (!about.IsPaused(now) || about.ClockPausedUntil is not { } until)
            {
                throw new RefusedException("Its clock runs.");
            }

            await MoveAsync(store, about, now, until, now, cancellationToken);
            (about.ClockRested, about.ClockPausedAt, about.ClockPausedUntil) = (about.ClockRested + (now - about.ClockPausedAt!.Value), null, null);
        }, cancellationToken);

    /// <summary>Whole days that the case may still wait.</summary>
    public static int DaysLeft(ExceptionCase about) => (int)(Most - Rested(about)).TotalDays;

    /// <summary>The moment that is as many working hours after <paramref name="to"/> as <paramref name="at"/> is after <paramref name="from"/>.</summary>
    public static DateTimeOffset Moved(ServiceClock clock, DateTimeOffset at, DateTimeOffset from, DateTimeOffset to) =>
        clock.Due(to, clock.Worked(from, at));

    private static TimeSpan Rested(ExceptionCase about) =>
        about.ClockRested + (about is { ClockPausedAt: { } began, ClockPausedUntil: { } ended } ? ended - began : TimeSpan.Zero);

    private static string LeftOf(ExceptionCase about) => DaysLeft(about) switch { <= 0 => "none is", 1 => "1 is", var days => string.Create(CultureInfo.InvariantCulture, $"{days} are") };

    private async Task MoveAsync(EngineDbContext store, ExceptionCase about, DateTimeOffset now, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var clock = teams.Of(about.OwnerGroup);
        var due = Moved(clock, about.DueAt!.Value, from, to);
        about.PriorityAt += due - about.DueAt.Value;
        about.DueAt = due;
        foreach (var notice in await store.TeamNotices.Where(item => item.CaseId == about.Id && item.Status == NoticeStatus.Planned && item.Stage != NoticeStage.Raised && item.Stage != NoticeStage.Digest && item.DueAt > now).ToListAsync(cancellationToken))
        {
            notice.DueAt = Moved(clock, notice.DueAt, from, to);
        }
    }
}
