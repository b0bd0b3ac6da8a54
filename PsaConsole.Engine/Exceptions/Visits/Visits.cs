using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Exceptions.Visits;

/// <summary>What happened to the cases while somebody was away.</summary>
/// <param name="Since">When they last looked.</param>
/// <param name="New">Raised since, and open.</param>
/// <param name="Settled">Settled since.</param>
/// <param name="CameBack">Of the new ones, those that had been settled before.</param>
/// <param name="Taken">Given to somebody else since, by others.</param>
public sealed record HandOver(DateTimeOffset Since, int New, int Settled, int CameBack, int Taken)
{
    public bool IsQuiet => (New, Settled, Taken) == (0, 0, 0);
}

/// <summary>Remembers who has looked when, and tells what they missed.</summary>
public sealed class Visits(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    // How often a page that is open all day says so.
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(1);

    /// <summary>Notes that the person looks now, and tells what happened to the cases that they see since their visit before this one; null on their first.</summary>
    public async Task<HandOver?> LookAsync(Actor reader, CancellationToken cancellationToken)
    {
        var (now, person) = (time.GetUtcNow(), reader.Id);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var visit = await store.Visits.SingleOrDefaultAsync(item => item.Person == person, cancellationToken);
        if (visit is null)
        {
            await store.Database.ExecuteSqlAsync($"insert into visit (person, seen_at) values ({person}, {now}) on conflict (person) do nothing", cancellationToken);
            return null;
        }

        if (now - visit.SeenAt >= Grain)
        {
            visit.Look(now);
            await store.SaveChangesAsync(cancellationToken);
        }

        if (visit.Before is not { } since)
        {
            return null;
        }

        await using var seen = await stores.CreateForAsync(reader, cancellationToken);
        return await ReadAsync(seen, person, since, cancellationToken);
    }

    private static async Task<HandOver> ReadAsync(EngineDbContext store, string person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var raised = CaseSelection.OpenOf(store).Where(item => item.RaisedAt > since);
        return new HandOver(
            since,
            await raised.CountAsync(cancellationToken),
            await store.ExceptionCases.CountAsync(item => (item.Status == CaseStatus.Resolved || item.Status == CaseStatus.Waived) && item.ClosedAt > since, cancellationToken),
            await raised.CountAsync(item => item.CameBackFrom != null, cancellationToken),
            await store.AuditEntries.Where(entry => entry.At > since && entry.Action == "exception.assign" && entry.Allowed && entry.Actor != person && entry.Reason != person && entry.Reason != "nobody").Select(entry => entry.Entity).Distinct().CountAsync(cancellationToken));
    }
}
