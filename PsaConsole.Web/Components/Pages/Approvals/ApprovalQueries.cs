using System.Security.Claims;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Approvals;

/// <summary>Reads what waits for a decision, the first to expire first, and what was decided, the last first.</summary>
public sealed class ApprovalQueries(ReaderStores stores, Deputies deputies, Colleagues colleagues, TimeProvider time)
{
    public const int PageSize = 50;

    /// <summary>A page of approvals as lines of the list, and where the next one begins.</summary>
    public async Task<(IReadOnlyList<ApprovalRow> Rows, CasePosition? Next)> ListAsync(ApprovalFilter filter, CancellationToken cancellationToken)
    {
        var (rows, next) = await FindAsync(filter, cancellationToken);
        return ([.. rows.Select(Row)], next);
    }

    /// <summary>The approval of that number; null when there is none.</summary>
    public async Task<Approval?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.Approvals.AsNoTracking().Include(item => item.Decisions).SingleOrDefaultAsync(item => item.Id == id, cancellationToken);
    }

    /// <summary>A page of approvals, and where the next one begins.</summary>
    public async Task<(IReadOnlyList<Approval> Rows, CasePosition? Next)> FindAsync(ApprovalFilter filter, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var found = Matching(store, filter);
        if (filter.After is { } after)
        {
            found = filter.IsDecided
                ? found.Where(item => item.ClosedAt < after.At || (item.ClosedAt == after.At && item.Id < after.Id))
                : found.Where(item => item.ExpiresAt > after.At || (item.ExpiresAt == after.At && item.Id > after.Id));
        }

        found = filter.IsDecided
            ? found.OrderByDescending(item => item.ClosedAt).ThenByDescending(item => item.Id)
            : found.OrderBy(item => item.ExpiresAt).ThenBy(item => item.Id);
        var rows = await found.Include(item => item.Decisions).Take(PageSize + 1).ToListAsync(cancellationToken);
        var last = rows.Count > PageSize ? rows[PageSize - 1] : null;
        return ([.. rows.Take(PageSize)], last is null ? null : new CasePosition(filter.IsDecided ? last.ClosedAt!.Value : last.ExpiresAt, last.Id));
    }

    /// <summary>These approvals as they are now.</summary>
    public async Task<IReadOnlyList<ApprovalRow>> ReadAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return [.. (await store.Approvals.AsNoTracking().Include(item => item.Decisions).Where(item => ids.Contains(item.Id)).ToListAsync(cancellationToken)).Select(Row)];
    }

    /// <summary>Ids of those that match beyond the ones that are shown.</summary>
    public async Task<IReadOnlyList<long>> NewAsync(ApprovalFilter filter, long newerThan, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await Matching(store, filter).Where(item => item.Id > newerThan).Select(item => item.Id).Take(PageSize).ToListAsync(cancellationToken);
    }

    /// <summary>The highest number there is: what comes later is new.</summary>
    public async Task<long> LastAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.Approvals.MaxAsync(item => (long?)item.Id, cancellationToken) ?? 0;
    }

    public async Task<int> CountWaitingAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.Approvals.CountAsync(item => item.Status == ApprovalStatus.Waiting, cancellationToken);
    }

    /// <summary>The approval of that number, and whether this person may decide it; null when there is none.</summary>
    public async Task<ApprovalView?> ReadAsync(long id, ClaimsPrincipal reader, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { } found)
        {
            return null;
        }

        var actor = ConsoleIdentity.ActorOf(reader);
        var now = time.GetUtcNow();
        var delegations = await deputies.ForWhomAsync(actor, cancellationToken);
        var verdict = ApprovalRights.Of(actor, found, delegations, now, DateOnly.FromDateTime(now.UtcDateTime));
        var sight = await stores.SightAsync();
        var names = await colleagues.NamesAsync(cancellationToken);
        var changes = JsonSerializer.Deserialize<List<ApprovalChange>>(found.Changes, MappingSets.Json) ?? [];
        var decisions = found.Decisions.OrderBy(item => item.Id).ToList();
        return new ApprovalView
        {
            Row = Row(found),
            Requesters = [.. found.Requesters.Select(id => CaseWords.Person(id, names))],
            Changes = [.. changes.Select(change => ComparedField.Of(change.Field, change.Before, change.After, sight))],
            Records = found.Records,
            Chain = [.. found.Chain.Select((role, index) => StepOf(Words.Of(role), decisions.ElementAtOrDefault(index), names))],
            ClosedBecause = found.ClosedBecause,
            RunId = found.RunId,
            Permission = verdict.Permission,
            OnBehalfOf = verdict.By?.DelegatorName,
        };
    }

    private static ApprovalStep StepOf(string role, ApprovalDecision? decided, IReadOnlyDictionary<string, string> names) =>
        new(role, decided, decided?.OnBehalfOf is { } other ? CaseWords.Person(other, names) : null);

    private static IQueryable<Approval> Matching(EngineDbContext store, ApprovalFilter filter)
    {
        var found = store.Approvals.AsNoTracking().Where(item => filter.IsDecided ? item.Status != ApprovalStatus.Waiting : item.Status == ApprovalStatus.Waiting);
        if (filter.Search is { } search)
        {
            var part = SearchPattern.Containing(search);
            found = found.Where(item => EF.Functions.ILike(item.Subject, part, SearchPattern.Escape) || EF.Functions.ILike(item.Reason, part, SearchPattern.Escape));
        }

        return found;
    }

    private static ApprovalRow Row(Approval item) => new(
        item.Id, item.Subject, item.Reason, Title(item.Kind), item.LegalEntity, new Money(item.Amount, item.Currency), item.Status,
        item.NextRole is { } role ? Words.Of(role) : null, item.RequestedAt, item.ExpiresAt, item.ClosedAt, item.Version);

    /// <summary>What kind of decision it is, in words.</summary>
    public static string Title(ApprovalKind kind) => kind switch
    {
        ApprovalKind.ProjectCreation => "Large project",
        ApprovalKind.Margin => "Margin below its floor",
        ApprovalKind.Billing => "Large invoice",
        ApprovalKind.ClientMaster => "Client's address after the first invoice",
        ApprovalKind.Change => "Change of a project",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "An approval has no such kind."),
    };
}
