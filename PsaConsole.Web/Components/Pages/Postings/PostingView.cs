using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Web.Components.Pages.Postings;

/// <summary>One approved piece of work on its way to the books, as a line of the list shows it.</summary>
/// <param name="Vouchers">Document numbers in the books, oldest first.</param>
/// <param name="Stop">The step that runs or that stopped it; null once it is in the books.</param>
public sealed record PostedRow(
    Guid Id, string Title, string? Number, string? LegalEntity, Money? Value, string State, Tone Tone, string? Stop, IReadOnlyList<string> Vouchers, DateTimeOffset ChangedAt);

/// <summary>The numbers above the list.</summary>
/// <param name="Stopped">Pieces of work that need a person.</param>
/// <param name="StoppedValue">What they are worth, as far as they were priced; one amount a currency.</param>
/// <param name="Posted">Charged to clients and read back from the books in thirty days, net of what was taken back; one amount a currency.</param>
public sealed record PostingTotals(int Stopped, IReadOnlyList<Money> StoppedValue, int Moving, IReadOnlyList<Money> Posted);

/// <summary>Everything about one piece of work: its lines in the books with why each has its amount, the way there, and what stopped it.</summary>
public sealed record PostingView
{
    public required PostedRow Row { get; init; }
    public required IReadOnlyList<PostedLine> Lines { get; init; }
    public required IReadOnlyList<TimelineStep> Steps { get; init; }
    public required IReadOnlyList<JourneyCase> Cases { get; init; }
}

/// <summary>One financial line.</summary>
/// <param name="What">What it is in words, such as "Earned, not invoiced".</param>
/// <param name="Reversed">True when a later line takes it back.</param>
/// <param name="ShowsMoney">False when its amount would tell the reader a rate that they may not see.</param>
public sealed record PostedLine(PostingRow Row, string What, PostingReason Why, bool Reversed, bool ShowsMoney)
{
    public bool IsReversal => Row.ReversalOf is not null;
}
