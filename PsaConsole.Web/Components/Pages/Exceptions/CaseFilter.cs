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

    /// <summary>Stands for “with nobody” in an address.</summary>
    public const string Nobody = "nobody";

    // Says that the open cases are wanted, and not the view with which the queue opens.
    private const string Plain = "open";

    public static CaseFilter Open { get; } = new(null, null, null, null);

    public string? Team { get; init; }

    /// <summary>Id of a person, or <see cref="Nobody"/>.</summary>
    public string? With { get; init; }

    public CaseSeverity? Severity { get; init; }

    /// <summary>First and last day on which it was raised (UTC).</summary>
    public DateOnly? From { get; init; }

    public DateOnly? To { get; init; }

    /// <summary>Least money that waits, in the case's own currency.</summary>
    public decimal? AtLeast { get; init; }

    public bool IsSettled => State == Settled;

    /// <summary>Whether more is asked for than a state, a kind or a word.</summary>
    public bool IsNarrowed => (Team, With, Severity, From, To, AtLeast) != (null, null, null, null, null, null);

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
    public CaseSelection Selection => new()
    {
        Shelf = Shelf,
        Mine = State == Mine,
        Code = Code,
        Search = Search,
        Team = Team,
        With = With == Nobody ? "" : With,
        Severity = Severity,
        RaisedFrom = Start(From),
        RaisedBefore = Start(To?.AddDays(1)),
        AtLeast = AtLeast,
    };

    /// <summary>What the address holds, without page and case.</summary>
    public IReadOnlyList<(string Name, string? Value)> Parts =>
    [
        ("state", State),
        ("code", Code),
        ("q", Search),
        ("team", Team),
        ("with", With),
        ("severity", Severity?.ToString()),
        ("from", From?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("to", To?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("least", AtLeast?.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>The same without what <see cref="IsNarrowed"/> speaks of.</summary>
    public CaseFilter Widened => new(State, Code, Search, null);

    /// <summary>The address of this view, with a case beside the list or without.</summary>
    public string Url(long? selected = null)
    {
        (string, string?)[] place = [("after", After?.ToString()), ("case", selected?.ToString(CultureInfo.InvariantCulture))];
        return Parts.Concat(place).All(part => string.IsNullOrEmpty(part.Item2))
            ? ConsoleUrls.Exceptions(Plain)
            : ConsoleUrls.ExceptionView([.. Parts, .. place]);
    }

    private static DateTimeOffset? Start(DateOnly? day) => day is { } date ? new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;
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
