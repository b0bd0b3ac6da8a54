using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Exceptions;

/// <summary>
/// What a person typed into the search of cases. Words are looked for in what a case says (any part of a word) and in the values that it found and that systems were
/// asked and answered (beginnings of words, in any order). <c>name:value</c>, with quotes around a value of several words, asks one field:
/// <c>field</c>, <c>expected</c> and <c>actual</c> of a difference, <c>system</c>, <c>step</c>, <c>key</c>, <c>subject</c>, <c>message</c>, <c>tag</c>, <c>answer</c>.
/// </summary>
public sealed partial record CaseSearch(string? Words, IReadOnlyList<(string Field, string Value)> Fields)
{
    /// <summary>Dictionary of PostgreSQL's full-text search: words as they are, of any language, since values are codes and names.</summary>
    internal const string Dictionary = "simple";

    private static readonly string[] OfDifference = ["field", "expected", "actual"];
    private static readonly string[] Known = [.. OfDifference, "system", "step", "key", "subject", "message", "tag", "answer"];

    public static CaseSearch Of(string text)
    {
        List<string> words = [];
        List<(string, string)> fields = [];
        foreach (Match part in Parts().Matches(text))
        {
            var (name, value) = (part.Groups["name"].Value.ToLowerInvariant(), part.Groups["quoted"].Success ? part.Groups["quoted"].Value : part.Groups["plain"].Value);
            if (name.Length > 0 && Known.Contains(name) && value.Length > 0)
            {
                fields.Add((name, value));
            }
            else
            {
                // A colon that names no field is part of what is looked for.
                words.Add(part.Value);
            }
        }

        return new CaseSearch(words.Count == 0 ? null : string.Join(' ', words), fields);
    }

    /// <param name="payloads">Whether what systems were asked and answered is searched: the searcher may see it.</param>
    public IQueryable<ExceptionCase> In(IQueryable<ExceptionCase> cases, bool payloads)
    {
        cases = Words is { } words ? WithWords(cases, words, payloads) : cases;
        var difference = Fields.Where(field => OfDifference.Contains(field.Field)).ToList();
        if (difference.Count > 0)
        {
            var wanted = JsonSerializer.Serialize(new[] { difference.DistinctBy(field => field.Field).ToDictionary(field => field.Field, field => field.Value) }, MappingSets.Json);
            cases = cases.Where(item => EF.Functions.JsonContains(item.Findings, wanted));
        }

        return Fields.Except(difference).Aggregate(cases, (found, field) => WithField(found, field.Field, field.Value, payloads));
    }

    private static IQueryable<ExceptionCase> WithWords(IQueryable<ExceptionCase> cases, string words, bool payloads)
    {
        var (part, query) = (SearchPattern.Containing(words.Replace("\"", "", StringComparison.Ordinal)), QueryOf(words));
        return cases.Where(item =>
            EF.Functions.ILike(item.Subject, part, SearchPattern.Escape) || EF.Functions.ILike(item.Message, part, SearchPattern.Escape)
            || EF.Functions.ILike(item.Code, part, SearchPattern.Escape) || EF.Functions.ILike(item.Labels, part, SearchPattern.Escape)
            || EF.Functions.ToTsVector(Dictionary, item.Findings).Matches(EF.Functions.ToTsQuery(Dictionary, query))
            || (payloads && EF.Functions.ToTsVector(Dictionary, item.Payload!).Matches(EF.Functions.ToTsQuery(Dictionary, query))));
    }

    private static IQueryable<ExceptionCase> WithField(IQueryable<ExceptionCase> cases, string field, string value, bool payloads)
    {
        var (part, query, name) = (SearchPattern.Containing(value), QueryOf(value), value.ToLowerInvariant());
        return field switch
        {
            "system" => cases.Where(item => item.SystemName == name),
            "step" => cases.Where(item => EF.Functions.ILike(item.StepKey!, part, SearchPattern.Escape)),
            "key" => cases.Where(item => item.BusinessKey == value),
            "subject" => cases.Where(item => EF.Functions.ILike(item.Subject, part, SearchPattern.Escape)),
            "message" => cases.Where(item => EF.Functions.ILike(item.Message, part, SearchPattern.Escape)),
            "tag" => cases.Where(item => EF.Functions.ILike(item.Labels, part, SearchPattern.Escape)),
            "answer" when payloads => cases.Where(item => EF.Functions.ToTsVector(Dictionary, item.Payload!).Matches(EF.Functions.ToTsQuery(Dictionary, query))),
            // Who may not see answers finds none by them.
            "answer" => cases.Where(item => false),
            _ => throw new ArgumentException($"Cases have no field {field}.", nameof(field)),
        };
    }

    /// <summary>All of the words, each the beginning of one; what has a slash or such in it as it stands, or in its parts.</summary>
    private static string QueryOf(string text) =>
        string.Join(" & ", text.Split([' ', '"'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(typed => CasePayload.Words(typed).ToList() is { Count: > 0 } words && words[0] != typed ? $"({Beginning(typed)} | {string.Join(" & ", words.Select(Beginning))})" : Beginning(typed)));

    private static string Beginning(string word) => $"'{word.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}':*";

    [GeneratedRegex("""(?:(?<name>[A-Za-z]+):)?(?:"(?<quoted>[^"]*)"|(?<plain>\S+))""")]
    private static partial Regex Parts();
}
