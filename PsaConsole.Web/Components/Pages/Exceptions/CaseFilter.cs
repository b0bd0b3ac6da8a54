using System.Globalization;
using PsaConsole.Engine.Exceptions;

namespace PsaConsole.Web.Components.Pages.Exceptions;

/// <summary>What the list of cases shows, as its address says it.</summary>
/// <param name="State"><c>mine</c>, <c>snoozed</c>, <c>settled</c>, or null for the open ones.</param>
/// <param name="Code">Cases of one kind only.</param>
/// <param name="Search">Part of a subject, a message or a code.</param>
/// <param name="After">The last row of the page before.</param>
public sealed record CaseFilter(string? State, string? Code, string? Search, CasePosition? After)
{
    public const string Mine = "mine";
    public const string Snoozed = "snoozed";
    public const string Settled = "settled";

    public static CaseFilter Open { get; } = new(null, null, null, null);

    public bool IsSettled => State == Settled;

    private CaseShelf Shelf => State switch
    {
        Snoozed => CaseShelf.Asleep,
        Settled => CaseShelf.Settled,
        _ => CaseShelf.Open,
    };

    public static CaseFilter Of(string? state, string? code, string? search, string? after) => new(
        state is Mine or Snoozed or Settled ? state : null,
        string.IsNullOrWhiteSpace(code) ? null : code,
        string.IsNullOrWhiteSpace(search) ? null : search.Trim()[..Math.Min(search.Trim().Length, 120)],
        CasePosition.Parse(after));

    /// <summary>All cases that it shows, on whatever page.</summary>
    public CaseSelection Selection => new() { Shelf = Shelf, Mine = State == Mine, Code = Code, Search = Search };

    /// <summary>The address of this view, with a case beside the list or without.</summary>
    public string Url(long? selected = null) => ConsoleUrls.Exceptions(State, Code, Search, After?.ToString(), selected);
}

/// <summary>A place in the list: open cases by what it costs to leave them, settled ones by the time they were settled.</summary>
public sealed record CasePosition(DateTimeOffset At, long Id)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}.{Id}");

    /// <summary>The place that an address names; null when it names none.</summary>
    public static CasePosition? Parse(string? text) =>
        text?.Split('.') is [var ticks, var id]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        && value <= DateTimeOffset.MaxValue.Ticks
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new CasePosition(new DateTimeOffset(value, TimeSpan.Zero), number)
            : null;
}
