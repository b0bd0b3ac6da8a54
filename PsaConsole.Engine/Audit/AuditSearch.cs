using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Audit;

/// <summary>A found entry and its place in the chain; no place yet within the first seconds.</summary>
public sealed record AuditLine(AuditEntry Entry, long? Sequence);

/// <summary>An entry as it is taken out of the house, with all that it takes to check it there (<see cref="AuditChain"/>); null while it has no place yet.</summary>
/// <param name="Previous">Hash of the entry before it in the chain.</param>
/// <param name="Hash">Its own.</param>
public sealed record AuditExtract(AuditEntry Entry, long? Sequence, string? Previous, string? Hash)
{
    /// <summary>The text that is hashed after the hash before.</summary>
    public string? Canonical => Sequence is { } place ? AuditChain.Canonical(Entry, place) : null;
}

/// <summary>Reads the audit trail as far as the reader's roles and scope go, newest first. An export is itself recorded, before its first line leaves.</summary>
public sealed class AuditSearch(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    public const int PageSize = 50;

    /// <summary>A page of entries, and whether more follow.</summary>
    /// <exception cref="RefusedException">The person may not read the trail.</exception>
    public async Task<(IReadOnlyList<AuditLine> Lines, bool More)> PageAsync(Actor actor, AuditFilter filter, CancellationToken cancellationToken)
    {
        Demand(AuditScope.PermissionOf(actor));
        await using var store = await stores.CreateForAsync(actor, cancellationToken);
        var found = await WithSequence(store, Ordered(Matching(store, actor, filter, await IdsAsync(store, filter, cancellationToken)), filter).Take(PageSize + 1), filter).ToListAsync(cancellationToken);
        return (found.Take(PageSize).ToList(), found.Count > PageSize);
    }

    /// <summary>The last check of the chain; null when there was none yet.</summary>
    public async Task<(DateTimeOffset At, AuditCheckResult Result)?> LastCheckAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var last = await store.AuditEntries.AsNoTracking().Where(entry => entry.Action == AuditCheck.CheckedAction && entry.Allowed)
            .OrderByDescending(entry => entry.Id).FirstOrDefaultAsync(cancellationToken);
        return last is null ? null : (last.At, JsonSerializer.Deserialize<AuditCheckResult>(last.After!, MappingSets.Json)!);
    }

    /// <summary>Records the export. Nothing may be read for it before.</summary>
    /// <exception cref="RefusedException">The person may not, or gave no reason; a missing right is recorded too.</exception>
    public async Task BeginExportAsync(Actor actor, AuditFilter filter, string? reason, CancellationToken cancellationToken)
    {
        var permission = AuditScope.PermissionOf(actor);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        if (permission.Allowed && string.IsNullOrWhiteSpace(reason))
        {
            throw new RefusedException("Say what the export is for: the reason stays in the audit trail.");
        }

        store.AuditEntries.Add(new AuditEntry
        {
            At = time.GetUtcNow(),
            Actor = actor.Id,
            Role = actor.RolesHeld,
            Session = actor.Session,
            Action = "audit.export",
            Entity = AuditCheck.ChainKey,
            Reason = reason,
            Allowed = permission.Allowed,
            After = JsonSerializer.Serialize(filter, MappingSets.Json),
        });
        await store.SaveChangesAsync(cancellationToken);
        Demand(permission);
    }

    /// <summary>Every matching entry, streamed, newest first. <see cref="BeginExportAsync"/> comes first.</summary>
    public async IAsyncEnumerable<AuditExtract> ReadAsync(Actor actor, AuditFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateForAsync(actor, cancellationToken);
        var found = Ordered(Matching(store, actor, filter, await IdsAsync(store, filter, cancellationToken)), filter).Select(entry => new { Entry = entry, Link = store.AuditLinks.FirstOrDefault(link => link.EntryId == entry.Id) });
        var lines = found.Select(line => new AuditExtract(
            line.Entry,
            line.Link == null ? null : line.Link.Sequence,
            line.Link == null ? null : line.Link.Sequence == 1 ? AuditChain.Origin : store.AuditLinks.Where(before => before.Sequence == line.Link.Sequence - 1).Select(before => before.Hash).FirstOrDefault(),
            line.Link == null ? null : line.Link.Hash));
        await foreach (var line in lines.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            yield return line;
        }
    }

    private static IQueryable<AuditLine> WithSequence(EngineDbContext store, IQueryable<AuditEntry> entries, AuditFilter filter) =>
        Ordered(entries, filter).Select(entry => new AuditLine(
            entry, store.AuditLinks.Where(link => link.EntryId == entry.Id).Select(link => (long?)link.Sequence).FirstOrDefault()));

    /// <summary>Whom somebody means who types an id, or a name that one or several go by.</summary>
    private static async Task<List<string>> IdsAsync(EngineDbContext store, AuditFilter asked, CancellationToken cancellationToken)
    {
        if (asked.Bounded().Person is not { } person)
        {
            return [];
        }

        var named = SearchPattern.Exactly(person);
        var people = await store.Colleagues.Where(known => EF.Functions.ILike(known.Name, named, SearchPattern.Escape)).Select(known => known.Person).ToListAsync(cancellationToken);
        var programs = await store.ApiKeys.Where(key => EF.Functions.ILike(key.Name, named, SearchPattern.Escape)).Select(key => key.Id).ToListAsync(cancellationToken);
        List<string> ids = [.. people, .. programs.Select(ApiKey.ActorOf)];
        return ids.Count == 0 || await store.AuditEntries.AnyAsync(entry => entry.Actor == person, cancellationToken) ? [person, .. ids] : ids;
    }

    private static IQueryable<AuditEntry> Matching(EngineDbContext store, Actor actor, AuditFilter asked, List<string> ids)
    {
        var filter = asked.Bounded();
        var entries = store.AuditEntries.AsNoTracking().Where(AnyOf(AuditScope.Of(actor)));
        // One of them is sought by the order of the index; several are gathered.
        entries = ids switch
        {
            [] => entries,
            [var person] => entries.Where(entry => entry.Actor == person),
            _ => entries.Where(entry => ids.Contains(entry.Actor)),
        };
        entries = filter.Action is { } action ? entries.Where(entry => entry.Action.StartsWith(action)) : entries;
        entries = filter.Entity is { } entity ? entries.Where(entry => entry.Entity.StartsWith(entity)) : entries;
        entries = filter.RefusedOnly ? entries.Where(entry => !entry.Allowed) : entries;
        entries = filter.From is { } from ? entries.Where(entry => entry.At >= Start(from)) : entries;
        entries = filter.To is { } to ? entries.Where(entry => entry.At < Start(to.AddDays(1))) : entries;
        return filter switch
        {
            { Before: { } before, IsOfSomeDays: true } => entries.Where(entry =>
                entry.At < store.AuditEntries.First(last => last.Id == before).At || (entry.At == store.AuditEntries.First(last => last.Id == before).At && entry.Id < before)),
            { Before: { } before } => entries.Where(entry => entry.Id < before),
            _ => entries,
        };
    }

    // By number, which is the order of the chain; where days are asked for by time, so that those of a day are found without a look at all that came later.
    private static IQueryable<AuditEntry> Ordered(IQueryable<AuditEntry> entries, AuditFilter filter) => filter.IsOfSomeDays
        ? entries.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id)
        : entries.OrderByDescending(entry => entry.Id);

    private static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private static Expression<Func<AuditEntry, bool>> AnyOf(IReadOnlyList<Expression<Func<AuditEntry, bool>>> conditions)
    {
        var entry = Expression.Parameter(typeof(AuditEntry), "entry");
        var body = conditions
            .Select(condition => new Replaced(condition.Parameters[0], entry).Visit(condition.Body))
            .Aggregate((Expression)Expression.Constant(false), Expression.OrElse);
        return Expression.Lambda<Func<AuditEntry, bool>>(body, entry);
    }

    private static void Demand(Permission permission)
    {
        if (!permission.Allowed)
        {
            throw new RefusedException(permission.Why!, RefusedBecause.Right);
        }
    }

    private sealed class Replaced(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
