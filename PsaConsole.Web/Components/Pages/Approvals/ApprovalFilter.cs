using PsaConsole.Web.Components.Pages.Exceptions;

namespace PsaConsole.Web.Components.Pages.Approvals;

/// <summary>What the list of approvals shows, as its address says it.</summary>
/// <param name="State"><c>decided</c>, or null for those that wait.</param>
/// <param name="Search">Part of a subject or a reason.</param>
/// <param name="After">The last row of the page before.</param>
public sealed record ApprovalFilter(string? State, string? Search, CasePosition? After)
{
    public const string Decided = "decided";

    public static ApprovalFilter Waiting { get; } = new(null, null, null);

    public bool IsDecided => State == Decided;

    public static ApprovalFilter Of(string? state, string? search, string? after) => new(
        state is Decided ? state : null,
        string.IsNullOrWhiteSpace(search) ? null : search.Trim()[..Math.Min(search.Trim().Length, 120)],
        CasePosition.Parse(after));

    /// <summary>The address of this view, with an approval beside the list or without.</summary>
    public string Url(long? selected = null) => ConsoleUrls.Approvals(State, Search, After?.ToString(), selected);
}
