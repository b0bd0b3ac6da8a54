using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;

namespace PsaConsole.Web.Components.Pages.Permissions;

/// <summary>What a person may do about one kind of case, as the engine would decide it now; null stands for "the kind is not settled that way".</summary>
public sealed record PermissionLine(CaseKind Kind, IReadOnlyList<Permission?> Permissions)
{
    /// <summary>The actions that are asked about, in the order of the columns.</summary>
    public static IReadOnlyList<(CaseAction Action, string Title)> Actions { get; } =
    [
        (CaseAction.Retry, "Retry"),
        (CaseAction.EditAndRetry, "Edit and retry"),
        (CaseAction.Skip, "Skip"),
        (CaseAction.Approve, "Approve"),
        (CaseAction.Compensate, "Take back"),
        (CaseAction.Assign, "Assign"),
        (CaseAction.Comment, "Comment"),
    ];

    /// <summary>One line for each kind in the catalogue: the engine is asked, so that this page can't promise what an action would refuse.</summary>
    public static IReadOnlyList<PermissionLine> For(Actor actor) =>
        [.. CaseKinds.All.Select(kind => new PermissionLine(kind, [.. Actions.Select(action => Ask(actor, kind, action.Action))]))];

    public static Permission Systems(Actor actor) => SystemActions.PermissionOf(actor);

    private static Permission? Ask(Actor actor, CaseKind kind, CaseAction action) =>
        action is not (CaseAction.Assign or CaseAction.Comment) && !kind.Actions.HasFlag(action)
            ? null
            : CaseRights.Of(actor, action, Example(kind));

    private static ExceptionCase Example(CaseKind kind) => new()
    {
        Code = kind.Code,
        BusinessKey = "",
        Subject = kind.Title,
        Message = kind.Title,
        Findings = "[]",
        Severity = kind.Severity.ToString(),
        OwnerGroup = kind.Owner.ToString(),
        RaisedAt = DateTimeOffset.UnixEpoch,
    };
}
