using System.Globalization;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>Filters, order and page of a list call.</summary>
internal sealed class KantataQuery(RecordStore store, string table, IQueryCollection query, Func<Record, bool> isHidden)
{
    private const int MostReferences = 200;

    private static readonly HashSet<string> NotFilters = new(StringComparer.Ordinal)
    {
        "page", "per_page", "limit", "offset", "only", "except", "order", "include", "optional_fields", "search", "matching", "include_archived", "from_archived_workspaces", "on_my_account", "most_recent",
        "include_unnamed", "updated_after", "updated_before", "created_after", "created_before", "archived", "show_subtasks", "only_inactive", "only_pending",
    };

    /// <summary>Fields that the list of their resource does not filter by, though others do.</summary>
    private static readonly HashSet<(string Table, string Name)> NoFilters =
    [
        ("workspace_allocations", "hard"), ("workspace_allocations", "user_id"), (KantataSchema.Values, "subject_id"),
        (KantataSchema.References, "external_reference_service_model_ref"), (KantataSchema.References, "external_reference_service_model_refs"),
    ];

    private readonly TableSchema schema = store[table].Schema;

    public int PerPage { get; } = Math.Clamp(Number(query, "per_page") ?? Number(query, "limit") ?? 20, 1, 200);

    public int Skip => Number(query, "offset") ?? (Math.Max(1, Number(query, "page") ?? 1) - 1) * PerPage;

    public int Page => (Skip / PerPage) + 1;

    /// <summary>Every record that the call asks for, in its order: newest first unless the call names another.</summary>
    /// <exception cref="KantataRefusal">A filter or order is unknown or malformed.</exception>
    public List<Record> Find()
    {
        if (table is KantataSchema.References or KantataSchema.Values && !query.ContainsKey("subject_type") && !query.ContainsKey("only"))
        {
            throw KantataRefusal.Query("subject_type is required");
        }

        var filters = query.Where(pair => !NotFilters.Contains(pair.Key) && !IsReference(pair.Key)).Select(pair => Filter(pair.Key, pair.Value.ToString())).ToList();
        if (query.Keys.Any(IsReference))
        {
            filters.Add(ByReference());
        }

        if (query.TryGetValue("except", out var except))
        {
            var excluded = Ids(except.ToString());
            filters.Add(record => !excluded.Contains(record.Id));
        }

        var found = Source().Where(record => !record.Deleted && !isHidden(record) && filters.All(filter => filter(record)) && InTime(record) && Matches(record));
        return [.. Ordered(found)];
    }

    /// <summary>Ids, or an indexed filter, spare the walk over the whole table.</summary>
    private IEnumerable<Record> Source()
    {
        var records = store[table];
        if (query.TryGetValue("only", out var only))
        {
            return Ids(only.ToString()).Select(records.Find).OfType<Record>();
        }

        foreach (var (name, value) in query)
        {
            if (FieldOf(name) is ({ Indexed: true } or { Type: FieldType.Reference }) and { Type: not FieldType.Date } field && !value.ToString().Contains(',', StringComparison.Ordinal))
            {
                return records.FindBy(field.Name, value.ToString());
            }
        }

        return Instant("updated_after") is { } since ? records.ModifiedSince(since) : records.Scan();
    }

    /// <summary>The field that a filter compares: workspace_ids and with_subject_id too.</summary>
    private FieldSchema? FieldOf(string name) => NoFilters.Contains((table, name)) ? null
        : schema.Find(name) is { Type: not FieldType.List } same ? same
        : name.StartsWith("with_", StringComparison.Ordinal) ? schema.Find(name["with_".Length..])
        : name.EndsWith("_ids", StringComparison.Ordinal) && schema.Find(name[..^1]) is { Type: FieldType.Reference } one ? one
        : null;

    private Func<Record, bool> Filter(string name, string value)
    {
        var values = value.Split(',').ToHashSet(StringComparer.OrdinalIgnoreCase);
        switch (name)
        {
            case "subject_type" when schema.Find(name) is not null:
                // References know Workspace only, as the documentation writes it; the account's own spelling is found elsewhere.
                return table == KantataSchema.References
                    ? record => record.Text("subject_type") == value
                    : record => record.Text("subject_type") is { } type && (values.Contains(type) || (KantataSchema.TableOf(type) is { } one && one == KantataSchema.TableOf(value)));
            case "overlaps_with_date_range":
                var (from, to) = Range(name, value);
                return record => record.Date("start_date") <= to && record.Date("end_date") >= from;
            case "date_between" when table == "billing_milestones":
                return Between("date_to_invoice", name, value);
            case "date_between" when table == "expenses":
                return Between("date", name, value);
            case "date_performed_between" when table == "time_entries":
                return Between("date_performed", name, value);
            case "type" when table == "workspace_allocations":
                return record => record.Flag("hard") == (value == "hard");
            case "only_unnamed":
                return record => value != "true" || record.Text("user_id") is null;
            case "named_resources_only" or "unnamed_resources_only":
                return record => value != "true" || (record.Text("user_id") is null) == (name == "unnamed_resources_only");
            case "has_participant":
                return record => store["participations"].FindBy("workspace_id", record.Id).Any(participation => values.Contains(participation.Text("user_id")!));
            case "workspace_group_ids" when table == "workspaces":
                return record => (record[name] as System.Text.Json.Nodes.JsonArray)?.Any(id => values.Contains(id!.ToString())) == true;
            case "by_user_id" when table == "account_memberships":
                return record => values.Contains(record.Text("user_id") ?? "");
            case "by_title" or "by_name" when schema.Find(name[3..]) is not null:
                return record => values.Contains((string?)record[name[3..]] ?? "");
            case "by_email_address" when table == "users":
                return record => values.Contains(record.Text("email_address") ?? "");
            case "event_types":
                return record => values.Contains(record.Text("event_type")!);
        }

        var field = FieldOf(name) ?? throw KantataRefusal.Query($"Unknown filter: {name}");
        return record => record[field.Name] switch
        {
            bool flag => values.Contains(flag ? "true" : "false"),
            string text => values.Contains(text),
            DateOnly date => values.Contains(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            null => false,
            var other => values.Contains(Convert.ToString(other, CultureInfo.InvariantCulture)!),
        };
    }

    /// <summary>References themselves are found by their own fields.</summary>
    private bool IsReference(string name) => table != KantataSchema.References
        && (name.StartsWith("external_reference_", StringComparison.Ordinal) || name is "has_external_references" or "without_external_reference_service_name");

    /// <summary>By what the records' external references hold; one reference must meet all of it.</summary>
    private Func<Record, bool> ByReference()
    {
        string? Asked(string name) => query.TryGetValue(name, out var value) ? value.ToString() : null;
        var references = store[KantataSchema.References];
        var wanted = (Asked("external_reference_service_model_refs") ?? Asked("external_reference_service_model_ref"))?.Split(',');
        if (wanted?.Length > MostReferences)
        {
            throw KantataRefusal.Query($"At most {MostReferences} external ids may be asked for at once.");
        }

        var all = wanted is null ? references.Scan() : wanted.SelectMany(value => references.FindBy("service_model_ref", value));
        var subjects = all.Where(reference => KantataSchema.TableOf(reference.Text("subject_type")!) == table
            && (Asked("external_reference_service_name") ?? Asked("without_external_reference_service_name") ?? reference.Text("service_name")) == reference.Text("service_name")
            && (Asked("external_reference_service_model") ?? reference.Text("service_model")) == reference.Text("service_model")
            && (Asked("external_reference_status") is not { } status || reference.Text("status") == status))
            .Select(reference => reference.Text("subject_id")!).ToHashSet(StringComparer.Ordinal);
        var isAbsence = Asked("without_external_reference_service_name") is not null || Asked("has_external_references") == "false";
        return record => subjects.Contains(record.Id) != isAbsence;
    }

    private bool InTime(Record record) =>
        !(record.Modified < Instant("updated_after")) && !(record.Modified >= Instant("updated_before"))
        && !(record.Created < Instant("created_after")) && !(record.Created >= Instant("created_before"));

    private bool Matches(Record record)
    {
        if (!query.TryGetValue("search", out var search) && !query.TryGetValue("matching", out search))
        {
            return true;
        }

        string[] names = ["title", "name", "full_name", "email_address", "notes"];
        return names.Where(name => schema.Find(name) is not null).Any(name => record.Text(name)?.Contains(search.ToString(), StringComparison.OrdinalIgnoreCase) == true);
    }

    private IEnumerable<Record> Ordered(IEnumerable<Record> records)
    {
        var (field, descending) = query.TryGetValue("order", out var order) && order.ToString().Split(':') is { Length: > 0 } parts ? (parts[0], parts[^1] == "desc") : ("", true);
        if (field.Length == 0 && table == KantataSchema.Events)
        {
            // Events come in no order that a reader could rely on.
            return records.OrderBy(record => record.Sequence ^ 0b11);
        }

        Func<Record, IComparable?> key = field switch
        {
            "updated_at" => record => record.Modified,
            "" or "created_at" => record => record.Sequence,
            _ when schema.Find(field) is { Type: not (FieldType.Structure or FieldType.List) } known => record => record[known.Name] as IComparable,
            _ => throw KantataRefusal.Query($"Unknown order: {field}"),
        };
        return descending ? records.OrderByDescending(key).ThenByDescending(record => record.Sequence) : records.OrderBy(key).ThenBy(record => record.Sequence);
    }

    private static Func<Record, bool> Between(string field, string name, string value)
    {
        var (from, to) = Range(name, value);
        return record => record.Date(field) >= from && record.Date(field) <= to;
    }

    private static (DateOnly From, DateOnly To) Range(string name, string value)
    {
        return value.Split(':') is [var first, var last] && Day(first, out var from) && Day(last, out var to) ? (from, to) : throw KantataRefusal.Query($"{name} must be two dates such as 2026-03-01:2026-03-31, not '{value}'.");

        static bool Day(string text, out DateOnly date) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
    }

    private static HashSet<string> Ids(string value) => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);

    private DateTimeOffset? Instant(string name) => !query.TryGetValue(name, out var text) ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant
        : throw KantataRefusal.Query($"{name} must be an ISO 8601 date and time, not '{text}'.");

    private static int? Number(IQueryCollection query, string name) => !query.TryGetValue(name, out var text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw KantataRefusal.Query($"{name} must be a whole number, not '{text}'.");
}
