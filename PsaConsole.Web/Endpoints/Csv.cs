namespace PsaConsole.Web.Endpoints;

/// <summary>
/// Cells of a CSV file (RFC 4180) that no spreadsheet takes for a formula: what begins like one gets an apostrophe in front.
/// See https://owasp.org/www-community/attacks/CSV_Injection.
/// </summary>
public static class Csv
{
    private const string FormulaStarts = "=+-@\t\r\n|%";

    public static string Line(params IEnumerable<string?> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    public static string Cell(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return "";
        }

        var safe = FormulaStarts.Contains(value.TrimStart(' ') is [var first, ..] ? first : ' ') ? "'" + value : value;
        return "\"" + safe.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }
}
