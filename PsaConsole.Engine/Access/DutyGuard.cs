using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Access;

/// <summary>
/// Records that somebody tried what segregation of duties forbids: an audit entry, and the case GOV-951 for security to review. Roles that may not be held
/// together are refused when they are granted, which is when somebody signs in with them.
/// </summary>
public sealed class DutyGuard(IDbContextFactory<EngineDbContext> stores, CaseBook cases, TimeProvider time)
{
    public const string Code = "GOV-951";

    /// <summary>The roles that a session gets: all that were given, or none when they may not be held together.</summary>
    public async Task<IReadOnlySet<string>> GrantAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (SegregationOfDuties.OfRoles(actor.Roles) is not { } conflict)
        {
            return actor.Roles;
        }

        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await RecordAsync(store, actor, conflict, "access.grant", $"person:{actor.Id}", null, cancellationToken);
        await store.SaveChangesAsync(cancellationToken);
        return new HashSet<string>();
    }

    /// <summary>Adds the entry and the case to the caller's transaction.</summary>
    public async Task RecordAsync(
        EngineDbContext store, Actor actor, DutyConflict conflict, string action, string entity, string? reason, CancellationToken cancellationToken)
    {
        var finding = new Finding(conflict.Rule, Code, entity, $"{actor.Id} tried {action} on {entity}, against {conflict.Rule}: {conflict.Message} Review it with the person.");
        await cases.RaiseAsync(store, new CaseSubject($"duty:{conflict.Rule}:{actor.Id}:{entity}", $"{conflict.Rule}, {entity}"), [finding], cancellationToken);
        store.AuditEntries.Add(new AuditEntry
        {
            At = time.GetUtcNow(),
            Actor = actor.Id,
            Role = actor.RolesHeld,
            Session = actor.Session,
            Action = action,
            Entity = entity,
            Reason = reason,
            Allowed = false,
            After = JsonSerializer.Serialize(conflict, MappingSets.Json),
        });
    }
}
