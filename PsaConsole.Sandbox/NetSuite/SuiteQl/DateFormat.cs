using System.Globalization;
using System.Text;

namespace PsaConsole.Sandbox.NetSuite.SuiteQl;

/// <summary>Oracle's date formats, as TO_CHAR and TO_DATE take them. Without one, dates are as the account shows them: M/D/YYYY.</summary>
internal static class DateFormat
{
    public const string Account = "M/d/yyyy";

    private static readonly (string Oracle, string Net)[] Parts =
    [
        ("YYYY", "yyyy"), ("YY", "yy"), ("MONTH", "MMMM"), ("MON", "MMM"), ("MM", "MM"), ("DD", "dd"), ("DY", "ddd"), ("HH24", "HH"), ("HH12", "hh"), ("HH", "hh"), ("MI", "mm"), ("SS", "ss"), ("AM", "tt"), ("PM", "tt"),
    ];

    public static string Write(DateTime value, string format) => value.ToString(Net(format), CultureInfo.InvariantCulture);

    /// <exception cref="NetSuiteRefusal">The text isn't a date in this format.</exception>
    public static DateTime Read(string text, string? format)
        => DateTime.TryParseExact(text, format is null ? Account : Net(format), CultureInfo.InvariantCulture, DateTimeStyles.None, out var value)
            ? value
            : throw NetSuiteRefusal.Query($"'{text}' is not a date in the format {format ?? "of the account (M/D/YYYY)"}.");

    private static string Net(string format)
    {
        var net = new StringBuilder();
        for (var at = 0; at < format.Length;)
        {
            if (format[at] == '"')
            {
                var end = format.IndexOf('"', at + 1);
                end = end < 0 ? throw NetSuiteRefusal.Query("A quote in the date format does not end.") : end;
                net.Append('\'').Append(format, at + 1, end - at - 1).Append('\'');
                at = end + 1;
                continue;
            }

            var start = at;
            var (oracle, part) = Parts.FirstOrDefault(pair => format.AsSpan(start).StartsWith(pair.Oracle, StringComparison.OrdinalIgnoreCase));
            if (oracle is null)
            {
                net.Append(char.IsLetterOrDigit(format[at]) ? throw NetSuiteRefusal.Query($"The date format '{format}' is not recognized.") : $"\\{format[at]}");
                at++;
            }
            else
            {
                net.Append(part);
                at += oracle.Length;
            }
        }

        return net.ToString();
    }
}
