using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite.SuiteQl;

/// <summary>One combination of the joined tables' records (null where a left join found nothing); <see cref="Group"/> where rows are grouped.</summary>
internal sealed record Row(Record?[] Records)
{
    public IReadOnlyList<Row>? Group { get; init; }
}

/// <summary>Turns expressions into functions of a row, with every column looked up once.</summary>
internal sealed class Evaluator(IReadOnlyList<(string Alias, SqlTable Table)> sources, RecordStore store, TimeProvider clock)
{
    private static readonly string[] Aggregates = ["COUNT", "SUM", "MIN", "MAX", "AVG"];

    public static bool IsAggregate(Expression expression) => expression switch
    {
        Call call => Aggregates.Contains(call.Name) || call.Arguments.Any(IsAggregate),
        Binary binary => IsAggregate(binary.Left) || IsAggregate(binary.Right),
        Not not => IsAggregate(not.Inner),
        IsNull isNull => IsAggregate(isNull.Inner),
        Choice choice => choice.Branches.Any(branch => IsAggregate(branch.When) || IsAggregate(branch.Then)) || (choice.Otherwise is { } otherwise && IsAggregate(otherwise)),
        _ => false,
    };

    /// <summary>The condition's truth: null counts as false.</summary>
    public Func<Row, bool> Condition(Expression? expression)
    {
        if (expression is null)
        {
            return _ => true;
        }

        var value = Compile(expression);
        return row => value(row) is true;
    }

    public Func<Row, object?> Compile(Expression expression)
    {
        switch (expression)
        {
            case Constant constant:
                return _ => constant.Value;
            case Column { Table: null, Name: var name } when name.Equals("SYSDATE", StringComparison.OrdinalIgnoreCase) || name.Equals("CURRENT_DATE", StringComparison.OrdinalIgnoreCase):
                return _ => clock.GetUtcNow().UtcDateTime;
            case Column column:
                var (index, bound) = Bind(column);
                return row => row.Records[index] is { } record ? bound.Value(record) : null;
            case Call call when Aggregates.Contains(call.Name):
                return Aggregate(call);
            case Call { Name: "BUILTIN.DF", Arguments: [Column shown] }:
                return Display(shown);
            case Call call:
                return Functions.Compile(call, [.. call.Arguments.Select(Compile)]);
            case Binary binary:
                return Operators.Compile(binary.Operator, Compile(binary.Left), Compile(binary.Right));
            case Not not:
                var inner = Compile(not.Inner);
                return row => inner(row) is bool truth ? !truth : null;
            case IsNull isNull:
                var tested = Compile(isNull.Inner);
                return row => tested(row) is null or "";
            case AnyOf anyOf:
                var (sought, choices) = (Compile(anyOf.Inner), anyOf.Choices.Select(Compile).ToArray());
                return row => sought(row) is { } value ? Array.Exists(choices, choice => Values.Compare(value, choice(row)) == 0) : null;
            case Choice choice:
                return Case(choice);
            default:
                throw new InvalidOperationException($"Unknown expression {expression.GetType().Name}.");
        }
    }

    /// <summary>The table and column that a name means.</summary>
    /// <exception cref="NetSuiteRefusal">No table has it, or several.</exception>
    public (int Index, SqlColumn Column) Bind(Column column)
    {
        var found = new List<(int, SqlColumn)>();
        for (var index = 0; index < sources.Count; index++)
        {
            if ((column.Table is null || sources[index].Alias.Equals(column.Table, StringComparison.OrdinalIgnoreCase)) && sources[index].Table.Columns.TryGetValue(column.Name, out var bound))
            {
                found.Add((index, bound));
            }
        }

        return found switch
        {
            [var one] => one,
            [] => throw NetSuiteRefusal.Query($"Search error occurred: Unknown identifier '{(column.Table is null ? "" : column.Table + ".")}{column.Name}'. Available identifiers are: {{{string.Join(", ", sources.Select(source => source.Alias.ToLowerInvariant()))}}}"),
            _ => throw NetSuiteRefusal.Query($"Search error occurred: The identifier '{column.Name}' is ambiguous."),
        };
    }

    private Func<Row, object?> Display(Column shown)
    {
        var (index, column) = Bind(shown);
        var (json, list) = (new RecordJson(store, ""), column.Field is { } enumField ? NetSuiteSchema.ListOf(enumField) : null);
        return row => (row.Records[index] is { } record ? column.Value(record) : null) switch
        {
            null => null,
            string id when list is not null => Lists.NameOf(list, id),
            decimal id when column.Field is { Type: FieldType.Reference } field => json.NameOf(field, Values.Text(id)!),
            "T" => "Yes",
            "F" => "No",
            var value => Values.Text(value),
        };
    }

    private Func<Row, object?> Aggregate(Call call)
    {
        if (call.Star)
        {
            return row => (decimal)row.Group!.Count;
        }

        var argument = Compile(call.Arguments[0]);
        IEnumerable<object> Given(Row row)
        {
            var values = row.Group!.Select(argument).OfType<object>();
            return call.Distinct ? values.Distinct() : values;
        }

        return call.Name switch
        {
            "COUNT" => row => (decimal)Given(row).Count(),
            "SUM" => row => Given(row).Select(Values.Number).Aggregate((decimal?)null, (sum, number) => (sum ?? 0m) + number),
            "AVG" => row => Given(row).Select(value => (decimal?)Values.Number(value)).Average(),
            "MIN" => row => Given(row).Aggregate((object?)null, (least, value) => least is null || Values.Compare(value, least) < 0 ? value : least),
            _ => row => Given(row).Aggregate((object?)null, (most, value) => most is null || Values.Compare(value, most) > 0 ? value : most),
        };
    }

    private Func<Row, object?> Case(Choice choice)
    {
        var branches = choice.Branches.Select(branch => (When: Condition(branch.When), Then: Compile(branch.Then))).ToArray();
        var otherwise = choice.Otherwise is { } last ? Compile(last) : _ => null;
        return row =>
        {
            foreach (var (when, then) in branches)
            {
                if (when(row))
                {
                    return then(row);
                }
            }

            return otherwise(row);
        };
    }
}
