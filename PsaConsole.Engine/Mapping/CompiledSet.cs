using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PsaConsole.Engine.Mapping;

/// <summary>A version of a mapping set, made ready to run. Pure: the same record always gives the same result.</summary>
/// <param name="stamp">The set and its version.</param>
/// <param name="rules">The rules, in order; for each target the first whose conditions hold is taken.</param>
/// <param name="setNamed">Finds the set that maps the elements of a list.</param>
internal sealed partial class CompiledSet(MappingStamp stamp, IReadOnlyList<MappingRule> rules, Func<string, CompiledSet> setNamed)
{
    public MappingStamp Stamp { get; } = stamp;

    /// <summary>What the rules read: fields, and the lists that another set maps.</summary>
    public SourcePaths Sources { get; } = new(
        [.. rules.Where(rule => rule.Each is null).SelectMany(PathsOf).Distinct(StringComparer.Ordinal)],
        [.. rules.Where(rule => rule is { Each: not null, Source: not null }).Select(rule => (rule.Source!, rule.Each!))]);

    public IReadOnlyList<string> Targets { get; } = [.. rules.Select(rule => rule.Target).Distinct(StringComparer.Ordinal)];

    public string? SourceOf(string target) => rules.FirstOrDefault(rule => rule.Target == target && rule.Source is not null)?.Source;

    public Mapped Map(JsonObject source)
    {
        var result = new Result(Stamp);
        foreach (var rule in rules)
        {
            if (!result.Written.Contains(rule.Target) && Holds(rule, source))
            {
                result.Written.Add(rule.Target);
                Apply(rule, source, result);
            }
        }

        return new Mapped(result.Record, [.. result.Stamps], result.Gaps);
    }

    private static IEnumerable<string> PathsOf(MappingRule rule)
    {
        string?[] named = [rule.Source, rule.Currency, .. rule.When?.Keys ?? [], .. Placeholder().Matches(rule.Template ?? "").Select(match => match.Groups[1].Value)];
        return named.OfType<string>();
    }

    private static bool Holds(MappingRule rule, JsonObject source) =>
        rule.When is null || rule.When.All(condition => (JsonPath.Text(JsonPath.Read(source, condition.Key)) ?? "") == condition.Value);

    private void Apply(MappingRule rule, JsonObject source, Result result)
    {
        if (rule.Each is not null)
        {
            ApplyEach(rule, source, result);
            return;
        }

        var value = rule.Constant?.DeepClone() ?? Filled(rule, source) ?? (rule.Source is null ? null : JsonPath.Read(source, rule.Source));
        var text = JsonPath.Text(value);
        if (value is null || text is null)
        {
            Missing(rule, null, result);
        }
        else if (rule.Values is null)
        {
            JsonPath.Write(result.Record, rule.Target, Converted(rule, value, source));
        }
        else if (rule.Values.TryGetValue(text, out var known))
        {
            JsonPath.Write(result.Record, rule.Target, Converted(rule, JsonValue.Create(known), source));
        }
        else
        {
            Missing(rule, text, result);
        }
    }

    private void ApplyEach(MappingRule rule, JsonObject source, Result result)
    {
        var elements = new JsonArray();
        if (rule.Source is not null && JsonPath.Read(source, rule.Source) is JsonArray list)
        {
            var set = setNamed(rule.Each!);
            foreach (var element in list.OfType<JsonObject>())
            {
                var mapped = set.Map(element);
                elements.Add(mapped.Record);
                result.Stamps.UnionWith(mapped.Stamps);
                result.Gaps.AddRange(mapped.Gaps);
            }
        }

        JsonPath.Write(result.Record, rule.Target, elements);
    }

    private void Missing(MappingRule rule, string? value, Result result)
    {
        if (rule.Missing == WhenMissing.UseDefault)
        {
            JsonPath.Write(result.Record, rule.Target, rule.Default?.DeepClone());
        }
        else if (rule.Missing == WhenMissing.Raise)
        {
            result.Gaps.Add(new MappingGap(Stamp.Set, rule.Target, rule.Source, value));
        }
    }

    private JsonNode Converted(MappingRule rule, JsonNode value, JsonObject source)
    {
        try
        {
            var currency = rule.Currency is null ? null : JsonPath.Text(JsonPath.Read(source, rule.Currency));
            return Conversions.Apply(rule.Convert, value, currency);
        }
        catch (FormatException problem)
        {
            throw new MappingException([new MappingGap(Stamp.Set, rule.Target, rule.Source, $"{JsonPath.Text(value)} ({problem.Message})") { IsMalformed = true }]);
        }
    }

    private static string? Filled(MappingRule rule, JsonObject source) => rule.Template is null
        ? null
        : Placeholder().Replace(rule.Template, match => JsonPath.Text(JsonPath.Read(source, match.Groups[1].Value)) ?? "").Trim();

    [GeneratedRegex(@"\{([^}]+)\}")]
    private static partial Regex Placeholder();

    private sealed class Result(MappingStamp stamp)
    {
        public JsonObject Record { get; } = [];
        public HashSet<string> Written { get; } = [];
        public HashSet<MappingStamp> Stamps { get; } = [stamp];
        public List<MappingGap> Gaps { get; } = [];
    }
}
