using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Approvals;

/// <summary>Who decides in whose place, while somebody is away. Naming and recalling are audited; refusals too.</summary>
public sealed class Deputies(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    /// <summary>Longest time for which somebody may name a deputy.</summary>
    public const int LongestDays = 90;

    /// <summary>Names a deputy who decides in the actor's place, from one day to another, both included.</summary>
    /// <param name="deputy">Id or e-mail address of the other person.</param>
    /// <exception cref="RefusedException">The actor does not hold the role, names themselves, or the days make no sense.</exception>
    public async Task NameAsync(Actor actor, string deputy, string role, DateOnly from, DateOnly until, string reason, CancellationToken cancellationToken)
    {
        var named = deputy.Trim().ToLowerInvariant();
        var delegation = new Delegation { Delegator = actor.Id, DelegatorName = actor.Name, Deputy = named, Role = role, From = from, Until = until, GrantedAt = time.GetUtcNow() };
        var why = (named.Length, from, until) switch
        {
            _ when !actor.Is(role) => "You can delegate only what you may decide yourself.",
            (0 or > 120, _, _) => "Name another person by their e-mail address.",
            _ when delegation.Names(actor) => "Name another person.",
            _ when until < from || until < Today || until.DayNumber - from.DayNumber >= LongestDays => $"Choose days from today on, at most {LongestDays}.",
            _ => null,
        };
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        store.AuditEntries.Add(Entry(actor, "approval.delegate", role, Needed(reason), why is null, new { deputy = named, from, until, why }));
        if (why is null)
        {
            store.Delegations.Add(delegation);
        }

        await store.SaveChangesAsync(cancellationToken);
        if (why is not null)
        {
            throw new RefusedException(why);
        }
    }

    /// <summary>Recalls a deputy at once; what they decided stays decided.</summary>
    /// <exception cref="RefusedException">It is somebody else's deputy, or is recalled already.</exception>
    public async Task RecallAsync(Actor actor, long id, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var delegation = await store.Delegations.SingleOrDefaultAsync(item => item.Id == id && item.Delegator == actor.Id && item.RevokedAt == null, cancellationToken)
            ?? throw new RefusedException("You have no such deputy any more.");
        delegation.RevokedAt = time.GetUtcNow();
        store.AuditEntries.Add(Entry(actor, "approval.recall", delegation.Role, null, true, new { delegation.Deputy, delegation.From, delegation.Until }));
        await store.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The deputies whom somebody has named and who are or will be deciding, the first to begin first.</summary>
    public async Task<IReadOnlyList<Delegation>> OfAsync(Actor actor, CancellationToken cancellationToken)
    {
        var today = Today;
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.Delegations.AsNoTracking()
            .Where(item => item.Delegator == actor.Id && item.RevokedAt == null && item.Until >= today)
            .OrderBy(item => item.From).ThenBy(item => item.Id)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The delegations by which somebody is a deputy, now or another day.</summary>
    public async Task<IReadOnlyList<Delegation>> ForWhomAsync(Actor actor, CancellationToken cancellationToken)
    {
        string[] names = [actor.Id.ToLowerInvariant(), actor.Email is { Length: > 0 } email ? email.ToLowerInvariant() : ""];
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.Delegations.AsNoTracking().Where(item => item.Deputy != "" && names.Contains(item.Deputy) && item.RevokedAt == null).ToListAsync(cancellationToken);
    }

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private AuditEntry Entry(Actor actor, string action, string role, string? reason, bool allowed, object what) => new()
    {
        At = time.GetUtcNow(),
        Actor = actor.Id,
        Role = role,
        Session = actor.Session,
        Action = action,
        Entity = $"delegation:{actor.Id}:{role}",
        Reason = reason,
        Allowed = allowed,
        After = JsonSerializer.Serialize(what, MappingSets.Json),
    };

    private static string Needed(string reason) => string.IsNullOrWhiteSpace(reason)
        ? throw new RefusedException("Say why: the reason stays with the delegation.")
        : reason.Trim() is { Length: <= 2000 } text ? text : reason.Trim()[..2000];
}
