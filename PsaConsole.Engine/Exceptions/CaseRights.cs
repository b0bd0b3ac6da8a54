using PsaConsole.Engine.Access;

namespace PsaConsole.Engine.Exceptions;

/// <summary>Who may do what with a case: the matrix of 9-access 9.1, by the group that owns the case's kind. Pure; deny by default.</summary>
public static class CaseRights
{
    private static readonly string[] Finance = [Roles.FinanceOperations, Roles.FinanceController];

    /// <summary>May this person take this action on this case now?</summary>
    public static Permission Of(Actor actor, CaseAction action, ExceptionCase about)
    {
        var kind = CaseKinds.Of(about.Code);
        if (!about.IsOpen && action != CaseAction.Comment)
        {
            return Permission.No("The case is closed.");
        }

        if (action is not (CaseAction.Assign or CaseAction.Comment) && !kind.Actions.HasFlag(action))
        {
            return Permission.No($"{kind.Code} is not settled that way: {kind.SuggestedFix}.");
        }

        var allowed = AllowedRoles(action, about.Code);
        return allowed.Any(actor.Is)
            ? Permission.Yes
            : Permission.No($"Needs the role {string.Join(" or ", allowed.Select(Words))}.");
    }

    private static string[] AllowedRoles(CaseAction action, string code) => (action, code[..3]) switch
    {
        (CaseAction.Assign or CaseAction.Comment, "INT") => [Roles.IntegrationAdministrator, Roles.DeliveryOperations, .. Finance],
        (CaseAction.Assign or CaseAction.Comment, _) => [Roles.DeliveryOperations, Roles.ResourceManager, Roles.ProjectManager, .. Finance],
        (_, "INT" or "GOV") => [Roles.IntegrationAdministrator],
        (CaseAction.Retry or CaseAction.EditAndRetry, "HND") => [Roles.DeliveryOperations, .. Finance],
        (CaseAction.Skip or CaseAction.Compensate, "HND") => [Roles.DeliveryOperations, .. Finance],
        (_, "STF" or "RES") => [Roles.ResourceManager],
        (CaseAction.Approve or CaseAction.Reject or CaseAction.Waive, _) => [Roles.FinanceController],
        _ => Finance,
    };

    private static string Words(string role) => string.Concat(role.Select((letter, index) => index > 0 && char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : letter.ToString()));
}
