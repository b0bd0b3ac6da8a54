using System.Text.Json;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Mapping;

/// <summary>What a mapping set says about single values of a field, and how it would with one more. Pure: rules in, rules out.</summary>
public static class ValueRules
{
    /// <summary>The values that the set gives the field already: what a person picks from.</summary>
    public static IReadOnlyList<string> Known(string rules, string field) =>
        [.. Read(rules).Where(rule => rule.Target == field).SelectMany(rule => rule.Values?.Values ?? (rule.Constant is { } only ? [JsonPath.Text(only) ?? ""] : [])).Where(value => value.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Whether the set has a rule that reads a value for the field.</summary>
    public static bool Has(string rules, string field) => Read(rules).Any(rule => rule.Target == field && rule.Source is not null);

    /// <summary>
    /// The rules in which the value becomes <paramref name="to"/>. A field with a table of values gets a line more; one whose value is taken as it is gets a rule
    /// for this value before it, in place of an earlier one for the same value.
    /// </summary>
    /// <exception cref="InvalidOperationException">No rule of the set reads a value for the field.</exception>
    public static string With(string rules, UnmappedValue value, string to)
    {
        var all = Read(rules);
        var read = all.FirstOrDefault(rule => rule.Target == value.Field && rule.Source is not null && rule.When is null)
            ?? all.FirstOrDefault(rule => rule.Target == value.Field && rule.Source is not null)
            ?? throw new InvalidOperationException($"{value.Set} has no rule that reads a value for {value.Field}.");
        IEnumerable<MappingRule> next = read.Values is null
            ? [new MappingRule { Target = value.Field, Constant = to, Convert = read.Convert, When = Only(read.Source!, value.Value) }, .. all.Where(rule => !IsFor(rule, read, value))]
            : all.Select(rule => rule.Target == value.Field && rule.Values is { } table && !table.ContainsKey(value.Value)
                ? rule with { Values = new Dictionary<string, string>(table, StringComparer.Ordinal) { [value.Value] = to } }
                : rule);
        return JsonSerializer.Serialize(next, MappingSets.Json);
    }

    private static bool IsFor(MappingRule rule, MappingRule read, UnmappedValue value) =>
        rule is { Constant: not null, When.Count: 1 } && rule.Target == value.Field && rule.When.GetValueOrDefault(read.Source!) == value.Value;

    private static Dictionary<string, string> Only(string source, string value) => new(StringComparer.Ordinal) { [source] = value };

    private static List<MappingRule> Read(string rules) => JsonSerializer.Deserialize<List<MappingRule>>(rules, MappingSets.Json) ?? [];
}
