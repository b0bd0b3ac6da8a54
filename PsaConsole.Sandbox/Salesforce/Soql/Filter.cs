using System.Globalization;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Salesforce.Soql;

/// <summary>Turns a query's condition into a test of a record. Text is compared in any letter case, as Salesforce does.</summary>
internal sealed class Filter(SObject start, RecordStore store, DateOnly today, Func<SoqlQuery, HashSet<string>> idsOf)
{
    public Func<Record, bool> Build(Condition condition) => condition switch
    {
        All all => Every([.. all.Parts.Select(Build)]),
        Any any => Some([.. any.Parts.Select(Build)]),
        Not not => Negate(Build(not.Part)),
        Comparison comparison => Compare(comparison),
        _ => throw new InvalidOperationException($"Unknown condition {condition}."),
    };

    private static Func<Record, bool> Every(Func<Record, bool>[] parts) => record => Array.TrueForAll(parts, part => part(record));

    private static Func<Record, bool> Some(Func<Record, bool>[] parts) => record => Array.Exists(parts, part => part(record));

    private static Func<Record, bool> Negate(Func<Record, bool> part) => record => !part(record);

    private Func<Record, bool> Compare(Comparison comparison)
    {
        var path = FieldPath.Resolve(start, comparison.Path);
        if (comparison.SubQuery is { } query)
        {
            var ids = idsOf(query);
            var inside = comparison.Operator == "in";
            return record => path.Value(record, store) is string id ? ids.Contains(id) == inside : !inside;
        }

        if (comparison.Operator is "in" or "not in")
        {
            var tests = comparison.Values.Select(value => Test(path, "=", value)).ToArray();
            var inside = comparison.Operator == "in";
            return record => Array.Exists(tests, test => test(path.Value(record, store))) == inside;
        }

        var single = Test(path, comparison.Operator, comparison.Values[0]);
        return record => single(path.Value(record, store));
    }

    private Func<object?, bool> Test(FieldPath path, string symbol, Literal literal)
    {
        if (literal.Kind == LiteralKind.Null)
        {
            return symbol switch
            {
                "=" => value => value is null or "",
                "!=" => value => value is not (null or ""),
                _ => throw SalesforceRefusal.Query("MALFORMED_QUERY", $"operator '{symbol}' can't be used with null"),
            };
        }

        if (symbol == "like")
        {
            return LiteralText(path, literal) is var pattern && path.Field.Type is FieldType.Text or FieldType.Picklist
                ? value => value is string text && Like.Matches(text, pattern)
                : throw SalesforceRefusal.Query("INVALID_QUERY_FILTER_OPERATOR", $"field '{path.Field.Name}' does not support the operator like");
        }

        if (literal.Kind == LiteralKind.DateWord && path.Field.Type is FieldType.Date or FieldType.DateTime)
        {
            return Within(DatePeriod.Of(literal.Text, today), symbol);
        }

        var wanted = Typed(path.Field, literal);
        return symbol switch
        {
            "=" => value => value is not null && Order(value, wanted) == 0,
            "!=" => value => value is null || Order(value, wanted) != 0,
            "<" => value => value is not null && Order(value, wanted) < 0,
            "<=" => value => value is not null && Order(value, wanted) <= 0,
            ">" => value => value is not null && Order(value, wanted) > 0,
            _ => value => value is not null && Order(value, wanted) >= 0,
        };
    }

    /// <summary>Compares two values of one field; text in any letter case.</summary>
    public static int Order(object left, object right) => (left, right) switch
    {
        (string one, string other) => string.Compare(one, other, StringComparison.OrdinalIgnoreCase),
        (long one, decimal other) => ((decimal)one).CompareTo(other),
        (IComparable one, _) => one.CompareTo(right),
        _ => throw new InvalidOperationException($"{left.GetType().Name} has no order."),
    };

    /// <summary>The literal in the field's type.</summary>
    /// <exception cref="SalesforceRefusal">INVALID_FIELD: it is written as another type.</exception>
    public static object Typed(FieldSchema field, Literal literal) => (field.Type, literal.Kind) switch
    {
        (FieldType.Reference, LiteralKind.Text) => SalesforceId.Normalise(literal.Text) ?? throw SalesforceRefusal.Query("INVALID_QUERY_FILTER_OPERATOR", $"invalid ID field: {literal.Text}"),
        (FieldType.Text, LiteralKind.Text) when field.Name == "Id" => SalesforceId.Normalise(literal.Text) ?? throw SalesforceRefusal.Query("INVALID_QUERY_FILTER_OPERATOR", $"invalid ID field: {literal.Text}"),
        (FieldType.Text or FieldType.Picklist, LiteralKind.Text) => Plain(literal.Text),
        (FieldType.Number or FieldType.Whole, LiteralKind.Number) => decimal.Parse(literal.Text, NumberStyles.Float, CultureInfo.InvariantCulture),
        (FieldType.Boolean, LiteralKind.Flag) => literal.Text == "true",
        (FieldType.Date, LiteralKind.Date) => DateOnly.ParseExact(literal.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture),
        (FieldType.DateTime, LiteralKind.Instant) => DateTimeOffset.Parse(literal.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        _ => throw SalesforceRefusal.Query("INVALID_FIELD", WrongType(field, literal)),
    };

    private static string WrongType(FieldSchema field, Literal literal)
    {
        var type = Describe.TypeOf(field);
        return literal.Kind == LiteralKind.Text
            ? $"value of filter criterion for field '{field.Name}' must be of type {type} and should not be enclosed in quotes"
            : $"value of filter criterion for field '{field.Name}' must be of type {type}{(field.Type is FieldType.Text or FieldType.Picklist or FieldType.Reference ? " and should be enclosed in quotes" : "")}";
    }

    private static Func<object?, bool> Within(DatePeriod period, string symbol) => value => Day(value) is { } day && symbol switch
    {
        "=" => day >= period.Start && day < period.End,
        "!=" => day < period.Start || day >= period.End,
        "<" => day < period.Start,
        "<=" => day < period.End,
        ">" => day >= period.End,
        _ => day >= period.Start,
    };

    private static DateOnly? Day(object? value) => value switch
    {
        DateOnly day => day,
        DateTimeOffset instant => DateOnly.FromDateTime(instant.UtcDateTime),
        _ => null,
    };

    private static string LiteralText(FieldPath path, Literal literal)
        => literal.Kind == LiteralKind.Text ? literal.Text : throw SalesforceRefusal.Query("INVALID_FIELD", WrongType(path.Field, literal));

    /// <summary>The text without the escapes that only LIKE needs.</summary>
    private static string Plain(string text) => text.Replace("\\%", "%", StringComparison.Ordinal).Replace("\\_", "_", StringComparison.Ordinal);
}
