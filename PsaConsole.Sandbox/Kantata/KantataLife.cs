using System.Globalization;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>What happens in Kantata on a business day: people who are booked enter their time, and leads approve what is a week old.</summary>
internal sealed class KantataLife(RecordStore store)
{
    private const int ShareWithTime = 90;
    private const int DaysUntilApproval = 7;
    private const int ApprovalWindow = 30;
    private const long FullDay = 480;

    public IEnumerable<Func<ActivityFact>> Day(DateOnly day, Random random)
    {
        var booked = store["workspace_allocations"].Scan()
            .Where(allocation => allocation.Flag("hard") && allocation.Date("start_date") <= day && allocation.Date("end_date") >= day && store["workspaces"].Find(allocation.Text("workspace_id"))?.Flag("archived") == false)
            .Where(_ => random.Next(100) < ShareWithTime).ToList();
        foreach (var allocation in booked)
        {
            yield return () => Enter(allocation, day);
        }

        var due = Enumerable.Range(DaysUntilApproval, ApprovalWindow).SelectMany(age => store["time_entries"].FindBy("date_performed", day.AddDays(-age))).Where(entry => !entry.Flag("approved") && entry.Text("active_submission_id") is null).ToList();
        foreach (var project in due.GroupBy(entry => entry.Text("workspace_id")!))
        {
            yield return () => Approve(project.Key, [.. project], day);
        }
    }

    private ActivityFact Enter(Record allocation, DateOnly day)
    {
        var (workspace, user) = (store["workspaces"].Find(allocation.Text("workspace_id"))!, store["users"].Find(allocation.Text("user_id")));
        var days = Math.Max(1, Workdays(allocation.Date("start_date")!.Value, allocation.Date("end_date")!.Value));
        var minutes = Math.Min(FullDay, (allocation.Number("minutes") ?? 0) / days);
        var entry = store.Insert("time_entries", new Dictionary<string, object?>
        {
            ["workspace_id"] = workspace.Id,
            ["user_id"] = user?.Id,
            ["date_performed"] = day,
            ["time_in_minutes"] = (long)(Math.Round(minutes / 15, 0, MidpointRounding.AwayFromZero) * 15),
            ["currency"] = workspace.Text("currency"),
            ["currency_base_unit"] = workspace["currency_base_unit"],
        });
        return Fact("time-entered", entry.Id, day, $"{user?.Text("full_name")} entered {entry["time_in_minutes"]} minutes on {workspace.Text("title")}.");
    }

    private ActivityFact Approve(string project, IReadOnlyList<Record> entries, DateOnly day)
    {
        var approvals = new KantataApprovals(store);
        foreach (var person in entries.GroupBy(entry => entry.Text("user_id")))
        {
            var submission = approvals.Submit(KantataApprovals.Timesheets, [.. person]);
            approvals.Decide(KantataApprovals.Timesheets, submission.Id, "approve", by: null);
        }

        return Fact("time-approved", project, day, string.Create(CultureInfo.InvariantCulture, $"{entries.Count} time entries of {store["workspaces"].Find(project)?.Text("title")} were approved."));
    }

    private static ActivityFact Fact(string kind, string id, DateOnly day, string summary) => new(0, day, "kantata", kind, id, summary);

    /// <summary>Mondays to Fridays, both ends included.</summary>
    internal static int Workdays(DateOnly first, DateOnly last)
        => Enumerable.Range(0, Math.Max(0, last.DayNumber - first.DayNumber + 1)).Count(offset => first.AddDays(offset).DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));
}
