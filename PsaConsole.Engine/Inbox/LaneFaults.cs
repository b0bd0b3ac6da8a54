using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Inbox;

/// <summary>
/// Lanes whose work ended in a fault of the engine or the database. Such a lane is tried again, ever later; from the third fault in a row a case says so, since
/// what is tried again for ever without anybody knowing is lost. It closes when the lane's work succeeds.
/// </summary>
public sealed class LaneFaults(IDbContextFactory<EngineDbContext> stores, CaseBook cases, TimeProvider time, ILogger<LaneFaults> logger)
{
    private const string Code = "INT-999";
    private const string Prefix = "lane:";
    private const int Quietly = 2;
    private static readonly TimeSpan UntilTheDatabaseIsBack = TimeSpan.FromSeconds(1);

    /// <summary>The lane that a case is about; null when it is about something else.</summary>
    internal static string? LaneOf(ExceptionCase about) =>
        about.RunId is null && about.Code == Code && about.BusinessKey.StartsWith(Prefix, StringComparison.Ordinal) ? about.BusinessKey[Prefix.Length..] : null;

    /// <summary>
    /// Gives the lane back to be tried again, as soon as the database takes it back: the rows are as they were last committed. When another replica has the
    /// lane by now, nothing is done.
    /// </summary>
    public async Task GiveBackAsync(LaneLease lease, Exception fault, CancellationToken cancellationToken)
    {
        var faults = lease.Faults + 1;
        logger.LogError(fault, "Lane {Lane} met a fault, the {Count}. in a row; it is tried again.", lease.Key, faults);
        while (true)
        {
            try
            {
                await TryGiveBackAsync(lease, faults, fault, cancellationToken);
                return;
            }
            catch (Exception unreachable) when (unreachable is NpgsqlException or TimeoutException or IOException or DbUpdateException && !cancellationToken.IsCancellationRequested)
            {
                logger.LogWarning("Lane {Lane} can't be given back yet: {Reason}", lease.Key, unreachable.Message);
                await Task.Delay(UntilTheDatabaseIsBack, time, cancellationToken);
            }
        }
    }

    /// <summary>The lane's work succeeded: its case, if it had come to one, is closed.</summary>
    public async Task SettleAsync(LaneLease lease, CancellationToken cancellationToken)
    {
        if (lease.Faults > Quietly)
        {
            await using var store = await stores.CreateDbContextAsync(cancellationToken);
            await cases.ResolveAsync(store, [Code], Prefix + lease.Key, time.GetUtcNow(), "The lane's work succeeded.", cancellationToken);
            await store.SaveChangesAsync(cancellationToken);
        }
    }

    private async Task TryGiveBackAsync(LaneLease lease, int faults, Exception fault, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var readyAt = time.GetUtcNow() + RetrySchedule.Cap(faults);
        var mine = await store.Lanes.Where(lane => lane.Key == lease.Key && lane.Fence == lease.Fence).ExecuteUpdateAsync(
            set => set.SetProperty(lane => lane.LeaseOwner, (Guid?)null).SetProperty(lane => lane.LeaseUntil, (DateTimeOffset?)null)
                .SetProperty(lane => lane.ReadyAt, readyAt).SetProperty(lane => lane.Faults, faults),
            cancellationToken);
        if (mine == 1 && faults > Quietly)
        {
            var text = $"Work on {lease.Key} has ended in a fault {faults} times in a row ({fault.GetType().Name}: {fault.Message}). Nothing is lost; it is tried again at {readyAt:u}, or at once with Retry.";
            await cases.RaiseAsync(store, new CaseSubject(Prefix + lease.Key, lease.Key), [new Finding("3.0.3", Code, lease.Key, text)], cancellationToken);
            await store.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
