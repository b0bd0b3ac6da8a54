using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.Microsoft365;

/// <summary>
/// A $filter of properties (also of properties of structures: from/emailAddress/address) by eq, ne, gt, ge, lt, le, in, startsWith, endsWith, contains,
/// with and, or, not and parentheses. Lambdas (any, all) are refused, as Graph refuses them for the properties that the sandbox has.
/// </summary>
internal sealed partial class ODataFilter
{
    private static readonly HashSet<string> Operators = ["eq", "ne", "gt", "ge", "lt", "le"];
    private readonly TableSchema _schema;
    private readonly List<string> _words;
    private int _at;

    private ODataFilter(string text, TableSchema schema)
    {
        _schema = schema;
        _words = [.. Words().Matches(text).Select(match => match.Groups[1].Value)];
    }

    /// <exception cref="GraphRefusal">The filter isn't understood, or names a property that the type doesn't have.</exception>
    public static Func<Record, bool> Parse(string text, TableSchema schema)
    {
        var filter = new ODataFilter(text, schema);
        var matches = filter.Or();
        return filter._at == filter._words.Count ? matches : throw filter.Wrong();
    }

    /// <summary>The value at a path of property names.</summary>
    public static object? Value(Record record, IReadOnlyList<string> path)
    {
        if (path[0].Equals("id", StringComparison.OrdinalIgnoreCase))
        {
            return record.Id;
        }

        var value = record[path[0]];
        foreach (var name in path.Skip(1))
        {
            value = (value as JsonObject)?[name];
        }

        return value is JsonValue leaf ? leaf.ToString() : value;
    }

    private Func<Record, bool> Or()
    {
        var left = And();
        while (Take("or"))
        {
            var (first, second) = (left, And());
            left = record => first(record) || second(record);
        }

        return left;
    }

    private Func<Record, bool> And()
    {
        var left = Unary();
        while (Take("and"))
        {
            var (first, second) = (left, Unary());
            left = record => first(record) && second(record);
        }

        return left;
    }

    private Func<Record, bool> Unary()
    {
        if (Take("not"))
        {
            var inner = Unary();
            return record => !inner(record);
        }

        if (!Take("("))
        {
            return Comparison();
        }

        var whole = Or();
        Expect(")");
        return whole;
    }

    private Func<Record, bool> Comparison()
    {
        var name = Next();
        if (Take("("))
        {
            return Function(name);
        }

        var path = PathOf(name);
        if (Take("in"))
        {
            Expect("(");
            var values = new List<object?> { Literal(Next()) };
            while (Take(","))
            {
                values.Add(Literal(Next()));
            }

            Expect(")");
            return record => values.Any(value => Compare(Value(record, path), value) == 0);
        }

        var comparison = Next();
        if (!Operators.Contains(comparison))
        {
            throw Wrong();
        }

        var literal = Literal(Next());
        return record => Holds(comparison, Compare(Value(record, path), literal));
    }

    private Func<Record, bool> Function(string name)
    {
        if (name is not ("startsWith" or "startswith" or "endsWith" or "endswith" or "contains"))
        {
            throw GraphRefusal.Query($"Invalid filter clause: An unknown function with name '{name}' was found.");
        }

        var path = PathOf(Next());
        Expect(",");
        var text = Literal(Next()) as string ?? throw Wrong();
        Expect(")");
        return record => Value(record, path) is string value && name switch
        {
            "contains" => value.Contains(text, StringComparison.OrdinalIgnoreCase),
            "endsWith" or "endswith" => value.EndsWith(text, StringComparison.OrdinalIgnoreCase),
            _ => value.StartsWith(text, StringComparison.OrdinalIgnoreCase),
        };
    }

    /// <summary>Null when the two can't be put in order (one is null).</summary>
    private static int? Compare(object? value, object? literal) => (value, literal) switch
    {
        (null, null) => 0,
        (null, _) or (_, null) => null,
        (string text, string other) => string.Compare(text, other, StringComparison.OrdinalIgnoreCase),
        (DateTimeOffset instant, DateTimeOffset other) => instant.CompareTo(other),
        (bool flag, bool other) => flag.CompareTo(other),
        _ => throw GraphRefusal.Query("Invalid filter clause: A binary operator with incompatible types was detected."),
    };

    private static bool Holds(string comparison, int? order) => comparison switch
    {
        "eq" => order == 0,
        "ne" => order != 0,
        "gt" => order > 0,
        "ge" => order >= 0,
        "lt" => order < 0,
        _ => order <= 0,
    };

    private string[] PathOf(string name)
    {
        var path = name.Split('/');
        return path[0].Equals("id", StringComparison.OrdinalIgnoreCase) || _schema.Find(path[0]) is { Kind: not Microsoft365Schema.Mailbox }
            ? path
            : throw GraphRefusal.Query($"Invalid filter clause: Could not find a property named '{path[0]}' on type 'microsoft.graph.{_schema.Name[..^1]}'.");
    }

    private object? Literal(string word) => word switch
    {
        "null" => null,
        "true" => true,
        "false" => false,
        ['\'', .. var text, '\''] => text.Replace("''", "'", StringComparison.Ordinal),
        _ when DateTimeOffset.TryParse(word, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) => instant,
        _ => throw Wrong(),
    };

    private bool Take(string word)
    {
        if (_at >= _words.Count || _words[_at] != word)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Expect(string word)
    {
        if (!Take(word))
        {
            throw Wrong();
        }
    }

    private string Next() => _at < _words.Count ? _words[_at++] : throw Wrong();

    private GraphRefusal Wrong() => GraphRefusal.Query($"Invalid filter clause: Syntax error at position {Math.Min(_at, _words.Count).ToString(CultureInfo.InvariantCulture)} in '{string.Join(' ', _words)}'.");

    [GeneratedRegex(@"\s*('(?:[^']|'')*'|[(),]|[^\s(),']+)")]
    private static partial Regex Words();
}
