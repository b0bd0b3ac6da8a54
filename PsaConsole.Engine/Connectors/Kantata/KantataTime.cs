using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors.Kantata;

/// <summary>Time entries with what was decided about their submission. https://developer.kantata.com/tag/Time-Entries</summary>
public sealed class KantataTime(KantataHttp http, MappingSets mappings) : ITimeBook
{
    private const string Resource = "time_entries";
    private const string ReadSet = "kantata.time.read";
    private static readonly string[] Associations = ["user", "role"];

    public string SystemName => KantataHttp.System;

    public ITarget<PostedMark> Marks { get; } = new KantataMarks(http, "TimeEntry", "time_entry");

    public string LaneOf(string projectId) => LaneKeyOf(projectId);

    public async Task<TimeEntry?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var entry = (await http.ListWithAsync(Resource, $"only={Uri.EscapeDataString(id)}&from_archived_workspaces=true", Associations, cancellationToken)).FirstOrDefault();
        if (entry is null)
        {
            return null;
        }

        if (entry["active_submission_id"]?.ToString() is { } submission)
        {
            entry["approver"] = await ApproverAsync(http, "timesheet_submissions", submission, cancellationToken);
        }

        return mappings.Read<TimeEntry>(ReadSet, entry);
    }

    public async Task<IReadOnlyList<TimeEntry>> ReadDayAsync(TimeEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Person is null)
        {
            return [entry];
        }

        var day = entry.WorkDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var found = await http.ListWithAsync(Resource, $"date_performed_between={day}:{day}&from_archived_workspaces=true&order=created_at:asc", Associations, cancellationToken);
        return [.. found.Where(other => string.Equals(other["user"]?["email_address"]?.ToString(), entry.Person, StringComparison.OrdinalIgnoreCase)).Select(other => mappings.Read<TimeEntry>(ReadSet, other))];
    }

    /// <summary>Entries changed since then, in their projects' lanes; those that were deleted are told by events, where the account has them.</summary>
    internal static async Task<IEnumerable<Change>> ReadChangesAsync(KantataHttp http, string resource, string sourceType, string since, CancellationToken cancellationToken)
    {
        var changed = await http.ListAsync(resource, $"updated_after={since}&from_archived_workspaces=true&order=updated_at:asc", cancellationToken);
        var deleted = await DeletedAsync(http, sourceType, since, cancellationToken);
        return
        [
            .. changed.Select(record => ToChange(sourceType, record["id"]!.ToString(), record["updated_at"]!.ToString(), record)),
            .. deleted.Select(gone => ToChange(sourceType, gone["subject_ref"]!["id"]!.ToString(), "deleted", gone, gone["previous_payload"]?.AsObject())),
        ];
    }

    /// <summary>Events are bought apart from the API (vendor page 5.4): without them a hard delete is found by reconciliation only.</summary>
    private static async Task<List<JsonObject>> DeletedAsync(KantataHttp http, string sourceType, string since, CancellationToken cancellationToken)
    {
        try
        {
            return await http.ListAsync("subscribed_events", $"created_after={since}&event_types={sourceType.Replace('-', '_')}:deleted", cancellationToken);
        }
        catch (ConnectorException notBought) when (notBought.Status is 403 or 404)
        {
            return [];
        }
    }

    /// <summary>The user who decided about a submission.</summary>
    internal static async Task<JsonObject?> ApproverAsync(KantataHttp http, string resource, string submission, CancellationToken cancellationToken) =>
        (await http.FindAsync(resource, submission, cancellationToken))?["resolution_creator_id"]?.ToString() is { } user ? await http.FindAsync("users", user, cancellationToken) : null;

    private static Change ToChange(string sourceType, string id, string revision, JsonObject notice, JsonObject? payload = null)
    {
        var at = (notice["updated_at"] ?? notice["created_at"])!.ToString();
        var project = (payload ?? notice)["workspace_id"]?.ToString();
        return new Change(sourceType, id, revision, DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), notice) { LaneKey = project is null ? null : LaneKeyOf(project) };
    }

    private static string LaneKeyOf(string project) => $"engagement:{KantataHttp.System}:{project}";
}
