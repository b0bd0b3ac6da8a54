using System.Globalization;
using System.Text.Json.Nodes;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite.SuiteQl;

/// <summary>Runs a SELECT over the store.</summary>
internal sealed class Query(RecordStore store, TimeProvider clock)
{
    private const int MostRows = 100_000;

    /// <summary>One page of the answer's rows, and how many rows there are (at most 100,000 can be read, S41).</summary>
    /// <exception cref="NetSuiteRefusal">The query isn't understood.</exception>
    public (JsonArray Items, int Total) Run(string text, IReadOnlyList<object?> parameters, Paging paging)
    {
        var statement = Parser.Parse(text, parameters);
        var sources = statement.Sources.Select(source => (source.Alias, Table: SqlTable.Find(source.Table) ?? throw NetSuiteRefusal.Query($"Search error occurred: Record '{source.Table}' was not found."))).ToList();
        var evaluator = new Evaluator(sources, store, clock);
        var columns = Columns(statement, sources, evaluator);
        var where = evaluator.Condition(statement.Where);
        var rows = Joined(statement, sources, evaluator).Where(where);
        rows = Grouped(statement, rows, evaluator);
        rows = Ordered(statement, rows, evaluator);
        if (statement.Distinct)
        {
            rows = rows.DistinctBy(row => string.Join('\u0001', columns.Select(column => Values.Text(column.Value(row)))));
        }

        var all = rows.Take(Math.Min(statement.First ?? MostRows, MostRows)).ToList();
        return (new JsonArray([.. all.Skip(paging.Offset).Take(paging.Limit).Select(row => (JsonNode)Item(row, columns))]), all.Count);
    }

    private static JsonObject Item(Row row, List<(string Name, Func<Row, object?> Value)> columns)
    {
        var item = new JsonObject { ["links"] = new JsonArray() };
        foreach (var (name, value) in columns)
        {
            // Empty columns are left out.
            if (Values.Text(value(row)) is { Length: > 0 } text)
            {
                item[name] = text;
            }
        }

        return item;
    }

    private static List<(string Name, Func<Row, object?> Value)> Columns(SelectStatement statement, List<(string Alias, SqlTable Table)> sources, Evaluator evaluator)
    {
        var columns = new List<(string, Func<Row, object?>)>();
        foreach (var selected in statement.Columns)
        {
            if (selected.Expression is { } expression)
            {
                var name = selected.Name ?? (expression is Column column ? column.Name : string.Create(CultureInfo.InvariantCulture, $"expr{columns.Count + 1}"));
                columns.Add((name.ToLowerInvariant(), evaluator.Compile(expression)));
                continue;
            }

            var stars = sources.Where(source => selected.StarOf is null || source.Alias.Equals(selected.StarOf, StringComparison.OrdinalIgnoreCase));
            columns.AddRange(stars.SelectMany(source => source.Table.Columns.Values.Select(column => (column.Name, evaluator.Compile(new Column(source.Alias, column.Name))))));
        }

        return columns;
    }

    private IEnumerable<Row> Joined(SelectStatement statement, List<(string Alias, SqlTable Table)> sources, Evaluator evaluator)
    {
        var count = sources.Count;
        var rows = Candidates(statement.Where, 0, sources[0].Table, evaluator).Select(record =>
        {
            var records = new Record?[count];
            records[0] = record;
            return new Row(records);
        });
        for (var index = 1; index < count; index++)
        {
            rows = Join(rows, statement.Sources[index], index, sources[index].Table, evaluator);
        }

        return rows;
    }

    private IEnumerable<Row> Join(IEnumerable<Row> rows, Source source, int index, SqlTable table, Evaluator evaluator)
    {
        var (on, find) = (evaluator.Condition(source.On), Lookup(source.On, index, table, evaluator));
        foreach (var row in rows)
        {
            var found = false;
            foreach (var record in find(row))
            {
                var records = (Record?[])row.Records.Clone();
                records[index] = record;
                var joined = new Row(records);
                if (on(joined))
                {
                    found = true;
                    yield return joined;
                }
            }

            if (!found && source.Left)
            {
                yield return row;
            }
        }
    }

    /// <summary>The records that a join may pair a row with: by id or reference where the condition says so, else all.</summary>
    private Func<Row, IEnumerable<Record>> Lookup(Expression? on, int index, SqlTable table, Evaluator evaluator)
    {
        foreach (var (left, right) in Equalities(on))
        {
            foreach (var (mine, other) in ((Expression, Expression)[])[(left, right), (right, left)])
            {
                if (mine is Column column && evaluator.Bind(column) is var (place, bound) && place == index && other is Column far && evaluator.Bind(far).Index < index)
                {
                    var value = evaluator.Compile(other);
                    if (bound.Name == "id")
                    {
                        return row => Values.Text(value(row)) is { } id && store[table.Source.Name].Find(id) is { } record ? [record] : [];
                    }

                    if (bound.Field is { Type: FieldType.Reference } field)
                    {
                        return row => Values.Text(value(row)) is { } id ? store[table.Source.Name].FindBy(field.Name, id) : [];
                    }
                }
            }
        }

        return _ => store[table.Source.Name].Scan();
    }

    /// <summary>The first table's records: found by an index where the condition allows it.</summary>
    private IEnumerable<Record> Candidates(Expression? where, int index, SqlTable sqlTable, Evaluator evaluator)
    {
        var table = store[sqlTable.Source.Name];
        foreach (var part in Conjunctions(where))
        {
            var (column, values, isSince) = part switch
            {
                Binary { Operator: "=", Left: Column one, Right: Constant { Value: { } value } } => (one, (object[])[value], false),
                AnyOf { Inner: Column one, Choices: var choices } when choices.All(choice => choice is Constant { Value: not null }) => (one, [.. choices.Select(choice => ((Constant)choice).Value!)], false),
                Binary { Operator: ">=" or ">", Left: Column one, Right: var bound } when one.Name.Equals("lastmodifieddate", StringComparison.OrdinalIgnoreCase) && bound is Call or Constant => (one, [evaluator.Compile(bound)(new Row([])) ?? DateTime.MaxValue], true),
                _ => ((Column?)null, [], false),
            };
            if (column is null)
            {
                continue;
            }

            var (place, found) = evaluator.Bind(column);
            if (place != index)
            {
                continue;
            }

            if (isSince)
            {
                return values[0] is DateTime since
                    ? table.ModifiedSince(new DateTimeOffset(DateTime.SpecifyKind(since, DateTimeKind.Utc))).Where(record => !record.Deleted).OrderBy(record => record.Sequence)
                    : table.Scan();
            }

            if (found.Name == "id")
            {
                return values.Select(value => table.Find(Values.Text(value))).OfType<Record>().Distinct().OrderBy(record => record.Sequence);
            }

            if (found.Field is { Type: FieldType.Reference or FieldType.Text, HasIndex: true } field)
            {
                return values.SelectMany(value => table.FindBy(field.Name, Values.Text(value)!)).Distinct().OrderBy(record => record.Sequence);
            }
        }

        return table.Scan();
    }

    private static IEnumerable<Row> Grouped(SelectStatement statement, IEnumerable<Row> rows, Evaluator evaluator)
    {
        var isGrouped = statement.Grouping.Count > 0 || statement.Columns.Any(column => column.Expression is { } expression && Evaluator.IsAggregate(expression));
        if (!isGrouped)
        {
            return rows;
        }

        var keys = statement.Grouping.Select(evaluator.Compile).ToArray();
        var groups = rows.GroupBy(row => string.Join('\u0001', keys.Select(key => Values.Text(key(row))))).Select(group => (IReadOnlyList<Row>)[.. group]).ToList();
        if (groups.Count == 0 && keys.Length == 0)
        {
            // Without GROUP BY there is always one row, even over nothing.
            return [new Row(new Record?[statement.Sources.Count]) { Group = [] }];
        }

        return groups.Select(group => group[0] with { Group = group }).Where(evaluator.Condition(statement.Having));
    }

    private static IEnumerable<Row> Ordered(SelectStatement statement, IEnumerable<Row> rows, Evaluator evaluator)
    {
        IOrderedEnumerable<Row>? ordered = null;
        foreach (var ordering in statement.Order)
        {
            var value = evaluator.Compile(Named(statement, ordering.Expression));

            // As in Oracle, empty values come last, or first when the order is turned around.
            var nulls = Comparer<object?>.Create((one, other) => (one is null, other is null) switch
            {
                (true, true) => 0,
                (true, false) => (ordering.NullsFirst ?? ordering.Descending) ? -1 : 1,
                (false, true) => (ordering.NullsFirst ?? ordering.Descending) ? 1 : -1,
                _ => (ordering.Descending ? -1 : 1) * Values.Compare(one, other)!.Value,
            });
            ordered = ordered is null ? rows.OrderBy(value, nulls) : ordered.ThenBy(value, nulls);
        }

        return ordered ?? rows;
    }

    /// <summary>An order may name a column of the answer by its alias or its number.</summary>
    private static Expression Named(SelectStatement statement, Expression expression) => expression switch
    {
        Constant { Value: decimal number } when number >= 1 && number <= statement.Columns.Count && statement.Columns[(int)number - 1].Expression is { } selected => selected,
        Column { Table: null, Name: var name } => statement.Columns.FirstOrDefault(column => column.Name?.Equals(name, StringComparison.OrdinalIgnoreCase) == true)?.Expression ?? expression,
        _ => expression,
    };

    private static IEnumerable<Expression> Conjunctions(Expression? expression) => expression switch
    {
        null => [],
        Binary { Operator: "AND" } both => Conjunctions(both.Left).Concat(Conjunctions(both.Right)),
        _ => [expression],
    };

    private static IEnumerable<(Expression Left, Expression Right)> Equalities(Expression? on)
        => Conjunctions(on).OfType<Binary>().Where(part => part.Operator == "=").Select(part => (part.Left, part.Right));
}
