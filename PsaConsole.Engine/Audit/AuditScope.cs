using System.Linq.Expressions;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;

namespace PsaConsole.Engine.Audit;

/// <summary>
/// Which entries a person may read: the row "audit log" of 9-access 9.1. The auditor all; finance and HR the business entries; the integration
/// administrator the technical ones; the security administrator access, sessions and refusals; delivery their own. Pure; the widest role decides.
/// </summary>
public static class AuditScope
{
    /// <summary>May this person open the audit trail at all?</summary>
    public static Permission PermissionOf(Actor actor) => Rules.Any(rule => actor.Is(rule.Role))
        ? Permission.Yes
        : Permission.No("Needs a role that reads the audit trail, such as Auditor.");

    /// <summary>May this person check the chain? Whoever reads it all, and who guards security.</summary>
    public static Permission CheckPermissionOf(Actor actor) => actor.Is(Roles.Auditor) || actor.Is(Roles.SecurityAdministrator)
        ? Permission.Yes
        : Permission.No("Needs the role Auditor or Security administrator.");

    /// <summary>The entries that the person may see, as conditions of which one must hold.</summary>
    public static IReadOnlyList<Expression<Func<AuditEntry, bool>>> Of(Actor actor) =>
        [.. Rules.Where(rule => actor.Is(rule.Role)).Select(rule => rule.Sees(actor))];

    /// <summary>In words, for the page.</summary>
    public static string Describe(Actor actor) => Rules.FirstOrDefault(rule => actor.Is(rule.Role))?.Words ?? "nothing";

    private sealed record Rule(string Role, string Words, Func<Actor, Expression<Func<AuditEntry, bool>>> Sees);

    private static IReadOnlyList<Rule> Rules { get; } =
    [
        new(Roles.Auditor, "every entry", _ => entry => true),
        new(Roles.FinanceController, "every business entry", _ => entry => !entry.Action.StartsWith("access.") && !entry.Action.StartsWith("session.")),
        new(Roles.FinanceOperations, "every business entry", _ => entry => !entry.Action.StartsWith("access.") && !entry.Action.StartsWith("session.")),
        new(Roles.SecurityAdministrator, "access, sessions, refusals and the trail itself", _ => entry =>
            !entry.Allowed || entry.Action.StartsWith("access.") || entry.Action.StartsWith("session.") || entry.Action.StartsWith("audit.")),
        new(Roles.IntegrationAdministrator, "what the engine and its systems did, and your own actions", actor => entry =>
            entry.Actor == CaseBook.Engine || entry.Entity.StartsWith("system:") || entry.Actor == actor.Id),
        new(Roles.HrPartner, "what concerns people's records, and your own actions", actor => entry => entry.Entity.StartsWith("person:") || entry.Actor == actor.Id),
        new(Roles.DeliveryOperations, "your own actions", actor => entry => entry.Actor == actor.Id),
        new(Roles.ResourceManager, "your own actions", actor => entry => entry.Actor == actor.Id),
        new(Roles.ProjectManager, "your own actions", actor => entry => entry.Actor == actor.Id),
    ];
}
