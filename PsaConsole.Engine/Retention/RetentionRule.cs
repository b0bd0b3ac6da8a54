namespace PsaConsole.Engine.Retention;

/// <summary>How long rows of one table are kept, and what becomes of them then (9-access 9.3). Nothing that is unresolved falls under a rule.</summary>
/// <param name="Title">What it is, as people call it.</param>
/// <param name="Table">The table.</param>
/// <param name="Months">Kept for so many months.</param>
/// <param name="Source">Where the number comes from.</param>
/// <param name="Becomes">What becomes of a row, in words.</param>
/// <param name="At">SQL of the time from which the months count, of the row named item.</param>
/// <param name="IsDue">SQL that holds for rows that nobody needs any more, besides their age; true of no unresolved one.</param>
/// <param name="Set">SQL of what is changed; null to remove the row.</param>
public sealed record RetentionRule(string Title, string Table, int Months, string Source, string Becomes, string At, string IsDue, string? Set)
{
    private const string RunHasEnded = "exists (select from run where run.id = item.run_id and run.status in ('Completed','Compensated','Ended'))";
    private const string RunHasNoCase = "not exists (select from exception_case about where about.run_id = item.run_id and about.status in ('Open','Retrying'))";

    /// <summary>
    /// Every rule. What stands in no rule is kept for good: runs and their operation keys, cases with their history, postings, approvals. The audit trail (ten years) is
    /// append-only, for the console too: see docs/adr/0013.
    /// </summary>
    public static IReadOnlyList<RetentionRule> All { get; } =
    [
        new(
            "What steps asked and were answered", "run_step", 3, "9.3: integration payloads 90 days, then hash and metadata", "its hash and length stay",
            "item.ended_at", $"item.detail is not null and not jsonb_exists(item.detail, 'sha256') and item.status in ('Done','Skipped','Undone') and {RunHasEnded} and {RunHasNoCase}",
            "detail = jsonb_build_object('sha256', encode(sha256(convert_to(item.detail::text, 'UTF8')), 'hex'), 'length', length(item.detail::text))"),
        new(
            "What calls behind settled cases asked and were answered", "exception_case", 3, "9.3: integration payloads 90 days", "the case stays, the search finds it no longer by them",
            "item.closed_at", "item.payload is not null and item.status in ('Resolved','Waived')",
            "payload = null"),
        new(
            "Received changes", "inbox_item", 14, "3.0.2: keys at least 400 days", "the row is removed",
            "item.ended_at", $"item.status in ('Taken','Ended') and (item.run_id is null or ({RunHasEnded} and {RunHasNoCase})) and not exists (select from exception_case about where about.business_key = item.system_name || ':' || item.source_type || ':' || item.source_id and about.status in ('Open','Retrying'))",
            null),
        new(
            "Notices that were sent", "team_notice", 12, "9.3: notifications 12 months", "the row is removed",
            "coalesce(item.sent_at, item.due_at)", "item.status in ('Sent','Failed','Dropped') and exists (select from exception_case about where about.id = item.case_id and about.status in ('Resolved','Waived'))",
            null),
        new(
            "Staffing conflicts that are gone", "conflict", 24, "9.3: staffing conflicts 24 months", "the row is removed",
            "item.gone_at", "item.gone_at is not null",
            null),
        new(
            "Counted calls of a day", "call_quota", 3, "as the answers that they brought", "the row is removed",
            "item.day::timestamptz", "true",
            null),
    ];

    /// <summary>The day and hour before which rows are not kept any longer.</summary>
    public DateTimeOffset Before(DateTimeOffset now) => now.AddMonths(-Months);

    /// <summary>Counts by month what is due at $1.</summary>
    internal string CountSql => $"select to_char({At} at time zone 'UTC', 'YYYY-MM') as month, count(*) as rows from {Table} item where {At} < $1 and {IsDue} group by 1 order by 1";

    /// <summary>Does a portion of {1} rows that are due at {0}; what somebody works on is left for the next night.</summary>
    internal string PortionSql => Set is null
        ? $"delete from {Table} where ctid in ({Portion})"
        : $"update {Table} item set {Set} where item.ctid in ({Portion})";

    private string Portion => $"select item.ctid from {Table} item where {At} < {{0}} and {IsDue} limit {{1}} for update of item skip locked";
}
