using PsaConsole.Engine.Access;

namespace PsaConsole.Web.Endpoints.Api;

/// <summary>A page of a list.</summary>
/// <param name="Next">Address of the next page; null on the last one.</param>
public sealed record ApiPage<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>How a list is asked for.</summary>
public static class ApiPaging
{
    public const int Default = 50;
    public const int Most = 200;

    /// <summary>A page with the address of the next one.</summary>
    /// <param name="path">Address of the list.</param>
    /// <param name="after">Where the next page begins; null when there is none.</param>
    /// <param name="query">What the list was asked with, without the place.</param>
    public static ApiPage<T> Page<T>(IReadOnlyList<T> items, string path, string? after, params (string Name, string? Value)[] query) =>
        new(items, after is null ? null : ConsoleUrls.With(path, [.. query, ("after", after)]));

    /// <summary>How many rows are wanted.</summary>
    /// <exception cref="RefusedException">Fewer than one, or too many.</exception>
    public static int Take(int? limit) => limit is null or (>= 1 and <= Most)
        ? limit ?? Default
        : throw new RefusedException($"limit is from 1 to {Most}, and {limit} was asked for.");

    /// <summary>The place that a list goes on from.</summary>
    /// <exception cref="RefusedException">The text names none.</exception>
    public static T? Place<T>(string? after, Func<string?, T?> parse)
        where T : class => after is null ? null
        : parse(after) ?? throw new RefusedException("after is no place in this list. Follow the address in next instead of making one.");

    /// <summary>One of the values that a parameter may have.</summary>
    /// <exception cref="RefusedException">It has another one.</exception>
    public static string? OneOf(string name, string? value, params IEnumerable<string> known) => value is null || known.Contains(value)
        ? value
        : throw new RefusedException($"{name} is one of {string.Join(", ", known)}, and {value} was asked for.");
}
