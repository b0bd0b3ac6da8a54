using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Access;

/// <summary>Writes down who looked at a person's data (9-access 9.3: reads of restricted person data are logged). Where it can't be written down, nothing is shown.</summary>
public sealed class RestrictedReads(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    private const string Action = "person.read";

    /// <summary>A page that is read again while somebody looks at it is one look.</summary>
    public static readonly TimeSpan OneLook = TimeSpan.FromHours(1);

    /// <param name="employeeId">Number of the person in HR.</param>
    /// <param name="what">What was looked at, in words: the page.</param>
    public async Task NoteAsync(Actor actor, string employeeId, string what, CancellationToken cancellationToken)
    {
        var (now, entity) = (time.GetUtcNow(), $"person:{employeeId}");
        var since = now - OneLook;
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        if (await store.AuditEntries.AnyAsync(entry => entry.Entity == entity && entry.Actor == actor.Id && entry.Action == Action && entry.Reason == what && entry.At > since, cancellationToken))
        {
            return;
        }

        store.AuditEntries.Add(new AuditEntry
        {
            At = now,
            Actor = actor.Id,
            Role = RightsMatrix.RoleOrder.FirstOrDefault(actor.Is),
            Session = actor.Session,
            Action = Action,
            Entity = entity,
            Reason = what,
        });
        await store.SaveChangesAsync(cancellationToken);
    }
}
