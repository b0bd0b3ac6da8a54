using System.Globalization;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Firm;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>What happens in Kantata on a business day: people who are booked enter their time and some of them what they spent, and leads approve what is a week old.</summary>
internal sealed class KantataLife(RecordStore store)
{
    private const int ShareWithTime = 90;
    private const int ShareWithExpense = 6;
    private const int DaysUntilApproval = 7;
    private const int ApprovalWindow = 30;
    private const long FullDay = 480;

    /// <summary>What is spent on the way, and most that is spent on it, in units of the project's currency (a hundred for a yen).</summary>
    private static readonly (string Category, int Most)[] Spent = [("Train", 140), ("Hotel", 190), ("Meals", 60), ("Taxi", 45), ("Airfare", 420)];

    public IEnumerable<Func<ActivityFact>> Day(DateOnly day, Random random)
    {
        var booked = store["workspace_allocations"].Scan()
            .Where(allocation => allocation.Flag("hard") && allocation.Date("start_date") <= day && allocation.Date("end_date") >= day && store["workspaces"].Find(allocation.Text("workspace_id"))?.Flag("archived") == false)
            .Where(_ => random.Next(100) < ShareWithTime).ToList();
        foreach (var allocation in booked)
        {
            yield return () => Enter(allocation, day);
            if (random.Next(100) < ShareWithExpense)
            {
                var (category, most) = Spent[random.Next(Spent.Length)];
                var amount = random.Next(most * 20, most * 100);
                yield return () => Claim(allocation, category, amount, day);
            }
        }

        foreach (var (kind, table, dated) in new[] { (KantataApprovals.Timesheets, "time_entries", "date_performed"), (KantataApprovals.ExpenseReports, "expenses", "date") })
        {
            var due = Enumerable.Range(DaysUntilApproval, ApprovalWindow).SelectMany(age => store[table].FindBy(dated, day.AddDays(-age))).Where(line => !line.Flag("approved") && line.Text("active_submission_id") is null).ToList();
            foreach (var project in due.GroupBy(line => line.Text("workspace_id")!))
            {
                yield return () => Approve(kind, project.Key, [.. project], day);
            }
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

    /// <param name="hundredths">Of the project's currency, where that has hundredths; its yen are as many as hundredths of a euro.</param>
    private ActivityFact Claim(Record allocation, string category, int hundredths, DateOnly day)
    {
        var (workspace, user) = (store["workspaces"].Find(allocation.Text("workspace_id"))!, store["users"].Find(allocation.Text("user_id")));
        var claim = store.Insert("expenses", new Dictionary<string, object?>
        {
            ["workspace_id"] = workspace.Id,
            ["user_id"] = user?.Id,
            ["date"] = day,
            ["category"] = category,
            ["amount_in_cents"] = (long)hundredths,
            ["taxable"] = category is "Hotel" or "Meals",
            ["tax_in_cents"] = category is "Hotel" or "Meals" ? (long)Math.Round(hundredths * 0.07m / 1.07m, 0, MidpointRounding.AwayFromZero) : null,
            ["receipt_id"] = string.Create(CultureInfo.InvariantCulture, $"{workspace.Id}-{day:yyyyMMdd}-{hundredths}"),
            ["currency"] = workspace.Text("currency"),
            ["currency_base_unit"] = workspace["currency_base_unit"],
        });
        return Fact("expense-claimed", claim.Id, day, $"{user?.Text("full_name")} claimed {category} on {workspace.Text("title")}.");
    }

    private ActivityFact Approve(string kind, string project, IReadOnlyList<Record> lines, DateOnly day)
    {
        var approvals = new KantataApprovals(store);
        foreach (var person in lines.GroupBy(line => line.Text("user_id")))
        {
            var submission = approvals.Submit(kind, [.. person]);
            approvals.Decide(kind, submission.Id, "approve", by: null);
        }

        var (fact, what) = kind == KantataApprovals.Timesheets ? ("time-approved", "time entries") : ("expenses-approved", "expenses");
        return Fact(fact, project, day, string.Create(CultureInfo.InvariantCulture, $"{lines.Count} {what} of {store["workspaces"].Find(project)?.Text("title")} were approved."));
    }

    private static ActivityFact Fact(string kind, string id, DateOnly day, string summary) => new(0, day, "kantata", kind, id, summary);

    /// <summary>Mondays to Fridays, both ends included.</summary>
    internal static int Workdays(DateOnly first, DateOnly last)
        => Enumerable.Range(0, Math.Max(0, last.DayNumber - first.DayNumber + 1)).Count(offset => first.AddDays(offset).DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));
}
