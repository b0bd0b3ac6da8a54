using System.Diagnostics;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Staffing;

namespace PsaConsole.Tests.Staffing;

/// <summary>A change is checked while somebody waits: the budgets leave room for a loaded machine.</summary>
public sealed class SpeedTests(ITestOutputHelper output)
{
    private static readonly DateOnly Monday = new(2026, 3, 2);

    [Fact]
    public void One_person_is_checked_in_a_millisecond_and_everybody_in_seconds()
    {
        // The aim is 1 ms a person at the median; 5,000 people with 200,000 assignments are 5,000 times this.
        var rules = Samples.Rules with { LabourPacks = LabourPacks.Shipped };
        var people = Enumerable.Range(0, 200).Select(number => (Person: Samples.Person with { Id = $"{number}", Country = "DE", Leaves = [new Leave(new DateRange(Monday.AddDays(number), Monday.AddDays(number + 9)), null)] }, Work: Work(number))).ToList();
        var window = new DateRange(Monday, Monday.AddDays(364));
        people.ForEach(item => StaffingCheck.Find(item.Person, item.Work, window, rules));

        var times = people.Select(item =>
        {
            var began = Stopwatch.GetTimestamp();
            StaffingCheck.Find(item.Person, item.Work, window, rules);
            return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }).Order().ToList();

        output.WriteLine($"p50 {times[100]:0.000} ms, p95 {times[190]:0.000} ms, all {times.Sum():0} ms for {people.Count} people");
        Assert.InRange(times[100], 0, 5);
    }

    /// <summary>Forty assignments of a few weeks over a year, as a consultant with many small projects has them.</summary>
    private static List<Assignment> Work(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 40).Select(number =>
        {
            var from = Monday.AddDays(random.Next(340));
            return Samples.Work($"{number}", from, from.AddDays(random.Next(5, 30)), SpreadMethod.EvenHours, random.Next(8, 60), hard: random.Next(4) > 0);
        })];
    }
}
