using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Exceptions;

/// <summary>Changes what people note on an open case, and nothing behind it: whoever may assign the case may, a stale view is refused, and it is audited.</summary>
public sealed class CaseDesk(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    /// <param name="word">What is done, as history and audit trail name it.</param>
    /// <param name="text">What is said with it.</param>
    /// <param name="change">Does it; a <see cref="RefusedException"/> says why not.</param>
    /// <exception cref="RefusedException">The person may not, the view is stale, or the change is not possible.</exception>
    public async Task ChangeAsync(
        Actor actor, long caseId, int version, string word, string? text, Func<EngineDbContext, ExceptionCase, DateTimeOffset, Task> change, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var about = await store.ExceptionCases.SingleOrDefaultAsync(item => item.Id == caseId, cancellationToken) ?? throw new RefusedException($"There is no case {caseId}.", RefusedBecause.Missing);
        var permission = CaseRights.Of(actor, CaseAction.Assign, about);
        var now = time.GetUtcNow();
        if (!permission.Allowed)
        {
            store.AuditEntries.Add(Entry(actor, word, about, actor.RolesHeld, text, now, new { about.Code, Refused = permission.Why }, allowed: false));
            await store.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            throw new RefusedException(permission.Why!, about.IsOpen ? RefusedBecause.Right : RefusedBecause.Stale);
        }

        if (version != about.Version)
        {
            store.AuditEntries.Add(Entry(actor, word, about, actor.RolesHeld, text, now, new { about.Code, Refused = Stale(caseId).Message }, allowed: false));
            await store.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            throw Stale(caseId);
        }

        await change(store, about, now);
        about.Version++;
        about.History.Add(CaseBook.Entry(now, actor.Id, word, text));
        store.AuditEntries.Add(Entry(actor, word, about, permission.Role, text, now, new { about.Code, about.DueAt, about.Labels }, allowed: true));
        try
        {
            await store.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw Stale(caseId);
        }

        await store.Database.ExecuteSqlAsync($"select pg_notify({ChangeFeed.Channel}, {"case " + about.Id})", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static RefusedException Stale(long caseId) => new($"Case {caseId} has changed since you opened it. Look at it again, then decide.", RefusedBecause.Stale);

    private static AuditEntry Entry(Actor actor, string word, ExceptionCase about, string? role, string? text, DateTimeOffset now, object after, bool allowed) => new()
    {
        At = now,
        Actor = actor.Id,
        Role = role,
        Session = actor.Session,
        Action = "exception." + word,
        Entity = $"case:{about.Id}",
        Reason = text,
        Allowed = allowed,
        After = JsonSerializer.Serialize(after, MappingSets.Json),
    };
}
