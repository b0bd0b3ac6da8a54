namespace PsaConsole.Sandbox.NetSuite.SuiteQl;

/// <summary>Operators between two values, with SQL's unknown (null) where a side is null.</summary>
internal static class Operators
{
    public static Func<Row, object?> Compile(string symbol, Func<Row, object?> left, Func<Row, object?> right) => symbol switch
    {
        "AND" => row => left(row) is false ? false : right(row) switch { false => false, true when left(row) is true => true, _ => null },
        "OR" => row => left(row) is true ? true : right(row) switch { true => true, false when left(row) is false => false, _ => null },
        "=" => row => Values.Compare(left(row), right(row)) is { } order ? order == 0 : null,
        "<>" => row => Values.Compare(left(row), right(row)) is { } order ? order != 0 : null,
        "<" => row => Values.Compare(left(row), right(row)) is { } order ? order < 0 : null,
        "<=" => row => Values.Compare(left(row), right(row)) is { } order ? order <= 0 : null,
        ">" => row => Values.Compare(left(row), right(row)) is { } order ? order > 0 : null,
        ">=" => row => Values.Compare(left(row), right(row)) is { } order ? order >= 0 : null,
        "LIKE" => row => (Values.Text(left(row)), Values.Text(right(row))) is ({ } text, { } pattern) ? Values.Like(text, pattern) : null,
        "||" => row => $"{Values.Text(left(row))}{Values.Text(right(row))}",
        "+" or "-" => row => Sum(symbol == "+" ? 1 : -1, left(row), right(row)),
        "*" => row => left(row) is { } one && right(row) is { } other ? Values.Number(one) * Values.Number(other) : null,
        "/" => row => left(row) is { } one && right(row) is { } other ? Values.Number(other) is 0m ? throw NetSuiteRefusal.Query("Division by zero.") : Values.Number(one) / Values.Number(other) : null,
        _ => throw new InvalidOperationException($"Unknown operator {symbol}."),
    };

    /// <summary>A number of days can be added to a date.</summary>
    private static object? Sum(int sign, object? left, object? right) => (left, right) switch
    {
        (null, _) or (_, null) => null,
        (DateTime one, DateTime other) when sign < 0 => (decimal)(one - other).TotalDays,
        (DateTime date, _) => date.AddDays((double)(sign * Values.Number(right))),
        _ => Values.Number(left) + sign * Values.Number(right),
    };
}
