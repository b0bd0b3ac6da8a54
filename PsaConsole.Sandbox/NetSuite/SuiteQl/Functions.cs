using System.Globalization;

namespace PsaConsole.Sandbox.NetSuite.SuiteQl;

/// <summary>The scalar functions that integrations use.</summary>
internal static class Functions
{
    /// <exception cref="NetSuiteRefusal">There is no such function, or it takes other arguments.</exception>
    public static Func<Row, object?> Compile(Call call, Func<Row, object?>[] arguments)
    {
        var count = arguments.Length;
        return (call.Name, count) switch
        {
            ("TO_CHAR", 1) => row => Values.Text(arguments[0](row)),
            ("TO_CHAR", 2) => row => arguments[0](row) switch
            {
                DateTime date => DateFormat.Write(date, Format(arguments[1], row)),
                var other => Values.Text(other),
            },
            ("TO_DATE" or "TO_TIMESTAMP", 1 or 2) => row => arguments[0](row) switch
            {
                null => null,
                DateTime date => date,
                var other => DateFormat.Read(Values.Text(other)!, count == 2 ? Format(arguments[1], row) : null),
            },
            ("TO_NUMBER", 1) => row => arguments[0](row) is { } value ? Values.Number(value) : null,
            ("NVL" or "COALESCE", >= 2) => row => arguments.Select(argument => argument(row)).FirstOrDefault(value => value is not null),
            ("UPPER", 1) => row => Values.Text(arguments[0](row))?.ToUpperInvariant(),
            ("LOWER", 1) => row => Values.Text(arguments[0](row))?.ToLowerInvariant(),
            ("TRIM", 1) => row => Values.Text(arguments[0](row))?.Trim(),
            ("LENGTH", 1) => row => (decimal?)Values.Text(arguments[0](row))?.Length,
            ("ABS", 1) => row => arguments[0](row) is { } value ? Math.Abs(Values.Number(value)) : null,
            ("ROUND", 1 or 2) => row => arguments[0](row) is { } value ? Math.Round(Values.Number(value), count == 2 ? (int)Values.Number(arguments[1](row)) : 0, MidpointRounding.AwayFromZero) : null,
            ("TRUNC", 1) => row => arguments[0](row) switch { null => null, DateTime date => date.Date, var value => Math.Truncate(Values.Number(value)) },
            ("SUBSTR", 2 or 3) => row => Values.Text(arguments[0](row)) is { } text ? Part(text, (int)Values.Number(arguments[1](row)), count == 3 ? (int)Values.Number(arguments[2](row)) : int.MaxValue) : null,
            ("BUILTIN.DF", 1) => row => Values.Text(arguments[0](row)),
            _ => throw NetSuiteRefusal.Query(string.Create(CultureInfo.InvariantCulture, $"Invalid number or type of arguments, or unknown function: {call.Name}.")),
        };
    }

    private static string Format(Func<Row, object?> argument, Row row) => Values.Text(argument(row)) ?? throw NetSuiteRefusal.Query("The format is missing.");

    /// <summary>Counts from 1; a negative start counts from the end.</summary>
    private static string Part(string text, int start, int length)
    {
        var from = Math.Clamp(start > 0 ? start - 1 : start < 0 ? text.Length + start : 0, 0, text.Length);
        return text.Substring(from, Math.Clamp(length, 0, text.Length - from));
    }
}
