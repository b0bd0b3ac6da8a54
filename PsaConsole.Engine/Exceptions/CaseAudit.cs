using System.Text.Json;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Mapping;

namespace PsaConsole.Engine.Exceptions;

/// <summary>What the audit trail says of an action on a case, done or refused.</summary>
internal static class CaseAudit
{
    public static AuditEntry Done(Actor actor, CaseAction action, ExceptionCase about, string? reason, string? role, CaseStatus before, DateTimeOffset at) => new()
    {
        At = at,
        Actor = actor.Id,
        Role = role,
        Session = actor.Session,
        Action = ActionOf(action),
        Entity = $"case:{about.Id}",
        Reason = reason,
        Before = JsonSerializer.Serialize(new { about.Code, Status = before.ToString() }, MappingSets.Json),
        After = JsonSerializer.Serialize(new { about.Code, Status = about.Status.ToString(), about.Assignee }, MappingSets.Json),
    };

    public static AuditEntry Refused(Actor actor, CaseAction action, ExceptionCase about, string? reason, string? why, DateTimeOffset at) => new()
    {
        At = at,
        Actor = actor.Id,
        Role = actor.RolesHeld,
        Session = actor.Session,
        Action = ActionOf(action),
        Entity = $"case:{about.Id}",
        Reason = reason,
        Allowed = false,
        After = JsonSerializer.Serialize(new { about.Code, Refused = why }, MappingSets.Json),
    };

    /// <summary>As the trail names the action, such as exception.retry.</summary>
    public static string ActionOf(CaseAction action) => "exception." + Word(action);

    /// <summary>As the history names it.</summary>
    public static string Word(CaseAction action) => action switch
    {
        CaseAction.EditAndRetry => "edit-and-retry",
        _ => action.ToString().ToLowerInvariant(),
    };
}
