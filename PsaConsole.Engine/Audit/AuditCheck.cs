using System.Data;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Audit;

/// <summary>What a check of the chain found.</summary>
/// <param name="Length">Entries in the chain.</param>
/// <param name="Head">The last link's hash.</param>
/// <param name="FirstBad">The first sequence that does not hold; null when all do.</param>
/// <param name="Problem">What is wrong there, in a sentence.</param>
public sealed record AuditCheckResult(long Length, string Head, long? FirstBad, string? Problem);

/// <summary>
/// Recomputes the chain from its origin, every night and when somebody asks. A break is a critical case, GOV-953, that names the first bad sequence
/// and that nothing resolves by itself.
/// </summary>
public sealed class AuditCheck(IDbContextFactory<EngineDbContext> stores, AuditLinker linker, AuditAnchors anchors, CaseBook cases, TimeProvider time)
{
    /// <summary>The chain's business key among the cases.</summary>
    public const string ChainKey = "audit:chain";

    public const string CheckedAction = "audit.checked";

    /// <summary>Links what waits, checks everything, records the outcome and raises the case when the chain is broken.</summary>
    /// <param name="actor">Who asked; null for the nightly job.</param>
    /// <exception cref="RefusedException">They may not; written down.</exception>
    public async Task<AuditCheckResult> RunAsync(Actor? actor, CancellationToken cancellationToken)
    {
        if (actor is not null && AuditScope.CheckPermissionOf(actor) is { Allowed: false, Why: var why })
        {
            await using var trail = await stores.CreateDbContextAsync(cancellationToken);
            trail.AuditEntries.Add(new AuditEntry { At = time.GetUtcNow(), Actor = actor.Id, Role = actor.RolesHeld, Session = actor.Session, Action = CheckedAction, Entity = ChainKey, Allowed = false, Reason = why });
            await trail.SaveChangesAsync(cancellationToken);
            throw new RefusedException(why!, RefusedBecause.Right);
        }

        await linker.LinkAsync(cancellationToken);
        var result = await VerifyAsync(cancellationToken);
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        if (result.Problem is { } problem)
        {
            var finding = new Finding("9.3", "GOV-953", "Audit trail", $"{problem} Treat it as a security incident: keep the database and the anchors as they are.");
            await cases.RaiseAsync(store, new CaseSubject(ChainKey, "Audit trail"), [finding], cancellationToken);
        }

        store.AuditEntries.Add(new AuditEntry
        {
            At = time.GetUtcNow(),
            Actor = actor?.Id ?? CaseBook.Engine,
            Session = actor?.Session,
            Action = CheckedAction,
            Entity = ChainKey,
            After = JsonSerializer.Serialize(result, MappingSets.Json),
        });
        await store.SaveChangesAsync(cancellationToken);
        return result;
    }

    /// <summary>Checks without recording anything.</summary>
    public async Task<AuditCheckResult> VerifyAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var snapshot = await store.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var known = anchors.Read();
        var (sequence, hash) = (0L, AuditChain.Origin);
        var chain = store.AuditLinks.AsNoTracking()
            .OrderBy(link => link.Sequence)
            .Select(link => new { Link = link, Entry = store.AuditEntries.FirstOrDefault(entry => entry.Id == link.EntryId) })
            .AsAsyncEnumerable();
        await foreach (var item in chain.WithCancellation(cancellationToken))
        {
            sequence++;
            if (item.Link.Sequence != sequence)
            {
                return Broken(sequence, hash, $"Entry {sequence} of the audit trail is missing.");
            }

            hash = item.Entry is null ? "" : AuditChain.Next(hash, AuditChain.Canonical(item.Entry, sequence));
            if (hash != item.Link.Hash)
            {
                return Broken(sequence, item.Link.Hash, $"Entry {sequence} of the audit trail, and what hangs on it, is not what was written.");
            }

            if (known.TryGetValue(sequence, out var anchor) && anchor.Hash != hash)
            {
                return Broken(sequence, hash, $"Entry {sequence} of the audit trail differs from the anchor of {anchor.At:yyyy-MM-dd}: the trail was rewritten.");
            }
        }

        if (known.Keys.Where(anchored => anchored > sequence).Order().FirstOrDefault() is var lost and > 0)
        {
            return Broken(sequence + 1, hash, $"Entry {sequence + 1} of the audit trail and all later ones are missing: an anchor knows {lost}.");
        }

        var loose = await store.AuditEntries.AsNoTracking()
            .Where(entry => !store.AuditLinks.Any(link => link.EntryId == entry.Id) && !store.AuditPending.Any(pending => pending.EntryId == entry.Id))
            .OrderBy(entry => entry.Id).Select(entry => (long?)entry.Id).FirstOrDefaultAsync(cancellationToken);
        return loose is null
            ? new AuditCheckResult(sequence, hash, null, null)
            : Broken(sequence + 1, hash, $"The entry with the number {loose} was kept out of the audit trail's chain.");
    }

    private static AuditCheckResult Broken(long sequence, string head, string problem) => new(sequence, head, sequence, problem);
}
