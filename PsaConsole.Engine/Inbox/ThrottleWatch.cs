using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Inbox;

/// <summary>
/// Tells people of a system that throttles for long: work that has waited for it for more than a quarter of an hour raises one case for the system (INT-903), which
/// closes when nothing has waited for five minutes. All replicas see the same, since what waits is in rows.
/// </summary>
public sealed class ThrottleWatch(IDbContextFactory<EngineDbContext> stores, CaseBook cases, TimeProvider time)
{
    private const string Code = "INT-903";

    /// <summary>Longest wait without a case (4-exceptions, INT-903).</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Longest wait with which the case closes.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromMinutes(5);

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        await SystemWatch.TakeTurnAsync(store, cancellationToken);
        var now = time.GetUtcNow();
        var waits = await WaitsAsync(store, cancellationToken);
        var open = await store.ExceptionCases
            .Where(item => item.Code == Code && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying) && item.SystemName != null)
            .Select(item => item.SystemName!)
            .ToListAsync(cancellationToken);
        foreach (var (system, since) in waits.Where(wait => now - wait.Value > Patience && !open.Contains(wait.Key)))
        {
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"{system} throttles us: work for it has waited since {since:u}. It goes on by itself and loses nothing. If this stays, lower Connectors:{system}:Concurrency, or have the vendor's quota (and Connectors:{system}:DailyCalls) raised.");
            await cases.RaiseAsync(store, new CaseSubject(Key(system), system) { SystemName = system }, [new Finding("3.0.3", Code, system, text)], cancellationToken);
        }

        foreach (var system in open.Where(system => !waits.TryGetValue(system, out var since) || now - since < Calm))
        {
            await cases.ResolveAsync(store, [Code], Key(system), now, "Nothing has waited for it for more than five minutes.", cancellationToken);
        }

        await store.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Since when the oldest work waits for each system that throttles.</summary>
    private static async Task<Dictionary<string, DateTimeOffset>> WaitsAsync(EngineDbContext store, CancellationToken cancellationToken)
    {
        // What is being tried at this moment waits still: only an answer ends its wait.
        var runs = await store.Runs
            .Where(run => run.ThrottledSince != null && run.ThrottledBy != null && (run.Status == RunStatus.Waiting || run.Status == RunStatus.Running))
            .GroupBy(run => run.ThrottledBy!)
            .Select(group => new { SystemName = group.Key, Since = group.Min(run => run.ThrottledSince!.Value) })
            .ToListAsync(cancellationToken);
        var changes = await store.InboxItems.Where(item => item.ThrottledSince != null && item.ThrottledBy != null && item.Status == InboxStatus.Waiting)
            .GroupBy(item => item.ThrottledBy!)
            .Select(group => new { SystemName = group.Key, Since = group.Min(item => item.ThrottledSince!.Value) })
            .ToListAsync(cancellationToken);
        return runs.Concat(changes).GroupBy(wait => wait.SystemName).ToDictionary(group => group.Key, group => group.Min(wait => wait.Since), StringComparer.Ordinal);
    }

    private static string Key(string systemName) => $"system:{systemName}";
}
