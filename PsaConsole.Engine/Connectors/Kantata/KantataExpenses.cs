using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>Expenses with what was decided about their report. https://developer.kantata.com/tag/Expenses</summary>
public sealed class KantataExpenses(KantataHttp http, MappingSets mappings) : IExpenseBook
{
    internal const string Resource = "expenses";
    private const string ReadSet = "kantata.expense.read";
    private static readonly string[] Associations = ["user"];

    public string SystemName => KantataHttp.System;

    public ITarget<PostedMark> Marks { get; } = new KantataMarks(http, "Expense", "expense");

    public async Task<Expense?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var line = (await http.ListWithAsync(Resource, $"only={Uri.EscapeDataString(id)}&from_archived_workspaces=true", Associations, cancellationToken)).FirstOrDefault();
        if (line is null)
        {
            return null;
        }

        if (line["active_submission_id"]?.ToString() is { } submission)
        {
            line["approver"] = await KantataTime.ApproverAsync(http, "expense_report_submissions", submission, cancellationToken);
        }

        return Read(line);
    }

    public async Task<IReadOnlyList<Expense>> ReadClaimedAsync(Expense expense, CancellationToken cancellationToken)
    {
        var day = expense.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var found = await http.ListWithAsync(
            Resource, $"workspace_id={Uri.EscapeDataString(expense.ProjectId)}&date_between={day}:{day}&from_archived_workspaces=true&order=created_at:asc", Associations, cancellationToken);
        return [.. found.Select(Read).Where(other => string.Equals(other.Person, expense.Person, StringComparison.OrdinalIgnoreCase))];
    }

    private Expense Read(JsonObject line) => mappings.Read<Expense>(ReadSet, line);
}
