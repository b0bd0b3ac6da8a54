using System.Globalization;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Workday;

/// <summary>What the people department does on a business day: approve absences, hire now and then, and record who leaves.</summary>
internal sealed class WorkdayLife(HumanResources office, RecordStore store, SampleFirm firm)
{
    public IEnumerable<Func<ActivityFact>> Day(DateOnly day, Random random)
    {
        var workers = store["worker"].Scan().Where(worker => worker.Date("terminationDate") is null && worker.Date("hireDate") <= day).ToList();
        if (workers.Count == 0)
        {
            yield break;
        }

        for (var count = Math.Max(1, workers.Count / 60); count > 0; count--)
        {
            var worker = workers[random.Next(workers.Count)];
            var date = Weekday(day.AddDays(random.Next(1, 30)));
            yield return () => TimeOff(worker, date);
        }

        if (random.Next(100) < 25)
        {
            var (worker, first) = (workers[random.Next(workers.Count)], day.AddDays(random.Next(5, 40)));
            var length = random.Next(30, 120);
            yield return () => Leave(worker, first, first.AddDays(length));
        }

        if (random.Next(100) < 30)
        {
            yield return () => Hire(day.AddDays(random.Next(0, 30)), random);
        }

        // Managers stay: their teams would have nobody to report to.
        var leaver = workers[random.Next(workers.Count)];
        if (random.Next(100) < 15 && store["worker"].FirstBy("manager", leaver.Text("employeeId")!) is null)
        {
            var last = day.AddDays(random.Next(5, 30));
            yield return () => Leaves(leaver, last);
        }
    }

    private ActivityFact TimeOff(Record worker, DateOnly date)
    {
        var hours = Math.Round(worker.Number("weeklyHours")!.Value / 5m, 2, MidpointRounding.AwayFromZero);
        var entry = office.ApproveTimeOff(worker, date, hours, "Vacation", "", null);
        return Fact("leave-approved", entry.Id, $"{Name(worker)} is off on {Iso(date)} for {hours.ToString(CultureInfo.InvariantCulture)} hours.");
    }

    private ActivityFact Leave(Record worker, DateOnly first, DateOnly last)
        => Fact("leave-approved", office.ApproveLeave(worker, first, last, "Parental Leave", "Birth of a child").Id, $"{Name(worker)} is on leave from {Iso(first)} to {Iso(last)}.");

    private ActivityFact Hire(DateOnly start, Random random)
    {
        var number = store["worker"].ScanAll().Count() + 1;
        var colleagues = firm.Consultants.Where(person => person.Billable && person.Role != "Project Manager").ToList();
        var like = colleagues[random.Next(colleagues.Count)];
        var key = string.Create(CultureInfo.InvariantCulture, $"E{number:0000}");
        var (first, last) = (random.Pick(Names.First), random.Pick(Names.Last));
        var worker = office.Hire(WorkdaySeed.Worker(
            like with { Number = key, FirstName = first, LastName = last, Email = $"{key}@northwind.example".ToLowerInvariant(), HireDate = start, TerminationDate = null, Fte = 1m, WeeklyHours = like.WeeklyHours / like.Fte }, random));
        return Fact("hired", worker.Id, $"{Name(worker)} starts on {Iso(start)} as {like.Role} in {like.LegalEntity}.");
    }

    private ActivityFact Leaves(Record worker, DateOnly last)
        => Fact("termination", office.Terminate(worker.Id, last, "Resignation").Id, $"{Name(worker)} leaves after {Iso(last)}.");

    private static DateOnly Weekday(DateOnly day) => day.DayOfWeek switch
    {
        DayOfWeek.Saturday => day.AddDays(2),
        DayOfWeek.Sunday => day.AddDays(1),
        _ => day,
    };

    private static ActivityFact Fact(string kind, string id, string summary) => new(0, default, "workday", kind, id, summary);

    private static string Name(Record worker) => $"{worker.Text("firstName")} {worker.Text("lastName")} ({worker.Text("employeeId")})";

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
