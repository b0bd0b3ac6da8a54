using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;

namespace PsaConsole.Web.Components.Pages.Exceptions;

/// <summary>The buttons of a case: what its kind allows, and always retry, assign and comment. The engine decides; here it is only drawn.</summary>
public static class CaseOptions
{
    private const string NothingToEdit = "Nothing of it can be corrected here: correct it in the system that owns it, then retry.";

    private static readonly (CaseAction Action, string Title, char? Key, bool Always)[] Known =
    [
        (CaseAction.Retry, "Retry", 'r', true),
        (CaseAction.EditAndRetry, "Edit and retry", 'e', true),
        (CaseAction.Approve, "Approve", null, false),
        (CaseAction.Skip, "Skip", null, true),
        (CaseAction.Compensate, "Take everything back", null, false),
        (CaseAction.Assign, "Assign", 'a', true),
        (CaseAction.Comment, "Comment", 'c', true),
    ];

    public static IReadOnlyList<CaseOption> For(Actor actor, ExceptionCase about, CaseKind kind, bool hasEditable) =>
        [.. Known
            .Where(known => known.Always || kind.Actions.HasFlag(known.Action))
            .Select(known => new CaseOption(known.Action, known.Title, known.Key, CaseRights.Of(actor, known.Action, about).Why
                ?? (known.Action is CaseAction.EditAndRetry && !hasEditable ? NothingToEdit : null)))];
}
