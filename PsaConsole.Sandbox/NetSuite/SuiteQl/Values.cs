using System.Globalization;
using System.Text.RegularExpressions;

namespace PsaConsole.Sandbox.NetSuite.SuiteQl;

/// <summary>How values of SQL compare and print: text, decimal, DateTime, bool (a condition's) or null.</summary>
internal static class Values
{
    /// <summary>Below, at or above 0; null when either is null. Numbers and dates are read from text where the other side is one.</summary>
    public static int? Compare(object? left, object? right) => (left, right) switch
    {
        (null, _) or (_, null) => null,
        (decimal one, decimal other) => one.CompareTo(other),
        (DateTime one, DateTime other) => one.CompareTo(other),
        (decimal one, string text) => one.CompareTo(Number(text)),
        (string text, decimal other) => Number(text).CompareTo(other),
        (DateTime one, string text) => one.CompareTo(DateFormat.Read(text, null)),
        (string text, DateTime other) => DateFormat.Read(text, null).CompareTo(other),
        _ => string.CompareOrdinal(Text(left), Text(right)),
    };

    public static decimal Number(object? value) => value switch
    {
        decimal number => number,
        string text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw NetSuiteRefusal.Query($"Invalid number '{value}'."),
    };

    public static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        decimal number => number.ToString("0.############################", CultureInfo.InvariantCulture),
        DateTime date => date.ToString(DateFormat.Account, CultureInfo.InvariantCulture),
        bool flag => flag ? "T" : "F",
        _ => value.ToString(),
    };

    public static bool Like(string text, string pattern)
        => Regex.IsMatch(
            text, $"^{Regex.Escape(pattern).Replace("%", ".*", StringComparison.Ordinal).Replace("_", ".", StringComparison.Ordinal)}$",
            RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1));
}
