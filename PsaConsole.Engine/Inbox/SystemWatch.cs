using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Inbox;

/// <summary>
/// Tells people of a system that has been down for a quarter of an hour: one case for the system (INT-907), however much waits for it, closed when the
/// system answers again. What else is looked at once a minute follows: who throttles, who is slow, and what must be settled before the month ends.
/// </summary>
public sealed class SystemWatch(IDbContextFactory<EngineDbContext> stores, ConnectorHealth health, CaseBook cases, ThrottleWatch throttles, LatencyWatch latencies)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var system in health.All)
        {
            await using var store = await stores.CreateDbContextAsync(cancellationToken);
            await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
            await TakeTurnAsync(store, cancellationToken);
            var key = $"system:{system.SystemName}";
            if (system.DownFor >= Patience)
            {
                await RaiseAsync(store, key, system, cancellationToken);
            }
            else if (system is { DownSince: null, LastAnswerAt: { } answered })
            {
                await cases.ResolveAsync(store, ["INT-907"], key, answered, "The system answers again; what waited for it goes on by itself.", cancellationToken);
            }

            await store.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await throttles.LookAsync(cancellationToken);
        await latencies.LookAsync(cancellationToken);
        await WeighAsync(cancellationToken);
    }

    private async Task WeighAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        await TakeTurnAsync(store, cancellationToken);
        await cases.WeighForCloseAsync(store, cancellationToken);
        await store.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Replicas that look at the same moment look one after the other: between "no case is open" and "raised" only one may be.</summary>
    internal static Task TakeTurnAsync(EngineDbContext store, CancellationToken cancellationToken) =>
        store.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('system watch', 0))", cancellationToken);

    private async Task RaiseAsync(EngineDbContext store, string key, SystemHealth system, CancellationToken cancellationToken)
    {
        if (await store.ExceptionCases.AnyAsync(item => item.Code == "INT-907" && item.BusinessKey == key && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying), cancellationToken))
        {
            return;
        }

        var text = $"{system.SystemName} has not answered since {system.DownSince:u} ({system.LastError}). Work for it waits and loses nothing; ask the vendor, and tell those who wait.";
        await cases.RaiseAsync(store, new CaseSubject(key, system.SystemName) { SystemName = system.SystemName }, [new Finding("3.0.3", "INT-907", system.SystemName, text)], cancellationToken);
    }
}
