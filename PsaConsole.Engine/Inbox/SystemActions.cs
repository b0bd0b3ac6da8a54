using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Inbox;

/// <summary>
/// What people do with outside systems: take one out of service, and bring it back. It comes back only when its probe passes, and that
/// closes the case that its refusal had raised (INT-902).
/// </summary>
public sealed class SystemActions(
    IDbContextFactory<EngineDbContext> stores, IEnumerable<ICrm> crm, IEnumerable<IPsa> psa, IEnumerable<IHr> hr, IEnumerable<IErp> erp,
    IEnumerable<ICollaboration> collaboration, TimeProvider time)
{
    private readonly List<IConnector> connectors = [.. crm, .. psa, .. hr, .. erp, .. collaboration];

    /// <summary>May this person pause, resume and test systems? 9.1: connectors belong to the integration administrator.</summary>
    public static Permission PermissionOf(Actor actor) => Decision.Of(actor, Right.ManageSystems, new RightSubject());

    /// <summary>Nothing is read from the system or sent to it until it is resumed; work for it waits and spends no attempts.</summary>
    /// <exception cref="RefusedException">The person may not, gave no reason, or the system is paused already.</exception>
    public async Task PauseAsync(Actor actor, string systemName, string reason, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await DemandAsync(store, actor, "system.pause", systemName, reason, cancellationToken);
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new RefusedException("Say why: whoever meets the pause wants to know.");
        }

        if (await store.SystemPauses.AnyAsync(pause => pause.SystemName == systemName, cancellationToken))
        {
            throw new RefusedException($"{systemName} is paused already.");
        }

        store.SystemPauses.Add(new SystemPause { SystemName = systemName, Actor = actor.Id, Reason = reason, PausedAt = time.GetUtcNow() });
        store.AuditEntries.Add(Entry(actor, "system.paused", systemName, reason, allowed: true));
        await CommitAsync(store, systemName, cancellationToken);
    }

    /// <summary>Brings the system back, once its probe passes.</summary>
    /// <exception cref="RefusedException">The person may not, or the probe failed: the message is the system's own.</exception>
    public async Task ResumeAsync(Actor actor, string systemName, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await DemandAsync(store, actor, "system.resume", systemName, null, cancellationToken);
        await ProbeAsync(systemName, cancellationToken);
        store.SystemPauses.RemoveRange(await store.SystemPauses.Where(pause => pause.SystemName == systemName).ToListAsync(cancellationToken));
        await CloseCasesAsync(store, systemName, cancellationToken);
        store.AuditEntries.Add(Entry(actor, "system.resumed", systemName, null, allowed: true));
        await CommitAsync(store, systemName, cancellationToken);
    }

    private async Task ProbeAsync(string systemName, CancellationToken cancellationToken)
    {
        var connector = connectors.Find(item => item.SystemName == systemName)
            ?? throw new RefusedException($"No connector is called {systemName}.");
        try
        {
            await connector.ProbeAsync(cancellationToken);
        }
        catch (ConnectorException problem)
        {
            throw new RefusedException($"It still does not work: {problem.Message}");
        }
    }

    private async Task CloseCasesAsync(EngineDbContext store, string systemName, CancellationToken cancellationToken)
    {
        var key = $"system:{systemName}";
        var open = await store.ExceptionCases
            .Where(item => item.BusinessKey == key && item.Code == "INT-902" && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying))
            .ToListAsync(cancellationToken);
        foreach (var item in open)
        {
            item.Status = CaseStatus.Resolved;
            item.ClosedAt = time.GetUtcNow();
            item.Version++;
            item.History.Add(CaseBook.Entry(time.GetUtcNow(), CaseBook.Engine, "resolved", "The system answers again, and was resumed."));
        }
    }

    private async Task DemandAsync(EngineDbContext store, Actor actor, string action, string systemName, string? reason, CancellationToken cancellationToken)
    {
        var permission = PermissionOf(actor);
        if (!permission.Allowed)
        {
            store.AuditEntries.Add(Entry(actor, action, systemName, reason, allowed: false));
            await store.SaveChangesAsync(cancellationToken);
            throw new RefusedException(permission.Why!, RefusedBecause.Right);
        }
    }

    private static async Task CommitAsync(EngineDbContext store, string systemName, CancellationToken cancellationToken)
    {
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        await store.SaveChangesAsync(cancellationToken);
        await store.Database.ExecuteSqlAsync($"select pg_notify({ChangeFeed.Channel}, {"system " + systemName})", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private AuditEntry Entry(Actor actor, string action, string systemName, string? reason, bool allowed) => new()
    {
        At = time.GetUtcNow(),
        Actor = actor.Id,
        Role = actor.RolesHeld,
        Action = action,
        Entity = $"system:{systemName}",
        Reason = reason,
        Allowed = allowed,
    };
}
