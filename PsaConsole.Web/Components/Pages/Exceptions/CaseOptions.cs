using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Exceptions.Groups;

namespace PsaConsole.Web.Components.Pages.Exceptions;

/// <summary>The buttons of a case: what its kind allows, and always retry, assign and comment. The engine decides; here it is only drawn.</summary>
public static class CaseOptions
{
    private const string NothingToEdit = "Nothing of it can be corrected here: correct it in the system that owns it, then retry.";

    private const string OverriddenElsewhere = "A staffing rule is overridden for its days under Staffing.";

    private static readonly (CaseAction Action, string Title, char? Key, bool Always)[] Known =
    [
        (CaseAction.Retry, "Retry", 'r', true),
        (CaseAction.EditAndRetry, "Edit and retry", 'e', true),
        (CaseAction.Approve, "Approve", 'y', false),
        (CaseAction.Reject, "Reject", 'n', false),
        (CaseAction.Waive, "Waive", 'w', false),
        (CaseAction.Skip, "Skip", 'l', true),
        (CaseAction.Compensate, "Take everything back", null, false),
        (CaseAction.Assign, "Assign", 'a', true),
        (CaseAction.Snooze, "Snooze", 's', true),
        (CaseAction.Comment, "Comment", 'c', true),
    ];

    /// <summary>What many cases can take at once. Whether each of them may is told before it starts.</summary>
    public static IReadOnlyList<CaseOption> ForMany { get; } =
        [.. Known.Where(known => GroupActions.Possible.Contains(known.Action)).Select(known => new CaseOption(known.Action, known.Title, known.Key, null))];

    /// <summary>An action as its button says it.</summary>
    public static string TitleOf(CaseAction action) => Known.First(known => known.Action == action).Title;

    public static IReadOnlyList<CaseOption> For(Actor actor, ExceptionCase about, CaseKind kind, bool hasEditable) =>
        [.. Known
            .Where(known => known.Always || kind.Actions.HasFlag(known.Action))
            .Select(known => new CaseOption(known.Action, known.Title, known.Key, CaseRights.Of(actor, known.Action, about).Why
                ?? (known.Action is CaseAction.EditAndRetry && !hasEditable ? NothingToEdit : null)
                ?? (known.Action is CaseAction.Waive && about.Code.StartsWith("STF", StringComparison.Ordinal) ? OverriddenElsewhere : null)))];
}
