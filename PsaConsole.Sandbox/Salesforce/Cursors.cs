using System.Globalization;
using System.Text.Json;
using PsaConsole.Sandbox.Core;
using PsaConsole.Sandbox.Salesforce.Soql;

namespace PsaConsole.Sandbox.Salesforce;

/// <summary>Queries and their pages. A locator belongs to the session that opened it; the eleventh open one closes the first.</summary>
internal sealed class Cursors(RecordStore store, SandboxClock clock)
{
    private const int MostOpen = 10;
    private readonly QueryRunner _runner = new(store, clock);
    private readonly Lock _lock = new();
    private readonly List<Cursor> _open = [];
    private long _lastLocator;

    public RestReply Query(RestCall call, bool withDeleted)
    {
        var text = call.Parameter("q") ?? throw SalesforceRefusal.Query("MALFORMED_QUERY", "A query string has to be specified");
        var query = SoqlParser.Parse(text);
        var (records, rows) = _runner.Run(query, withDeleted, call.Version);
        if (query.CountsOnly)
        {
            return new RestReply(200, writer => WritePage(writer, call, records.Count, null, rows, []));
        }

        return records.Count <= call.BatchSize ? Page(call, null, records, rows, 0) : Page(call, Open(call.Session, records, rows), records, rows, 0);
    }

    /// <exception cref="SalesforceRefusal">INVALID_QUERY_LOCATOR.</exception>
    public RestReply Next(RestCall call, string locator)
    {
        var parts = locator.Split('-');
        lock (_lock)
        {
            var cursor = _open.Find(candidate => candidate.Locator == parts[0] && candidate.Session == call.Session);
            if (cursor is null || parts.Length != 2 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var offset) || offset >= cursor.Records.Count)
            {
                throw SalesforceRefusal.Query("INVALID_QUERY_LOCATOR", "invalid query locator");
            }

            if (offset + call.BatchSize >= cursor.Records.Count)
            {
                _open.Remove(cursor);
            }

            return Page(call, cursor.Locator, cursor.Records, cursor.Rows, offset);
        }
    }

    private string Open(string session, IReadOnlyList<Record> records, RowWriter rows)
    {
        lock (_lock)
        {
            if (_open.Count == MostOpen)
            {
                _open.RemoveAt(0);
            }

            var locator = SalesforceId.New("01g", ++_lastLocator);
            _open.Add(new Cursor(locator, session, records, rows));
            return locator;
        }
    }

    private static RestReply Page(RestCall call, string? locator, IReadOnlyList<Record> records, RowWriter rows, int offset)
    {
        var end = Math.Min(records.Count, offset + call.BatchSize);
        var page = records.Skip(offset).Take(end - offset);
        var next = locator is not null && end < records.Count ? string.Create(CultureInfo.InvariantCulture, $"{locator}-{end}") : null;
        return new RestReply(200, writer => WritePage(writer, call, records.Count, next, rows, page));
    }

    private static void WritePage(Utf8JsonWriter writer, RestCall call, int total, string? next, RowWriter rows, IEnumerable<Record> page)
    {
        writer.WriteStartObject();
        writer.WriteNumber("totalSize", total);
        writer.WriteBoolean("done", next is null);
        if (next is not null)
        {
            // queryAll hands out /query/ addresses too.
            writer.WriteString("nextRecordsUrl", $"/services/data/v{call.Version}/query/{next}");
        }

        writer.WriteStartArray("records");
        foreach (var record in page)
        {
            rows.Write(writer, record);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private sealed record Cursor(string Locator, string Session, IReadOnlyList<Record> Records, RowWriter Rows);
}
