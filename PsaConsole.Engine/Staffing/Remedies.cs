using System.Globalization;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Staffing;

/// <summary>What may be done about a conflict.</summary>
public enum RemedyKind
{
    /// <summary>Fewer hours on the same dates.</summary>
    Trim,

    /// <summary>The same hours before and after the days on which the person is not available.</summary>
    Split,

    /// <summary>The same work, later.</summary>
    Move,
}

/// <summary>A way out of a conflict that was checked to be one.</summary>
/// <param name="BookingId">The booking that changes.</param>
/// <param name="Parts">Its new terms; a second part is a booking of its own.</param>
/// <param name="HoursLost">Work that is not done any more.</param>
/// <param name="DaysLater">Calendar days by which the work ends later.</param>
/// <param name="Text">What it does and what it costs, in words.</param>
public sealed record Remedy(RemedyKind Kind, string BookingId, IReadOnlyList<BookingTerms> Parts, decimal HoursLost, int DaysLater, string Text)
{
    /// <summary>Cost of the hours that are not done, when the cost of an hour is known.</summary>
    public Money? Cost { get; init; }
}

/// <summary>
/// Looks for ways out of a conflict, and offers those only after which the assignment has no part in anything that blocks. Pure: the same search is done
/// again, on fresh facts, when somebody chooses.
/// </summary>
public static class Remedies
{
    private const int MostDaysLater = 90;
    private const decimal Step = 0.25m;

    /// <param name="bookingId">The assignment that gives way.</param>
    public static IReadOnlyList<Remedy> Find(StaffedPerson person, IReadOnlyList<Assignment> assignments, string bookingId, DateRange window, StaffingRules rules, OutcomeMatrix matrix)
    {
        if (assignments.FirstOrDefault(item => item.Id == bookingId) is not { Method: SpreadMethod.EvenHours } giving)
        {
            return [];
        }

        bool IsClean(IReadOnlyList<BookingTerms> parts) => StandsClean(person, assignments, giving, parts, window, rules, matrix);
        return [.. new[] { Trim(person, giving, IsClean), Split(person, giving, IsClean), Move(person, giving, IsClean) }.OfType<Remedy>()];
    }

    /// <summary>Whether the assignment, taken apart like this and confirmed, has no part in any conflict that blocks.</summary>
    public static bool StandsClean(
        StaffedPerson person, IReadOnlyList<Assignment> assignments, Assignment giving, IReadOnlyList<BookingTerms> parts, DateRange window, StaffingRules rules, OutcomeMatrix matrix)
    {
        var mine = parts.Select((part, index) => giving with { Id = $"{giving.Id}#{index}", Dates = new DateRange(part.From, part.To), Value = part.Hours, Hard = true }).ToList();
        var ids = mine.Select(item => item.Id).ToHashSet(StringComparer.Ordinal);
        var last = parts.Max(part => part.To);
        var range = last > window.To ? window with { To = last } : window;
        return !StaffingCheck.Find(person, assignments.Where(item => item.Id != giving.Id).Concat(mine), range, rules)
            .Any(conflict => conflict.Involved.Any(ids.Contains) && matrix.Of(conflict) >= ConfirmationOutcome.BlockUnlessOverridden);
    }

    /// <summary>The most hours that stand clean on the same dates, to the quarter of an hour.</summary>
    private static Remedy? Trim(StaffedPerson person, Assignment giving, Func<IReadOnlyList<BookingTerms>, bool> isClean)
    {
        var (low, high) = (0, (int)Math.Floor(giving.Value / Step));
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = isClean([Terms(giving, middle * Step)]) ? (middle, high) : (low, middle - 1);
        }

        var hours = low * Step;
        var lost = giving.Value - hours;
        return hours <= 0m || lost <= 0m || !isClean([Terms(giving, hours)]) ? null : new Remedy(
            RemedyKind.Trim, giving.Id, [Terms(giving, hours)], lost, 0, string.Create(CultureInfo.InvariantCulture, $"Trim to {hours:0.00} h on the same dates: {lost:0.00} h are not done."))
        {
            Cost = Bench.Cost(lost, person.CostRate),
        };
    }

    /// <summary>Around the first stretch of days off within the dates: as many working days later as it takes.</summary>
    private static Remedy? Split(StaffedPerson person, Assignment giving, Func<IReadOnlyList<BookingTerms>, bool> isClean)
    {
        var end = Planning.End(giving);
        var days = Days(giving.Dates.From, end).Where(date => person.Calendar.HoursOn(date) > 0m).ToList();
        bool IsOff(DateOnly date) => person.Leaves.Any(leave => leave.Status == LeaveStatus.Approved && leave.Dates.Contains(date));
        var before = days.TakeWhile(date => !IsOff(date)).ToList();
        var off = days.Skip(before.Count).TakeWhile(IsOff).ToList();
        if (before.Count == 0 || off.Count == 0)
        {
            return null;
        }

        var after = off[^1].AddDays(1);
        var last = end;
        for (var left = off.Count; left > 0 && last < end.AddDays(MostDaysLater);)
        {
            last = last.AddDays(1);
            left -= person.Calendar.HoursOn(last) > 0m ? 1 : 0;
        }

        var first = decimal.Round(giving.Value * before.Count / days.Count, 2, MidpointRounding.AwayFromZero);
        BookingTerms[] parts = [new(giving.Dates.From, before[^1], first, giving.Hard), new(after, last, giving.Value - first, giving.Hard)];
        var later = last.DayNumber - end.DayNumber;
        return !isClean(parts) ? null : new Remedy(
            RemedyKind.Split, giving.Id, parts, 0m, later,
            string.Create(CultureInfo.InvariantCulture, $"Split: {first:0.00} h until {before[^1]:yyyy-MM-dd}, the rest from {after:yyyy-MM-dd}; it ends {later} days later, on {last:yyyy-MM-dd}."));
    }

    /// <summary>The nearest later start, a working day at a time, at which everything stands clean.</summary>
    private static Remedy? Move(StaffedPerson person, Assignment giving, Func<IReadOnlyList<BookingTerms>, bool> isClean)
    {
        for (var later = 1; later <= MostDaysLater; later++)
        {
            var from = giving.Dates.From.AddDays(later);
            if (person.Calendar.HoursOn(from) <= 0m)
            {
                continue;
            }

            BookingTerms[] parts = [new(from, Planning.End(giving).AddDays(later), giving.Value, giving.Hard)];
            if (isClean(parts))
            {
                return new Remedy(RemedyKind.Move, giving.Id, parts, 0m, later, string.Create(CultureInfo.InvariantCulture, $"Move to {from:yyyy-MM-dd}: the same hours, {later} days later."));
            }
        }

        return null;
    }

    private static BookingTerms Terms(Assignment giving, decimal hours) => new(giving.Dates.From, Planning.End(giving), hours, giving.Hard);

    private static IEnumerable<DateOnly> Days(DateOnly from, DateOnly to)
    {
        for (var date = from; date <= to; date = date.AddDays(1))
        {
            yield return date;
        }
    }
}
