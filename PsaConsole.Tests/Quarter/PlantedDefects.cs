using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Kantata;
using PsaConsole.Tests.Workflows;
using Consultant = PsaConsole.Sandbox.Firm.Consultant;
using Record = PsaConsole.Sandbox.Core.Record;

namespace PsaConsole.Tests.Quarter;

/// <summary>
/// What people do wrong: each stands in the end as one open case with the code that domain/4 gives it, and nothing of it is in the books.
/// </summary>
internal sealed class PlantedDefects(RecordStore kantata, List<string> log)
{
    /// <summary>The code of the case by how the business key of its run begins.</summary>
    private readonly Dictionary<string, string> planted = new(StringComparer.Ordinal);

    public int Count => planted.Count;

    /// <param name="kind">Which of the four; taken in turn.</param>
    /// <param name="day">A business day. Hours are entered for the weekend before it, when nobody works.</param>
    public void Plant(int kind, Timesheets project, Consultant person, DateOnly day)
    {
        var sunday = day.AddDays(-(int)day.DayOfWeek);
        switch (kind % 4)
        {
            case 0:
                Claim("EXP-501", project, person, day, receipt: null);
                break;
            case 1:
                Claim("EXP-504", project, person, day.AddDays(-100), receipt: "old");
                break;
            case 2:
                // No day has so many hours.
                Approve(KantataApprovals.Timesheets, "time-entry", "TIM-410", Hours(project, person, sunday, 25), by: null);
                break;
            default:
                // Nobody approves their own.
                Approve(KantataApprovals.Timesheets, "time-entry", "TIM-411", Hours(project, person, sunday.AddDays(-1), 6), by: project.UserOf(person));
                break;
        }
    }

    /// <summary>What does not fit between the cases that are open and what was done wrong.</summary>
    /// <param name="open">Business key of the run, code and sentence of each.</param>
    public IEnumerable<string> Differences(IReadOnlyList<(string Key, string Code, string Told)> open)
    {
        foreach (var (key, code) in planted)
        {
            if (open.Count(found => found.Key.StartsWith(key, StringComparison.Ordinal) && found.Code == code) != 1)
            {
                yield return $"no case, or several, {code} for {key}";
            }
        }

        foreach (var found in open.Where(found => !planted.Any(known => found.Key.StartsWith(known.Key, StringComparison.Ordinal) && found.Code == known.Value)))
        {
            yield return $"a case without a cause: {found.Code} {found.Told}";
        }
    }

    private void Claim(string code, Timesheets project, Consultant person, DateOnly day, string? receipt)
    {
        var workspace = kantata["workspaces"].Find(project.Workspace)!;
        var claim = kantata.Insert("expenses", new Dictionary<string, object?>
        {
            ["workspace_id"] = project.Workspace,
            ["user_id"] = project.UserOf(person),
            ["date"] = day,
            ["category"] = "Train",
            // An amount of its own, so that it is not taken for another one claimed twice.
            ["amount_in_cents"] = 200_00L + planted.Count,
            ["is_billable"] = true,
            ["taxable"] = false,
            ["receipt_id"] = receipt is null ? null : $"{receipt}-{planted.Count}",
            ["currency"] = workspace.Text("currency"),
            ["currency_base_unit"] = workspace["currency_base_unit"],
        });
        Approve(KantataApprovals.ExpenseReports, "expense", code, claim, by: null);
    }

    private Record Hours(Timesheets project, Consultant person, DateOnly day, int hours)
    {
        var workspace = kantata["workspaces"].Find(project.Workspace)!;
        return kantata.Insert("time_entries", new Dictionary<string, object?>
        {
            ["workspace_id"] = project.Workspace,
            ["user_id"] = project.UserOf(person),
            ["date_performed"] = day,
            ["time_in_minutes"] = hours * 60L,
            ["billable"] = true,
            ["currency"] = workspace.Text("currency"),
            ["currency_base_unit"] = workspace["currency_base_unit"],
        });
    }

    private void Approve(string report, string kind, string code, Record line, string? by)
    {
        var approvals = new KantataApprovals(kantata);
        approvals.Decide(report, approvals.Submit(report, [line]).Id, "approve", by);
        planted[$"{kind}:kantata:{line.Id}:"] = code;
        log.Add($"plant {code}: {kind} {line.Id}");
    }
}
