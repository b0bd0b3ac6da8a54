using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Access;

/// <summary>Records when people sign in and out, with the roles that they got: every later entry of the session leads back to this one.</summary>
public sealed class Sessions(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    public Task BegunAsync(Actor actor, CancellationToken cancellationToken) => RecordAsync(actor, "session.begun", cancellationToken);

    public Task EndedAsync(Actor actor, CancellationToken cancellationToken) => RecordAsync(actor, "session.ended", cancellationToken);

    private async Task RecordAsync(Actor actor, string action, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        store.AuditEntries.Add(new AuditEntry
        {
            At = time.GetUtcNow(),
            Actor = actor.Id,
            Session = actor.Session,
            Action = action,
            Entity = $"person:{actor.Id}",
            After = JsonSerializer.Serialize(new { Roles = actor.Roles.Order(StringComparer.Ordinal) }, MappingSets.Json),
        });
        await store.SaveChangesAsync(cancellationToken);
    }
}
