using CsCheck;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Staffing;

namespace PsaConsole.Tests.Staffing;

/// <summary>The engine's sweep finds what a slow reading of the specification finds, for any person and any work.</summary>
public sealed class BruteForceTests
{
    private static readonly DateOnly Monday = new(2026, 3, 2);

    private static readonly DateRange Window = new(Monday, Monday.AddDays((10 * 7) - 1));

    private static readonly Gen<DateOnly> Dates = Gen.Int[0, 69].Select(day => Monday.AddDays(day));

    private static readonly Gen<DateRange> Ranges = Gen.Select(Dates, Gen.Int[0, 30], (from, days) => new DateRange(from, from.AddDays(days)));

    private static readonly Gen<Leave> Leaves = Gen.Select(
        Ranges, AnyOf<decimal?>(null, 2m, 4m, 7.5m), AnyOf(LeaveStatus.Approved, LeaveStatus.Approved, LeaveStatus.Requested), (dates, hours, status) => new Leave(dates, hours, status));

    private static readonly Gen<Assignment> Work = Gen.Select(
        Ranges, AnyOf(SpreadMethod.Percent, SpreadMethod.EvenHours, SpreadMethod.FixedPerDay), Gen.Int[1, 1000], Gen.Bool, Gen.Int[0, 100], Gen.Int[0, 9],
        (dates, method, amount, hard, probability, order) => new Assignment
        {
            Id = "?",
            PersonId = "A",
            EngagementId = "E",
            Title = "Work",
            ClientId = "C",
            Dates = dates,
            Method = method,
            Value = method switch { SpreadMethod.Percent => amount % 150, SpreadMethod.FixedPerDay => amount % 120 / 10m, _ => amount % 400 / 4m },
            Hard = hard,
            ProbabilityPercent = probability,
            CreatedAt = DateTimeOffset.UnixEpoch.AddDays(order),
        });

    private static readonly Gen<StaffedPerson> People = Gen.Select(
        Leaves.Array[0, 4], AnyOf(1m, 0.8m, 0.5m, 0.33m), Gen.Bool, Dates.Array[0, 4], AnyOf(-1, 5, 20), AnyOf(-1, 30, 50),
        (leaves, share, personal, holidays, hired, last) => new StaffedPerson
        {
            Id = "A",
            Name = "Ada",
            FullTimeEquivalent = share,
            CalendarBasis = personal ? CalendarBasis.PersonalPattern : CalendarBasis.FullTimePattern,
            Calendar = new WorkCalendar { WeekPattern = [8m, 8m, 7.5m, 8m, personal ? 0m : 6.25m, 0m, 0m], Holidays = holidays.Distinct().ToDictionary(date => date, date => date.Day % 2 == 0 ? 1m : 0.5m) },
            Leaves = leaves,
            HiredOn = hired < 0 ? null : Monday.AddDays(hired),
            LastWorkingDay = last < 0 ? null : Monday.AddDays(last),
        });

    private static readonly Gen<(StaffedPerson Person, Assignment[] Work)> Cases = Gen.Select(People, Work.Array[0, 6], (person, work) => (person, work.Select((item, index) => item with { Id = $"a{index}" }).ToArray()));

    [Fact]
    public void Sweep_lays_out_the_days_that_the_specification_does() => Cases.Sample(
        item =>
        {
            var plan = Planning.Of(item.Person, item.Work, Window);
            foreach (var day in BruteForce.Days(item.Person, item.Work, Window))
            {
                var figures = plan.On(day.Date);
                Assert.Equal((day.Capacity, day.Leave, day.Net, day.Hard, day.Tentative), (figures.Capacity, figures.Leave, figures.Net, figures.Hard, figures.Tentative));
            }
        },
        iter: 2_000);

    [Fact]
    public void Sweep_finds_the_days_and_weeks_that_the_specification_does() => Cases.Sample(
        item =>
        {
            var days = BruteForce.Days(item.Person, item.Work, Window);
            var found = StaffingCheck.Find(item.Person, item.Work, Window, Samples.Rules);

            Assert.Equal(
                BruteForce.DaysOver(item.Person, days),
                [.. found.Where(conflict => conflict.Kind == ConflictKind.DayOverAllocation).SelectMany(conflict => conflict.Days.Select(day => (day.Date, day.Hours, conflict.Severity == ConflictSeverity.High))).OrderBy(day => day.Date)]);
            var weeks = BruteForce.WeeksOver(item.Person, days);
            Assert.Equal(weeks.Sum(week => week.Value), found.Where(conflict => conflict.Kind == ConflictKind.WeekOverAllocation).Sum(conflict => conflict.Hours));
            Assert.Equal(weeks.Keys.Order(), found.Where(conflict => conflict.Kind == ConflictKind.WeekOverAllocation).SelectMany(Mondays).Order());
        },
        iter: 2_000);

    [Fact]
    public void Sweep_gives_leave_and_employment_the_hours_that_the_specification_does() => Cases.Sample(
        item =>
        {
            // Long leaves count every hour of everybody; they have a test of their own.
            var rules = Samples.Rules with { LongLeaveDays = int.MaxValue };
            var found = StaffingCheck.Find(item.Person, item.Work, Window, rules);

            var leave = found.Where(conflict => conflict.Kind == ConflictKind.LeaveOverlap).SelectMany(conflict => conflict.Days).GroupBy(day => day.Date).ToDictionary(group => group.Key, group => group.Sum(day => day.Hours));
            Assert.Equal(BruteForce.LeaveHours(BruteForce.Days(item.Person, item.Work, Window)).OrderBy(pair => pair.Key), leave.OrderBy(pair => pair.Key));
            Assert.Equal(BruteForce.HoursOutside(item.Person, item.Work, Window), found.Where(conflict => conflict.Code == "STF-306").Sum(conflict => conflict.Hours));
        },
        iter: 2_000);

    [Fact]
    public void Explanation_is_enough_and_nothing_in_it_can_be_left_out() => Cases.Sample(
        item =>
        {
            foreach (var conflict in StaffingCheck.Find(item.Person, item.Work, Window, Samples.Rules).Where(conflict => conflict.Kind == ConflictKind.DayOverAllocation))
            {
                Assignment[] because = [.. item.Work.Where(work => conflict.Because.Contains(work.Id))];
                Assert.True(IsOver(item.Person, because, conflict.From));
                Assert.All(because, left => Assert.False(because.Length > 1 && IsOver(item.Person, [.. because.Where(work => work != left)], conflict.From)));
            }
        },
        iter: 1_000);

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static bool IsOver(StaffedPerson person, Assignment[] work, DateOnly date) =>
        BruteForce.DaysOver(person, BruteForce.Days(person, work, new DateRange(date, date))).Count > 0;

    private static IEnumerable<DateOnly> Mondays(Conflict conflict)
    {
        for (var week = conflict.From; week <= conflict.To; week = week.AddDays(7))
        {
            yield return week;
        }
    }
}
