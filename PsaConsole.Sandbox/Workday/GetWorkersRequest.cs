using System.Globalization;
using System.Xml.Linq;

namespace PsaConsole.Sandbox.Workday;

/// <summary>A window of the transaction log: entered within, or taking effect within; both ends included.</summary>
internal sealed record LogWindow(DateTimeOffset? UpdatedFrom, DateTimeOffset? UpdatedThrough, DateOnly? EffectiveFrom, DateOnly? EffectiveThrough, IReadOnlyCollection<string> Types);

/// <summary>What a Get_Workers_Request asks for.</summary>
internal sealed record GetWorkersRequest
{
    public static readonly XNamespace Wd = "urn:com.workday/bsvc";
    private const int UsualCount = 100;
    private const int MostCount = 999;

    // Clocks of clients differ a little.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>The workers named by reference, as (type, id); empty for all.</summary>
    public required IReadOnlyList<(string Type, string Id)> References { get; init; }

    public required LogWindow? Window { get; init; }

    public required bool ExcludeInactive { get; init; }

    public required bool ExcludeEmployees { get; init; }

    public required DateOnly AsOf { get; init; }

    public required DateTimeOffset AsOfEntry { get; init; }

    public required int Page { get; init; }

    public required int Count { get; init; }

    /// <summary>The parts to write: names of the response group without Include_; null for the usual ones.</summary>
    public required IReadOnlyCollection<string>? Group { get; init; }

    public required string Version { get; init; }

    public bool Includes(string part) => Group?.Contains(part) ?? part is "Reference" or "Personal_Information" or "Employment_Information" or "Organizations";

    /// <exception cref="SoapFault">A part is malformed, or the window isn't allowed.</exception>
    public static GetWorkersRequest Read(XElement request, DateTimeOffset now)
    {
        var (criteria, filter, group) = (request.Element(Wd + "Request_Criteria"), request.Element(Wd + "Response_Filter"), request.Element(Wd + "Response_Group"));
        var count = Whole(filter?.Element(Wd + "Count"), UsualCount);
        if (count is < 1 or > MostCount)
        {
            throw SoapFault.Validation($"Validation error occurred. Element Content '{count}' is not valid: Count must be between 1 and {MostCount}.", "/wd:Get_Workers_Request/wd:Response_Filter/wd:Count");
        }

        return new GetWorkersRequest
        {
            References =
            [
                .. (request.Element(Wd + "Request_References")?.Elements(Wd + "Worker_Reference") ?? []).Select(reference => reference.Element(Wd + "ID") is { } id
                    ? ((string?)id.Attribute(Wd + "type") ?? "", id.Value.Trim())
                    : throw SoapFault.Validation("Validation error occurred. Worker_Reference needs an ID.", "/wd:Get_Workers_Request/wd:Request_References")),
            ],
            Window = WindowOf(criteria?.Element(Wd + "Transaction_Log_Criteria_Data"), now),
            ExcludeInactive = Flag(criteria?.Element(Wd + "Exclude_Inactive_Workers")),
            ExcludeEmployees = Flag(criteria?.Element(Wd + "Exclude_Employees")),
            AsOf = Day(filter?.Element(Wd + "As_Of_Effective_Date")) ?? DateOnly.FromDateTime(now.UtcDateTime),
            AsOfEntry = Instant(filter?.Element(Wd + "As_Of_Entry_DateTime")) ?? now,
            Page = Math.Max(1, Whole(filter?.Element(Wd + "Page"), 1)),
            Count = count,
            Group = group?.Elements().Where(Flag).Select(element => element.Name.LocalName.Replace("Include_", "", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal),
            Version = (string?)request.Attribute(Wd + "version") ?? "v45.2",
        };
    }

    private static LogWindow? WindowOf(XElement? log, DateTimeOffset now)
    {
        if (log is null)
        {
            return null;
        }

        const string Path = "/wd:Get_Workers_Request/wd:Request_Criteria/wd:Transaction_Log_Criteria_Data/wd:Transaction_Date_Range_Data";
        var range = log.Element(Wd + "Transaction_Date_Range_Data");
        var window = new LogWindow(
            Instant(range?.Element(Wd + "Updated_From")),
            Instant(range?.Element(Wd + "Updated_Through")),
            Day(range?.Element(Wd + "Effective_From")),
            Day(range?.Element(Wd + "Effective_Through")),
            [.. log.Element(Wd + "Transaction_Type_References")?.Descendants(Wd + "ID").Select(id => id.Value.Trim()) ?? []]);
        if (window.UpdatedFrom is null != window.UpdatedThrough is null || window.EffectiveFrom is null != window.EffectiveThrough is null)
        {
            throw SoapFault.Validation("Validation error occurred. Both the from and the through moment must be entered for the date range.", Path);
        }

        return window.UpdatedThrough > now + Skew
            ? throw SoapFault.Validation("Validation error occurred. Updated Through must be less than or equal to the current moment.", Path)
            : window.UpdatedFrom > window.UpdatedThrough || window.EffectiveFrom > window.EffectiveThrough
                ? throw SoapFault.Validation("Validation error occurred. The from moment must be before the through moment.", Path)
                : window;
    }

    private static bool Flag(XElement? element) => element?.Value.Trim() is "1" or "true";

    private static int Whole(XElement? element, int usual)
        => element is null ? usual : int.TryParse(element.Value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Malformed(element);

    private static DateTimeOffset? Instant(XElement? element)
        => element is null ? null
            : DateTimeOffset.TryParse(element.Value.Trim(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant
            : throw Malformed(element);

    /// <summary>A date, with or without a time or an offset behind it.</summary>
    private static DateOnly? Day(XElement? element)
        => element is null ? null
            : element.Value.Trim() is { Length: >= 10 } text && DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
            : throw Malformed(element);

    private static SoapFault Malformed(XElement element)
        => SoapFault.Validation($"Validation error occurred. Element Content '{element.Value}' is not valid for {element.Name.LocalName}.", $"//wd:{element.Name.LocalName}");
}
