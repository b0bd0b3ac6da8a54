using System.Diagnostics;
using System.Globalization;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Staffing;

namespace PsaConsole.Benchmarks;

/// <summary>All staffing checks over a year: of one person, as after a change while somebody waits, and of a whole firm.</summary>
internal static class StaffingBench
{
    private const int People = 5_000;
    private const int AssignmentsEach = 40;
    private const int Sample = 200;
    private static readonly DateOnly Monday = new(2026, 3, 2);

    public static Task MeasureAsync(CancellationToken cancellationToken)
    {
        var rules = new StaffingRules { Today = Monday, LabourPacks = LabourPacks.Shipped };
        var window = new DateRange(Monday, Monday.AddDays(364));
        var firm = Enumerable.Range(0, People).Select(number => (Person: Person(number), Work: Work(number))).ToList();
        firm.Take(Sample).ToList().ForEach(item => StaffingCheck.Find(item.Person, item.Work, window, rules));

        var times = firm.Take(Sample).Select(item => Milliseconds(() => StaffingCheck.Find(item.Person, item.Work, window, rules))).Order().ToList();
        cancellationToken.ThrowIfCancellationRequested();
        var all = Milliseconds(() => Parallel.ForEach(firm, new ParallelOptions { CancellationToken = cancellationToken }, item => StaffingCheck.Find(item.Person, item.Work, window, rules)));

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Staffing, a year and every rule: one person with {AssignmentsEach} assignments p50 {times[Sample / 2]:0.00} ms, p95 {times[Sample * 95 / 100]:0.00} ms; {People:N0} people with {People * AssignmentsEach:N0} assignments {all / 1000:0.0} s."));
        Console.WriteLine();
        return Task.CompletedTask;
    }

    private static double Milliseconds(Action work)
    {
        var began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static StaffedPerson Person(int number) => new()
    {
        Id = $"{number}",
        Name = $"Person {number}",
        Calendar = WorkCalendar.FullTime,
        LegalEntity = "DE01",
        Country = "DE",
        Leaves = [new Leave(new DateRange(Monday.AddDays(number % 350), Monday.AddDays((number % 350) + 9)), null)],
    };

    /// <summary>Forty assignments of a few weeks over a year, as a consultant with many small projects has them.</summary>
    private static List<Assignment> Work(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, AssignmentsEach).Select(number =>
        {
            var from = Monday.AddDays(random.Next(340));
            return new Assignment
            {
                Id = $"{number}",
                PersonId = $"{seed}",
                EngagementId = $"E-{number}",
                Title = $"Project {number}",
                ClientId = $"C-{number}",
                Dates = new DateRange(from, from.AddDays(random.Next(5, 30))),
                Method = SpreadMethod.EvenHours,
                Value = random.Next(8, 60),
                Hard = random.Next(4) > 0,
                CreatedAt = DateTimeOffset.UnixEpoch.AddDays(number),
            };
        })];
    }
}
