using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>
/// Submissions of time and expenses and what is decided about them. A submission holds lines of one person and one project; approving it makes its lines
/// unchangeable, rejecting or cancelling it gives them back, unless they are invoiced. Vendor page 5.3.
/// </summary>
internal sealed class KantataApprovals(RecordStore store)
{
    public const string Timesheets = "timesheet_submissions";
    public const string ExpenseReports = "expense_report_submissions";

    /// <summary>What may be decided, as the last part of the address.</summary>
    public static IReadOnlyList<string> Verbs { get; } = ["approve", "reject", "cancel"];

    private readonly KantataJson _json = new(store);

    public JsonObject Submit(string kind, JsonElement body)
    {
        var (lines, list) = Lines(kind);
        var wrapper = KantataSchema.Singular(kind);
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(wrapper, out var item) || item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(list, out var ids) || ids.ValueKind != JsonValueKind.Array)
        {
            throw KantataRefusal.Query($"param is missing or the value is empty: {wrapper}");
        }

        var records = ids.EnumerateArray().Select(id => store[lines].Find(id.ToString()) ?? throw KantataRefusal.Validation($"{list} could not be found", list)).ToList();
        return Answer(kind, Submit(kind, records));
    }

    /// <summary>Submits lines of one person and project.</summary>
    public Record Submit(string kind, IReadOnlyList<Record> records)
    {
        var (lines, list) = Lines(kind);
        if (records.Count == 0 || records.Select(record => (record.Text("workspace_id"), record.Text("user_id"))).Distinct().Count() != 1)
        {
            throw KantataRefusal.Validation("A submission holds lines of one project and one person.", list);
        }

        if (records.Any(record => record.Text("active_submission_id") is not null || record.Flag("approved") || record.Flag("is_invoiced")))
        {
            throw KantataRefusal.Validation("A line is submitted, approved or invoiced already.", list);
        }

        return store.Transact(() =>
        {
            var submission = store.Insert(kind, new Dictionary<string, object?>
            {
                ["workspace_id"] = records[0].Text("workspace_id"),
                ["user_id"] = records[0].Text("user_id"),
                [list] = new JsonArray([.. records.Select(record => (JsonNode)record.Id)]),
            });
            foreach (var record in records)
            {
                store.Update(lines, record.Id, new Dictionary<string, object?> { ["active_submission_id"] = submission.Id });
            }

            return submission;
        });
    }

    public JsonObject Decide(string kind, string id, string verb) => Answer(kind, Decide(kind, id, verb, by: null));

    /// <param name="by">Who decides; null is the project's lead.</param>
    public Record Decide(string kind, string id, string verb, string? by)
    {
        var (lines, list) = Lines(kind);
        return store.Transact(() =>
        {
            var submission = store[kind].Find(id) ?? throw KantataRefusal.OfStatus(404);
            var records = ((JsonArray)submission[list]!).Select(line => store[lines].Find(line!.ToString())).OfType<Record>().ToList();
            var status = submission.Text("status");
            if (verb == "cancel" ? status is not ("pending" or "approved") : status != "pending")
            {
                throw KantataRefusal.Validation($"A submission that is {status} can't be changed this way.", "status");
            }

            if (records.Any(record => record.Flag("is_invoiced")))
            {
                throw KantataRefusal.Validation("A line of this submission is invoiced.", "base");
            }

            foreach (var record in records)
            {
                store.Update(lines, record.Id, verb == "approve"
                    ? new Dictionary<string, object?> { ["approved"] = true }
                    : new Dictionary<string, object?> { ["approved"] = false, ["active_submission_id"] = null });
            }

            var lead = store["workspaces"].Find(submission.Text("workspace_id"))?.Text("primary_maven_id");
            return store.Update(kind, id, new Dictionary<string, object?>
            {
                ["status"] = verb switch { "approve" => "approved", "reject" => "rejected", _ => "cancelled" },
                ["resolution_creator_id"] = by ?? lead ?? store["users"].Scan().First().Id,
            });
        });
    }

    private JsonObject Answer(string kind, Record submission) => _json.Envelope(kind, [submission], 1, 20, 1, "");

    private static (string Table, string List) Lines(string kind) => kind == Timesheets ? ("time_entries", "time_entry_ids") : ("expenses", "expense_ids");
}
