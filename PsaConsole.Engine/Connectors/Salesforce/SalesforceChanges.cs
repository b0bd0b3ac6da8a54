using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;

namespace PsaConsole.Engine.Connectors.Salesforce;

/// <summary>
/// Changed opportunities and accounts by SystemModstamp. Each round starts a little before the newest stamp read, since a long transaction
/// becomes visible late under an early stamp; what was already handed over is known by its mark and left out. Stamps are whole seconds,
/// so the revision also carries a digest of the state: two saves within one second are two changes. A billing schedule's entry that is saved is a change of its
/// opportunity, and a price one of its price book: Salesforce itself leaves those as they were.
/// </summary>
internal sealed class SalesforceChanges(SalesforceHttp http, MappingSets mappings, TimeProvider clock)
{
    private const int PageRows = 200;
    private const int FirstReadDays = 30;
    private const string StampForm = "yyyyMMddHHmmssfff";

    // Marks of all streams must fit the stored cursor.
    private const int MarksKept = 70;
    private const int EntryMarksKept = 5;
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    private static readonly Stream[] Streams =
    [
        new("opportunity", "opportunity", "Opportunity", DealReader.OpportunitySet, null),
        new("client", "client", "Account", "salesforce.client.read", null),
        new("entry", "opportunity", "Billing_Schedule_Entry__c", "salesforce.schedule-entry.read", "Opportunity__c"),
        new("rate", "rate-card", "PricebookEntry", DealReader.RateSet, "Pricebook2Id") { NewCounts = true },
    ];

    public async Task<ChangePage> ReadAsync(string? cursor, CancellationToken cancellationToken)
    {
        var positions = cursor is null ? [] : Parse(cursor);
        List<Change> found = [];
        foreach (var stream in Streams)
        {
            positions[stream.Key] = await ReadAsync(stream, positions.GetValueOrDefault(stream.Key), cursor is null, found, cancellationToken);
        }

        return new ChangePage(found, JsonSerializer.Serialize(positions, MappingSets.Json), positions.Values.Any(position => position.Paging));
    }

    /// <summary>The stamp in a revision; null for that of a notice, which has none.</summary>
    public static DateTimeOffset? SavedAt(string revision) =>
        DateTimeOffset.TryParseExact(revision.Split('-')[0], StampForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var stamp) ? stamp : null;

    private async Task<Position> ReadAsync(Stream stream, Position? position, bool isFirst, List<Change> found, CancellationToken cancellationToken)
    {
        var began = clock.GetUtcNow();
        var fields = Soql.Fields(mappings.SourcesOf(stream.Set), stream.Parent is { } parent ? ["Id", "SystemModstamp", "CreatedDate", parent] : ["Id", "SystemModstamp"]);
        var conditions = string.Join(" AND ", Conditions(stream, position, isFirst).Select(condition => $"({condition})"));
        var where = conditions.Length == 0 ? "" : $" WHERE {conditions}";
        var rows = await http.QueryAsync($"SELECT {fields} FROM {stream.Object}{where} ORDER BY SystemModstamp, Id LIMIT {PageRows}", cancellationToken);

        var first = position is null || (position.First && position.Paging);
        var next = (position ?? new Position { Since = clock.GetUtcNow() }) with { First = first, Paging = rows.Count == PageRows };
        if (position is not { Paging: true })
        {
            next = next with { ReadAt = began };
        }

        foreach (var row in rows)
        {
            var (id, isNew) = (row["Id"]!.ToString(), IsNew(stream, row));
            var change = ToChange(stream, row);
            var mark = Mark(id + change.Revision);
            if (!isNew && !next.Marks.Contains(mark))
            {
                found.Add(change);
            }

            next = next.After(id, change.OccurredAt, isNew ? null : mark, stream.Parent is null ? MarksKept : EntryMarksKept, clock.GetUtcNow());
        }

        // Where a page began matters within a round only.
        return next.Paging ? next : next with { Page = null, PageId = null };
    }

    private IEnumerable<string> Conditions(Stream stream, Position? position, bool isFirst)
    {
        if (stream.Key == "opportunity" && (position is null || (position.First && position.Paging)))
        {
            // Of interest at first: open deals, and won ones of late that no project was made of.
            var number = mappings.SourceOf("salesforce.hand-off.read", "projectNumber");
            var since = Soql.Instant(clock.GetUtcNow().AddDays(-FirstReadDays));
            yield return $"IsClosed = false OR (IsWon = true AND {number} = null AND SystemModstamp >= {since})";
        }

        if (position is { Page: { } page, PageId: { } id, Paging: true })
        {
            yield return After(page, id);
        }
        else if (position is { Newest: { } newest, NewestId: { } newestId })
        {
            // What was under way when the newest stamp was first seen has ended after the overlap, and a round since then has read it.
            yield return position.ReadAt - position.Since > Overlap ? After(newest, newestId) : $"SystemModstamp >= {Soql.Instant(newest - Overlap)}";
        }
        else if (stream.Parent is not null && (position is not null || isFirst || !stream.NewCounts))
        {
            // What the deals of the first round have in them needs no notice of its own. Only where deals were read before prices were watched all prices are told of:
            // by now they may be others.
            yield return $"SystemModstamp >= {Soql.Instant((position?.Since ?? clock.GetUtcNow()) - Overlap)}";
        }
    }

    private static string After(DateTimeOffset stamp, string id) =>
        $"SystemModstamp > {Soql.Instant(stamp)} OR (SystemModstamp = {Soql.Instant(stamp)} AND Id > '{Soql.Id(id)}')";

    private static Change ToChange(Stream stream, JsonObject row)
    {
        var stamp = Soql.Stamp(row);
        row.Remove("attributes");
        var revision = $"{stamp.UtcDateTime.ToString(StampForm, CultureInfo.InvariantCulture)}-{Mark(row.ToJsonString())}";
        return new Change(stream.SourceType, row[stream.Parent ?? "Id"]!.ToString(), revision, stamp, row);
    }

    /// <summary>An entry that was only created came with its deal, or with another value of it; a new price is one that holds from some day on.</summary>
    private static bool IsNew(Stream stream, JsonObject row) => stream is { Parent: not null, NewCounts: false } && row["CreatedDate"]?.ToString() == row["SystemModstamp"]?.ToString();

    private static string Mark(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 5));

    private static Dictionary<string, Position> Parse(string cursor)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, Position>>(cursor, MappingSets.Json) ?? [];
        }
        catch (JsonException unreadable)
        {
            throw new ConnectorException(SalesforceHttp.System, ErrorClass.CursorLost, "The stored position in Salesforce's changes can't be read. Everything of interest is read again.", unreadable);
        }
    }

    /// <param name="Key">Under which its position is kept.</param>
    /// <param name="Parent">The field that names the record which changes with it; null for the record itself.</param>
    private sealed record Stream(string Key, string SourceType, string Object, string Set, string? Parent)
    {
        /// <summary>Whether a row that was only created changes its parent.</summary>
        public bool NewCounts { get; init; }
    }

    /// <summary>How far one stream was read.</summary>
    private sealed record Position
    {
        /// <summary>Newest state handed over.</summary>
        public DateTimeOffset? Newest { get; init; }

        public string? NewestId { get; init; }

        /// <summary>When, by our clock, <see cref="Newest"/> was first seen.</summary>
        public DateTimeOffset Since { get; init; }

        /// <summary>When, by our clock, the last round began.</summary>
        public DateTimeOffset ReadAt { get; init; }

        /// <summary>Last row of the last page.</summary>
        public DateTimeOffset? Page { get; init; }

        public string? PageId { get; init; }

        /// <summary>True within a round: another page waits.</summary>
        public bool Paging { get; init; }

        /// <summary>True in the round that reads everything of interest.</summary>
        public bool First { get; init; }

        /// <summary>Marks of the last states handed over.</summary>
        public IReadOnlyList<string> Marks { get; init; } = [];

        /// <param name="mark">Null for a row that is not handed over, whatever it says.</param>
        public Position After(string id, DateTimeOffset at, string? mark, int kept, DateTimeOffset now)
        {
            var isNewer = Newest is not { } newest || at > newest;
            var isLater = isNewer || (at == Newest && string.CompareOrdinal(id, NewestId) > 0);
            return this with
            {
                Newest = isNewer ? at : Newest,
                NewestId = isLater ? id : NewestId,
                Since = isNewer ? now : Since,
                Page = at,
                PageId = id,
                Marks = mark is null ? Marks : [.. Marks.Where(known => known != mark).Append(mark).TakeLast(kept)],
            };
        }
    }
}
