using PsaConsole.Engine.Model;
using PsaConsole.Engine.Staffing;

namespace PsaConsole.Tests.Staffing;

/// <summary>How hours come to their days: the worked examples O2, O3 and O4 with their numbers.</summary>
public sealed class SpreadingTests
{
    private static readonly StaffedPerson PartTime = Samples.Person with { FullTimeEquivalent = 0.8m };

    private static readonly StaffedPerson FourDays = Samples.Person with
    {
        FullTimeEquivalent = 0.8m,
        CalendarBasis = CalendarBasis.PersonalPattern,
        Calendar = new WorkCalendar { WeekPattern = [8m, 8m, 8m, 8m, 0m, 0m, 0m] },
    };

    [Fact]
    public void Part_time_is_applied_once()
    {
        // O2: applying it to a personal pattern as well would leave 25.6 h a week.
        Assert.Equal(32.0m, Capacity(PartTime));
        Assert.Equal(32.0m, Capacity(FourDays));
    }

    [Fact]
    public void Half_of_a_part_time_week_is_sixteen_hours_either_way()
    {
        Assert.Equal([3.2m, 3.2m, 3.2m, 3.2m, 3.2m, 0m, 0m], Spread(PartTime, SpreadMethod.Percent, 50m));
        Assert.Equal([4m, 4m, 4m, 4m, 0m, 0m, 0m], Spread(FourDays, SpreadMethod.Percent, 50m));
    }

    [Fact]
    public void Even_hours_know_the_days_that_somebody_works()
    {
        Assert.Equal([2m, 2m, 2m, 2m, 2m, 0m, 0m], Spread(PartTime, SpreadMethod.EvenHours, 10m));
        Assert.Equal([2.5m, 2.5m, 2.5m, 2.5m, 0m, 0m, 0m], Spread(FourDays, SpreadMethod.EvenHours, 10m));
    }

    [Fact]
    public void Even_hours_leave_holidays_out_and_put_the_remainder_on_the_last_day()
    {
        // O3: Good Friday and Easter Monday are holidays in Germany, not in the United States.
        var from = new DateOnly(2026, 4, 1);
        var easter = new Dictionary<DateOnly, decimal> { [new(2026, 4, 3)] = 1m, [new(2026, 4, 6)] = 1m };
        var germany = Samples.Person with { Calendar = WorkCalendar.FullTime with { Holidays = easter } };

        Assert.Equal([5m, 5m, 0m, 0m, 0m, 0m, 5m, 5m], Spread(germany, SpreadMethod.EvenHours, 20m, from, 8));
        Assert.Equal([3.33m, 3.33m, 3.33m, 0m, 0m, 3.33m, 3.33m, 3.35m], Spread(Samples.Person, SpreadMethod.EvenHours, 20m, from, 8));
    }

    [Fact]
    public void Thirty_seven_hours_over_seven_days_end_with_a_little_more()
    {
        var hours = Spread(Samples.Person, SpreadMethod.EvenHours, 37m, Samples.Monday, 9);

        Assert.Equal([5.28m, 5.28m, 5.28m, 5.28m, 5.28m, 0m, 0m, 5.28m, 5.32m], hours);
    }

    [Fact]
    public void Front_loading_fills_what_is_free_and_never_overbooks()
    {
        // O4: 8/8/4/0/0 are taken.
        var taken = Samples.Work("1", Samples.Monday, Samples.Monday.AddDays(4), SpreadMethod.Contour, 0m) with
        {
            Contour = new Dictionary<DateOnly, decimal> { [Samples.Monday] = 8m, [Samples.Monday.AddDays(1)] = 8m, [Samples.Monday.AddDays(2)] = 4m },
        };
        var front = Samples.Work("2", Samples.Monday, Samples.Monday.AddDays(4), SpreadMethod.FrontLoad, 20m);
        var plan = Planning.Of(Samples.Person, [taken, front], Samples.Week(Samples.Monday));

        Assert.Equal([0m, 0m, 4m, 8m, 8m], Samples.Hours(plan, "2", Samples.Monday, 5));
        Assert.DoesNotContain(StaffingCheck.Find(plan, Samples.Rules), conflict => conflict.IsCase);
    }

    [Fact]
    public void Hours_that_find_no_room_are_said()
    {
        var front = Samples.Work("1", Samples.Monday, Samples.Monday.AddDays(4), SpreadMethod.FrontLoad, 45m);

        var conflict = Assert.Single(StaffingCheck.Find(Samples.Person, [front], Samples.Week(Samples.Monday), Samples.Rules));

        Assert.Equal((ConflictKind.Unplaceable, 5m), (conflict.Kind, conflict.Hours));
    }

    [Fact]
    public void Assignment_without_an_end_is_refused() =>
        Assert.Contains("no last day", Assert.Throws<ArgumentException>(() => Planning.Of(Samples.Person, [Samples.Work("1", Samples.Monday, Samples.Monday, SpreadMethod.Percent, 10m) with { Dates = new DateRange(Samples.Monday, null) }], Samples.Week(Samples.Monday))).Message);

    private static decimal Capacity(StaffedPerson person)
    {
        var plan = Planning.Of(person, [], Samples.Week(Samples.Monday));
        return Enumerable.Range(0, 7).Sum(day => plan.On(Samples.Monday.AddDays(day)).Capacity);
    }

    private static decimal[] Spread(StaffedPerson person, SpreadMethod method, decimal value) => Spread(person, method, value, Samples.Monday, 7);

    private static decimal[] Spread(StaffedPerson person, SpreadMethod method, decimal value, DateOnly from, int days)
    {
        var work = Samples.Work("1", from, from.AddDays(days - 1), method, value);
        return Samples.Hours(Planning.Of(person, [work], new DateRange(from, from.AddDays(days - 1))), "1", from, days);
    }
}
