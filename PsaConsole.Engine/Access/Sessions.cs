using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Access;

/// <summary>
/// Who is signed in: records when people come and go, with the roles that they got, and ends sessions from elsewhere. Every later entry of the audit trail leads
/// back to its session; every replica and every open page hears at once when one ends.
/// </summary>
public sealed class Sessions(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    /// <summary>After this everybody signs in anew, so that a role that was taken away at the provider is gone within a day's work.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    private const int Shown = 200;

    public async Task BegunAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        store.Sessions.Add(new Session { Id = IdOf(actor), Person = actor.Id, Name = actor.Name, Address = actor.Email is { Length: > 0 and <= 320 } address ? address : null, BegunAt = now, EndsAt = now + Longest });
        store.AuditEntries.Add(Entry(actor, "session.begun", $"person:{actor.Id}", null, new { Roles = actor.Roles.Order(StringComparer.Ordinal), Scope = actor.Scope.Words }));
        await store.SaveChangesAsync(cancellationToken);
        await Colleagues.NoteAsync(store, actor, now, cancellationToken);
    }

    /// <summary>
    /// The person signed out. Nobody is told: the page that they did it on is on its way to the provider's sign-out, and must not be turned back; their other pages
    /// find out when they look, or are used.
    /// </summary>
    public async Task EndedAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        store.AuditEntries.Add(Entry(actor, "session.ended", $"person:{actor.Id}", null, new { Roles = actor.Roles.Order(StringComparer.Ordinal) }));
        await EndAsync(store, IdOf(actor), tell: false, cancellationToken);
    }

    /// <summary>Whether a session may still be used.</summary>
    public async Task<bool> IsLiveAsync(string? id, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        return id is not null && await store.Sessions.AnyAsync(session => session.Id == id && session.EndedAt == null && session.EndsAt > now, cancellationToken);
    }

    /// <summary>The sessions that this person may end, the newest first: their own, and those of everybody for who grants roles.</summary>
    public async Task<IReadOnlyList<Session>> LiveAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var all = OfOthers(actor).Allowed;
        return await store.Sessions.AsNoTracking()
            .Where(session => session.EndedAt == null && session.EndsAt > now && (all || session.Person == actor.Id))
            .OrderByDescending(session => session.BegunAt)
            .Take(Shown)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Ends a session: its pages close and its cookie opens nothing any more, at once.</summary>
    /// <exception cref="RefusedException">The person may not, gave no reason for somebody else's, or it has ended.</exception>
    public async Task RevokeAsync(Actor actor, string id, string? reason, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var session = await store.Sessions.AsNoTracking().SingleOrDefaultAsync(item => item.Id == id && item.EndedAt == null, cancellationToken)
            ?? throw new RefusedException("This session has ended already.");
        var own = session.Person == actor.Id;
        var permission = own ? Permission.Yes : OfOthers(actor);
        if (permission.Allowed && !own && string.IsNullOrWhiteSpace(reason))
        {
            throw new RefusedException("Say why: the person may ask.");
        }

        store.AuditEntries.Add(Entry(actor, "session.revoked", $"person:{session.Person}", reason, new { Session = id }, permission.Allowed));
        if (!permission.Allowed)
        {
            await store.SaveChangesAsync(cancellationToken);
            throw new RefusedException(permission.Why!, RefusedBecause.Right);
        }

        await EndAsync(store, id, tell: true, cancellationToken);
    }

    /// <summary>May this person end the sessions of others?</summary>
    public static Permission OfOthers(Actor actor) => Decision.Of(actor, Right.ManageRoles, new RightSubject());

    private async Task EndAsync(EngineDbContext store, string id, bool tell, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        await store.SaveChangesAsync(cancellationToken);
        await store.Sessions.Where(session => session.Id == id && session.EndedAt == null).ExecuteUpdateAsync(set => set.SetProperty(session => session.EndedAt, now), cancellationToken);
        if (tell)
        {
            await store.Database.ExecuteSqlAsync($"select pg_notify({ChangeFeed.Channel}, {"session " + id})", cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static string IdOf(Actor actor) => actor.Session ?? throw new InvalidOperationException("A person who signs in or out has a session.");

    private AuditEntry Entry(Actor actor, string action, string entity, string? reason, object after, bool allowed = true) => new()
    {
        At = time.GetUtcNow(),
        Actor = actor.Id,
        Session = actor.Session,
        Action = action,
        Entity = entity,
        Reason = reason,
        Allowed = allowed,
        After = JsonSerializer.Serialize(after, MappingSets.Json),
    };
}
