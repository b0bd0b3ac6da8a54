using PsaConsole.Engine.Model;
using PsaConsole.Engine.Staffing;

namespace PsaConsole.Tests.Staffing;

/// <summary>Hours without work (O10), and bookings that disagree with tasks.</summary>
public sealed class BenchTests
{
    private static readonly DateOnly Monday = Samples.Monday;

    private static readonly StaffedPerson Person = Samples.Person with { Calendar = WorkCalendar.FullTime with { Holidays = new Dictionary<DateOnly, decimal> { [Monday.AddDays(4)] = 1m } } };

    [Fact]
    public void Bench_of_the_tenth_example_has_its_hours_and_its_cost()
    {
        var hard = Samples.Work("1", Monday, Monday.AddDays(10), SpreadMethod.EvenHours, 18m);
        var tentative = Samples.Work("2", Monday, Monday.AddDays(10), SpreadMethod.EvenHours, 16m, hard: false) with { ProbabilityPercent = 50 };
        var plan = Planning.Of(Person, [hard, tentative], new DateRange(Monday, Monday.AddDays(13)));

        var bench = Bench.Of(plan, Samples.Rules);
        var rate = new Money(68.50m, "EUR");

        Assert.Equal((72m, 18m, 25.0m), (bench.NetHours, bench.HardBillableHours, bench.UtilisationPercent));
        Assert.Equal((54m, new Money(3_699.00m, "EUR")), (bench.Hours, Bench.Cost(bench.Hours, rate)));
        Assert.Equal((46m, new Money(3_151.00m, "EUR")), (bench.WeightedHours, Bench.Cost(bench.WeightedHours, rate)));
        Assert.Equal("STF-311", Bench.Find(plan, Samples.Rules)?.Code);
    }

    [Fact]
    public void Nobody_looks_for_work_for_somebody_who_leaves()
    {
        var plan = Planning.Of(Person with { LastWorkingDay = Monday.AddDays(60) }, [], new DateRange(Monday, Monday.AddDays(13)));

        Assert.Null(Bench.Find(plan, Samples.Rules));
    }

    [Fact]
    public void Two_weeks_that_miss_each_other_are_two_findings_though_the_month_is_even()
    {
        WeekHours[] bookings = [new("A", "E", Monday, 40m)];
        WeekHours[] tasks = [new("A", "E", Monday.AddDays(7), 40m), new("A", "F", Monday, 2m)];

        var found = BookingComparison.Find(bookings, tasks, Samples.Rules).ToList();

        Assert.Equal([(Monday, 40m), (Monday.AddDays(7), -40m)], found.Select(conflict => (conflict.From, conflict.Hours)));
        Assert.All(found, conflict => Assert.Equal(("STF-312", ConflictSeverity.Low), (conflict.Code, conflict.Severity)));
    }
}
