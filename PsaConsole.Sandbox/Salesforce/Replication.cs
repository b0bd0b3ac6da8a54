using System.Globalization;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>The ids that were changed or deleted in a time. Seconds of start and end are ignored; changes reach back 30 days, deletions 15.</summary>
internal sealed class Replication(RecordStore store, SandboxClock clock)
{
    private const int MostIds = 600_000;

    public RestReply Updated(RestCall call, SObject item)
    {
        var (start, end) = Window(call, 30);
        var ids = store[item.Name].ModifiedSince(start).Where(record => !record.Deleted && record.Modified < end).OrderBy(record => record.Modified).Select(record => record.Id).ToList();
        Limit(ids.Count);
        return new RestReply(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("ids");
            foreach (var id in ids)
            {
                writer.WriteStringValue(id);
            }

            writer.WriteEndArray();
            writer.WriteString("latestDateCovered", SalesforceJson.Instant(end));
            writer.WriteEndObject();
        });
    }

    public RestReply Deleted(RestCall call, SObject item)
    {
        var (start, end) = Window(call, 15);
        var records = store[item.Name].ModifiedSince(start).Where(record => record.Deleted && record.Modified < end).OrderBy(record => record.Modified).ToList();
        Limit(records.Count);
        return new RestReply(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("deletedRecords");
            foreach (var record in records)
            {
                writer.WriteStartObject();
                writer.WriteString("deletedDate", SalesforceJson.Instant((DateTimeOffset)SObject.Value(record, "SystemModstamp")!));
                writer.WriteString("id", record.Id);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteString("earliestDateAvailable", SalesforceJson.Instant(Minute(clock.GetUtcNow().AddDays(-15))));
            writer.WriteString("latestDateCovered", SalesforceJson.Instant(end));
            writer.WriteEndObject();
        });
    }

    private (DateTimeOffset Start, DateTimeOffset End) Window(RestCall call, int days)
    {
        var (start, end) = (Minute(Instant(call, "start")), Minute(Instant(call, "end")));
        if (start >= end)
        {
            throw SalesforceRefusal.Call(400, "INVALID_REPLICATION_DATE", "startDate before endDate: start and end must be at least one minute apart");
        }

        return start < clock.GetUtcNow().AddDays(-days)
            ? throw SalesforceRefusal.Call(400, "INVALID_REPLICATION_DATE", string.Create(CultureInfo.InvariantCulture, $"startDate cannot be more than {days} days ago"))
            : (start, end);
    }

    private static DateTimeOffset Instant(RestCall call, string name)
        => DateTimeOffset.TryParse(call.Parameter(name)?.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : throw SalesforceRefusal.Call(400, "INVALID_REPLICATION_DATE", $"{name} is not a valid date and time");

    private static DateTimeOffset Minute(DateTimeOffset instant) => new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);

    private static void Limit(int count)
    {
        if (count > MostIds)
        {
            throw SalesforceRefusal.Call(400, "EXCEEDED_ID_LIMIT", "exceeded id limit, cannot return more than 600000 ids");
        }
    }
}
