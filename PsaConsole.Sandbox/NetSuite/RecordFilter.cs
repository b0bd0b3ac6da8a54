using System.Globalization;
using System.Text.RegularExpressions;
using PsaConsole.Sandbox.Core;

namespace PsaConsole.Sandbox.NetSuite;

/// <summary>The q of a record list: conditions such as <c>email START_WITH "a" AND startDate ON_OR_AFTER "1/31/2026"</c>, joined by AND or OR (AND binds closer).</summary>
internal sealed partial class RecordFilter
{
    private readonly List<List<Func<Record, bool>>> _alternatives = [[]];

    private RecordFilter()
    {
    }

    /// <exception cref="NetSuiteRefusal">The text is no condition, or names what the type doesn't have.</exception>
    public static RecordFilter Parse(string text, RecordType type)
    {
        var filter = new RecordFilter();
        var tokens = Tokens().Matches(text).Select(match => match.Value).ToList();
        var at = 0;
        while (at < tokens.Count)
        {
            var name = tokens[at++];
            var field = name.Equals("id", StringComparison.OrdinalIgnoreCase) ? null : type.Schema.Find(name) ?? throw Refuse($"The field {name} does not exist or cannot be searched.");
            var word = at < tokens.Count ? tokens[at++].ToUpperInvariant() : throw Refuse("An operator is missing.");
            var operands = word is "EMPTY" or "EMPTY_NOT" ? [] : Operands(tokens, ref at);
            filter._alternatives[^1].Add(Condition(type, field, word, operands));
            if (at < tokens.Count)
            {
                var joint = tokens[at++].ToUpperInvariant();
                if (joint == "OR")
                {
                    filter._alternatives.Add([]);
                }
                else if (joint != "AND")
                {
                    throw Refuse($"'{joint}' is neither AND nor OR.");
                }
            }
        }

        return filter;
    }

    public bool Matches(Record record) => _alternatives.Any(conditions => conditions.TrueForAll(condition => condition(record)));

    private static List<string> Operands(List<string> tokens, ref int at)
    {
        var operands = new List<string>();
        var isList = at < tokens.Count && tokens[at] == "[";
        for (at += isList ? 1 : 0; at < tokens.Count && tokens[at] != "]"; at++)
        {
            if (tokens[at] != ",")
            {
                operands.Add(tokens[at].StartsWith('"') ? tokens[at][1..^1] : tokens[at]);
            }

            if (!isList)
            {
                at++;
                break;
            }
        }

        if (isList)
        {
            at++;
        }

        return operands.Count > 0 ? operands : throw Refuse("A value is missing.");
    }

    private static Func<Record, bool> Condition(RecordType type, FieldSchema? field, string word, List<string> operands)
    {
        object? Held(Record record) => field is null ? decimal.Parse(record.Id, CultureInfo.InvariantCulture) : RecordJson.Value(type, field, record);
        int Compare(Record record, int operand) => Held(record) is { } held ? Order(held, operands[operand]) : int.MinValue;
        bool Has(Record record) => Held(record) is not null;
        string Text(Record record) => Held(record)?.ToString() ?? "";
        return word switch
        {
            "EMPTY" => record => Held(record) is null or "",
            "EMPTY_NOT" => record => Held(record) is not (null or ""),
            "IS" or "EQUAL" or "ON" => record => Has(record) && Compare(record, 0) == 0,
            "IS_NOT" or "EQUAL_NOT" or "ON_NOT" => record => !Has(record) || Compare(record, 0) != 0,
            "ANY_OF" => record => Has(record) && operands.Exists(operand => Order(Held(record)!, operand) == 0),
            "ANY_OF_NOT" => record => !Has(record) || !operands.Exists(operand => Order(Held(record)!, operand) == 0),
            "BETWEEN" when operands.Count == 2 => record => Has(record) && Compare(record, 0) >= 0 && Compare(record, 1) <= 0,
            "ON_OR_AFTER" or "GREATER_OR_EQUAL" => record => Has(record) && Compare(record, 0) >= 0,
            "AFTER" or "GREATER" => record => Has(record) && Compare(record, 0) > 0,
            "ON_OR_BEFORE" or "LESS_OR_EQUAL" => record => Has(record) && Compare(record, 0) <= 0,
            "BEFORE" or "LESS" => record => Has(record) && Compare(record, 0) < 0,
            "START_WITH" => record => Text(record).StartsWith(operands[0], StringComparison.OrdinalIgnoreCase),
            "END_WITH" => record => Text(record).EndsWith(operands[0], StringComparison.OrdinalIgnoreCase),
            "CONTAIN" => record => Text(record).Contains(operands[0], StringComparison.OrdinalIgnoreCase),
            _ => throw Refuse($"The operator {word} is not valid here."),
        };
    }

    /// <summary>Dates are in the account's format, M/D/YYYY, not ISO (S44).</summary>
    private static int Order(object held, string operand) => held switch
    {
        DateOnly date => date.CompareTo(DateOnly.FromDateTime(Date(operand))),
        DateTimeOffset instant => DateOnly.FromDateTime(instant.UtcDateTime).CompareTo(DateOnly.FromDateTime(Date(operand))),
        decimal number => decimal.TryParse(operand, NumberStyles.Float, CultureInfo.InvariantCulture, out var other) ? number.CompareTo(other) : throw Refuse($"'{operand}' is not a number."),
        bool flag => flag.CompareTo(operand.ToUpperInvariant() switch { "TRUE" or "T" => true, "FALSE" or "F" => false, _ => throw Refuse($"'{operand}' is neither true nor false.") }),
        _ => string.Compare(held.ToString(), operand, StringComparison.OrdinalIgnoreCase),
    };

    private static DateTime Date(string text)
        => DateTime.TryParseExact(text, "M/d/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : throw Refuse($"'{text}' is not a date in the format of the account, M/D/YYYY.");

    private static NetSuiteRefusal Refuse(string text) => NetSuiteRefusal.Parameter($"Invalid query parameter q. {text}", "q");

    [GeneratedRegex("\"[^\"]*\"|[\\[\\],]|[^\\s\\[\\],\"]+")]
    private static partial Regex Tokens();
}
