using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Exceptions.Views;

/// <summary>The views that a person may choose from, and the one with which their queue opens.</summary>
public sealed record ViewShelf(IReadOnlyList<SavedView> Views, long? Default);

/// <summary>
/// Keeps views of the queue. Whoever may look at cases saves views of their own; whoever may settle some shares theirs with everybody. A view shows nobody more
/// than they may see: it is an address and no more.
/// </summary>
public sealed class SavedViews(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    private const int MostOfOne = 50;
    private const int MostShown = 100;

    /// <summary>The person's own views and those that are shared, by name.</summary>
    public async Task<ViewShelf> ListAsync(string person, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return new ViewShelf(
            await store.SavedViews.AsNoTracking().Where(view => view.Owner == person || view.IsShared).OrderBy(view => view.Name).ThenBy(view => view.Id).Take(MostShown).ToListAsync(cancellationToken),
            await store.DefaultViews.Where(choice => choice.Person == person).Select(choice => (long?)choice.ViewId).SingleOrDefaultAsync(cancellationToken));
    }

    /// <summary>Saves a view; one of the same name and person gets these filters instead of its own.</summary>
    /// <param name="query">The filters, as the address has them.</param>
    /// <exception cref="RefusedException">The person may not, or the name is missing or too long.</exception>
    public async Task<long> SaveAsync(Actor actor, string name, string query, bool shared, bool opens, CancellationToken cancellationToken)
    {
        var called = name.Trim() is { Length: > 0 and <= 60 } given ? given : throw new RefusedException("Give the view a name of at most 60 letters.");
        var permission = MaySave(actor, shared);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        if (!permission.Allowed)
        {
            throw await RefusedAsync(store, actor, "view.save", called, permission.Why!, cancellationToken);
        }

        var view = await store.SavedViews.SingleOrDefaultAsync(item => item.Owner == actor.Id && item.Name == called, cancellationToken);
        if (view is null)
        {
            if (await store.SavedViews.CountAsync(item => item.Owner == actor.Id, cancellationToken) >= MostOfOne)
            {
                throw new RefusedException($"You have {MostOfOne} views already. Remove one first.");
            }

            view = new SavedView { Owner = actor.Id, OwnerName = actor.Name, Name = called, Query = "", SavedAt = time.GetUtcNow() };
            store.SavedViews.Add(view);
        }

        (view.Query, view.IsShared, view.OwnerName, view.SavedAt) = (query, shared, actor.Name, time.GetUtcNow());
        store.AuditEntries.Add(Entry(actor, "view.save", permission.Role, called, new { query, shared }));
        await store.SaveChangesAsync(cancellationToken);
        if (opens)
        {
            await ChooseAsync(actor, view.Id, cancellationToken);
        }

        return view.Id;
    }

    /// <summary>The queue opens with this view for the person; null for the open cases.</summary>
    /// <exception cref="RefusedException">There is no such view that they can see.</exception>
    public async Task ChooseAsync(Actor actor, long? viewId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        if (viewId is { } id && !await store.SavedViews.AnyAsync(view => view.Id == id && (view.Owner == actor.Id || view.IsShared), cancellationToken))
        {
            throw new RefusedException("There is no such view any more.", RefusedBecause.Missing);
        }

        var choice = await store.DefaultViews.SingleOrDefaultAsync(item => item.Person == actor.Id, cancellationToken);
        if (choice is not null)
        {
            store.DefaultViews.Remove(choice);
            await store.SaveChangesAsync(cancellationToken);
        }

        if (viewId is { } chosen)
        {
            store.DefaultViews.Add(new DefaultView { Person = actor.Id, ViewId = chosen });
            await store.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>Removes a view of the person's own; where it was shared, for everybody.</summary>
    /// <exception cref="RefusedException">It is somebody else's, or gone.</exception>
    public async Task RemoveAsync(Actor actor, long viewId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var view = await store.SavedViews.SingleOrDefaultAsync(item => item.Id == viewId, cancellationToken) ?? throw new RefusedException("There is no such view any more.", RefusedBecause.Missing);
        if (view.Owner != actor.Id)
        {
            throw await RefusedAsync(store, actor, "view.remove", view.Name, $"{view.OwnerName} saved it, and removes it.", cancellationToken);
        }

        store.SavedViews.Remove(view);
        store.AuditEntries.Add(Entry(actor, "view.remove", null, view.Name, new { view.IsShared }));
        await store.SaveChangesAsync(cancellationToken);
    }

    /// <summary>May this person save a view, or share one?</summary>
    public static Permission MaySave(Actor actor, bool shared)
    {
        var looks = Decision.OfLooking(actor, Right.SettleExceptions);
        var settles = RightsMatrix.RoleOrder.Where(role => RightsMatrix.Of(Right.SettleExceptions, role) is not (Extent.None or Extent.Read)).ToList();
        return !looks.Allowed || !shared || settles.Exists(actor.Is)
            ? looks
            : Permission.No($"To share it needs the role {string.Join(" or ", settles.Select(Decision.Words))}.");
    }

    private async Task<RefusedException> RefusedAsync(EngineDbContext store, Actor actor, string action, string name, string why, CancellationToken cancellationToken)
    {
        var entry = Entry(actor, action, actor.RolesHeld, name, new { Refused = why }, allowed: false);
        store.AuditEntries.Add(entry);
        await store.SaveChangesAsync(cancellationToken);
        return new RefusedException(why, RefusedBecause.Right);
    }

    private AuditEntry Entry(Actor actor, string action, string? role, string name, object after, bool allowed = true) => new()
    {
        At = time.GetUtcNow(),
        Actor = actor.Id,
        Role = role,
        Session = actor.Session,
        Action = action,
        Entity = $"view:{name}",
        Allowed = allowed,
        After = JsonSerializer.Serialize(after, MappingSets.Json),
    };
}
