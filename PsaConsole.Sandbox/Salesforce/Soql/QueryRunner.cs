using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce.Soql;

/// <summary>Answers queries: finds the records by an index where the condition allows, tests, sorts and cuts them, and writes them as rows.</summary>
internal sealed class QueryRunner(RecordStore store, SandboxClock clock)
{
    /// <summary>The records in the query's order, and how to write each.</summary>
    /// <exception cref="SalesforceRefusal">INVALID_TYPE, INVALID_FIELD, MALFORMED_QUERY …</exception>
    public (IReadOnlyList<Record> Records, RowWriter Writer) Run(SoqlQuery query, bool withDeleted, string version)
    {
        var target = SalesforceSchema.Find(query.From) ?? throw SalesforceRefusal.Query(
            "INVALID_TYPE",
            $"sObject type '{query.From}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.");
        if (query is { CountsOnly: false, Fields: [], Children: [] })
        {
            throw SalesforceRefusal.Query("MALFORMED_QUERY", "the field list is empty");
        }

        var writer = new RowWriter(target, query, this, store, version);
        var all = withDeleted || query.AllRows;
        return (Cut(target, query, Candidates(target, query.Where, all)), writer);
    }

    /// <summary>The children of one parent, for a sub-query.</summary>
    public IReadOnlyList<Record> RunChildren(SObject child, SoqlQuery query, string field, string parentId)
        => Cut(child, query, store[child.Name].FindBy(field, parentId));

    private IReadOnlyList<Record> Cut(SObject target, SoqlQuery query, IEnumerable<Record> candidates)
    {
        if (query.Where is { } condition)
        {
            candidates = candidates.Where(new Filter(target, store, clock.Today, IdsOf).Build(condition));
        }

        if (query.OrderBy.Count > 0)
        {
            var orderings = query.OrderBy.Select(ordering => (Path: FieldPath.Resolve(target, ordering.Path), ordering.Descending, ordering.NullsLast)).ToList();
            IOrderedEnumerable<Record>? ordered = null;
            foreach (var (path, descending, nullsLast) in orderings)
            {
                var comparer = Comparer<object?>.Create((one, other) => Compare(one, other, descending, nullsLast));
                ordered = ordered is null ? candidates.OrderBy(record => path.Value(record, store), comparer) : ordered.ThenBy(record => path.Value(record, store), comparer);
            }

            candidates = ordered!;
        }

        var rest = query.Offset > 0 ? candidates.Skip(query.Offset) : candidates;
        return [.. query.Limit is { } limit ? rest.Take(limit) : rest];
    }

    private static int Compare(object? one, object? other, bool descending, bool nullsLast) => (one, other) switch
    {
        (null, null) => 0,
        (null, _) => nullsLast ? 1 : -1,
        (_, null) => nullsLast ? -1 : 1,
        _ => descending ? Filter.Order(other, one) : Filter.Order(one, other),
    };

    /// <summary>The records that can possibly meet the condition: by id, by an indexed field, by time of change, or else all.</summary>
    private IEnumerable<Record> Candidates(SObject target, Condition? where, bool withDeleted)
    {
        var table = store[target.Name];
        var musts = where switch
        {
            All all => all.Parts.OfType<Comparison>(),
            Comparison single => [single],
            _ => [],
        };
        foreach (var must in musts.Where(must => must.Path.Length == 1 && must.SubQuery is null && must.Values.All(value => value.Kind != LiteralKind.Null)))
        {
            var field = target.Find(must.Path[0]);
            if (field is { Name: "Id" } && must.Operator is "=" or "in")
            {
                var found = must.Values.Select(value => (string)Filter.Typed(field!, value)).Distinct().Select(id => withDeleted ? table.FindAny(id) : table.Find(id));
                return [.. found.OfType<Record>()];
            }

            if (field is not null && !withDeleted && must.Operator is "=" or "in" && (field!.Type == FieldType.Reference || field.ExternalId || field.Unique || field.Indexed) && target.Schema.Find(field.Name) is not null)
            {
                return [.. must.Values.Select(value => Filter.Typed(field, value)).Distinct().SelectMany(value => table.FindBy(field.Name, value)).DistinctBy(record => record.Sequence)];
            }
        }

        var since = musts.FirstOrDefault(must => must is { Path: [var name], Operator: ">" or ">=", Values: [{ Kind: LiteralKind.Instant }] }
            && (name.Equals("SystemModstamp", StringComparison.OrdinalIgnoreCase) || name.Equals("LastModifiedDate", StringComparison.OrdinalIgnoreCase)));
        var records = since is null ? table.ScanAll() : table.ModifiedSince((DateTimeOffset)Filter.Typed(target.Find("SystemModstamp")!, since.Values[0])).OrderBy(record => record.Sequence);
        return withDeleted ? records : records.Where(record => !record.Deleted);
    }

    private HashSet<string> IdsOf(SoqlQuery query)
    {
        if (query.Fields.Count != 1)
        {
            throw SalesforceRefusal.Query("MALFORMED_QUERY", "a semi-join sub-select must select exactly one field");
        }

        var (records, _) = Run(query, withDeleted: false, "0");
        var path = FieldPath.Resolve(SalesforceSchema.Find(query.From)!, query.Fields[0]);
        return [.. records.Select(record => path.Value(record, store)).OfType<string>()];
    }
}
