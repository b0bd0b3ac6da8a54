using System.Globalization;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Kantata;

/// <summary>Filters, order and page of a list call.</summary>
internal sealed class KantataQuery(TableSchema schema, IQueryCollection query, Func<Record, bool> isHidden)
{
    private static readonly HashSet<string> NotFilters = new(StringComparer.Ordinal)
    {
        "page", "per_page", "limit", "offset", "only", "order", "include", "optional_fields", "search", "include_archived", "from_archived_workspaces", "on_my_account", "most_recent",
        "updated_after", "updated_before", "created_after", "created_before",
    };

    public int PerPage { get; } = Math.Clamp(Number(query, "per_page") ?? Number(query, "limit") ?? 20, 1, 200);

    public int Skip => Number(query, "offset") ?? (Math.Max(1, Number(query, "page") ?? 1) - 1) * PerPage;

    public int Page => (Skip / PerPage) + 1;

    /// <summary>Every record that the call asks for, in its order.</summary>
    public List<Record> Find(Table table)
    {
        var filters = query.Where(pair => !NotFilters.Contains(pair.Key)).Select(pair => Filter(pair.Key, pair.Value.ToString())).ToList();
        var only = query.TryGetValue("only", out var ids) ? ids.ToString().Split(',').ToHashSet(StringComparer.Ordinal) : null;
        var found = Source(table)
            .Where(record => !isHidden(record) && (only is null || only.Contains(record.Id)) && filters.All(filter => filter(record)) && InTime(record) && Matches(record));
        return [.. Ordered(found)];
    }

    /// <summary>An indexed filter spares the walk over the whole table.</summary>
    private IEnumerable<Record> Source(Table table)
    {
        foreach (var (name, value) in query)
        {
            var field = name is "external_reference_service_model_refs" or "external_reference_service_model_ref" ? "service_model_ref" : name;
            if (schema.Find(field) is { Indexed: true } or { Type: FieldType.Reference } && !value.ToString().Contains(',', StringComparison.Ordinal))
            {
                return table.FindBy(field, value.ToString());
            }
        }

        return Instant("updated_after") is { } since ? table.ModifiedSince(since) : table.Scan();
    }

    private Func<Record, bool> Filter(string name, string value)
    {
        var values = value.Split(',').ToHashSet(StringComparer.OrdinalIgnoreCase);
        switch (name)
        {
            case "external_reference_service_model_refs" or "external_reference_service_model_ref":
                return record => values.Contains(record.Text("service_model_ref")!);
            case "user_ids":
                return record => record.Text("user_id") is { } user && values.Contains(user);
            case "overlaps_with_date_range":
                var ends = value.Split(':', 2).Select(text => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture)).ToArray();
                return record => record.Date("start_date") <= ends[^1] && record.Date("end_date") >= ends[0];
            case "by_title" or "by_name":
                return record => values.Contains((string?)record[name[3..]] ?? "");
            case "event_types":
                return record => values.Contains(record.Text("event_type")!);
        }

        // hard=true and soft=true are flags of allocations, fields are compared with their value.
        var field = schema.Find(name) ?? throw KantataRefusal.Validation($"Unknown filter: {name}", name);
        return record => record[field.Name] switch
        {
            bool flag => values.Contains(flag ? "true" : "false"),
            string text => values.Contains(text),
            null => false,
            var other => values.Contains(Convert.ToString(other, CultureInfo.InvariantCulture)!),
        };
    }

    private bool InTime(Record record) =>
        !(record.Modified < Instant("updated_after")) && !(record.Modified >= Instant("updated_before"))
        && !(record.Created < Instant("created_after")) && !(record.Created >= Instant("created_before"));

    private bool Matches(Record record)
    {
        if (!query.TryGetValue("search", out var search))
        {
            return true;
        }

        string[] names = ["title", "name", "full_name", "email_address"];
        return names.Where(name => schema.Find(name) is not null).Any(name => record.Text(name)?.Contains(search.ToString(), StringComparison.OrdinalIgnoreCase) == true);
    }

    private IEnumerable<Record> Ordered(IEnumerable<Record> records)
    {
        var (field, descending) = query.TryGetValue("order", out var order) && order.ToString().Split(':') is { Length: > 0 } parts ? (parts[0], parts[^1] == "desc") : ("created_at", false);
        Func<Record, IComparable?> key = field switch
        {
            "updated_at" => record => record.Modified,
            "created_at" => record => record.Sequence,
            _ when schema.Find(field) is { } known => record => record[known.Name] as IComparable,
            _ => throw KantataRefusal.Validation($"Unknown order: {field}", "order"),
        };
        return descending ? records.OrderByDescending(key).ThenByDescending(record => record.Sequence) : records.OrderBy(key).ThenBy(record => record.Sequence);
    }

    private DateTimeOffset? Instant(string name) =>
        query.TryGetValue(name, out var text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    private static int? Number(IQueryCollection query, string name) =>
        query.TryGetValue(name, out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
