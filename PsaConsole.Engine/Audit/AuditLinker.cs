using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Audit;

/// <summary>
/// Gives committed entries their place in the chain. Writers never wait for one another: they only insert; one linker at a time, whichever replica's,
/// puts what waits in order. A crash before leaves the entries waiting, a crash within leaves no trace.
/// </summary>
public sealed class AuditLinker(IDbContextFactory<EngineDbContext> stores)
{
    private const int Portion = 2000;

    // Any number that no other advisory lock of the product uses.
    private const long OneLinker = 0x6175646974;

    /// <summary>Links everything that waits.</summary>
    /// <returns>How many entries were linked.</returns>
    public async Task<int> LinkAsync(CancellationToken cancellationToken)
    {
        var all = 0;
        while (true)
        {
            var linked = await LinkPortionAsync(cancellationToken);
            all += linked;
            if (linked < Portion)
            {
                return all;
            }
        }
    }

    private async Task<int> LinkPortionAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        await store.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({OneLinker})", cancellationToken);
        var waiting = await store.AuditPending.AsNoTracking()
            .OrderBy(pending => pending.EntryId)
            .Take(Portion)
            .Join(store.AuditEntries, pending => pending.EntryId, entry => entry.Id, (_, entry) => entry)
            .OrderBy(entry => entry.Id)
            .ToListAsync(cancellationToken);
        if (waiting.Count == 0)
        {
            return 0;
        }

        var head = await store.AuditLinks.AsNoTracking().OrderByDescending(link => link.Sequence).FirstOrDefaultAsync(cancellationToken);
        var (sequence, hash) = (head?.Sequence ?? 0, head?.Hash ?? AuditChain.Origin);
        foreach (var entry in waiting)
        {
            hash = AuditChain.Next(hash, AuditChain.Canonical(entry, ++sequence));
            store.AuditLinks.Add(new AuditLink { Sequence = sequence, EntryId = entry.Id, Hash = hash });
        }

        await store.SaveChangesAsync(cancellationToken);
        var linked = waiting.ConvertAll(entry => entry.Id);
        await store.AuditPending.Where(pending => linked.Contains(pending.EntryId)).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return waiting.Count;
    }
}
