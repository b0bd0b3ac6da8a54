using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Inbox;

/// <summary>Commits what was done for a lane, only while this replica still holds its lease, and tells the change feed.</summary>
public static class LaneCommit
{
    /// <exception cref="LeaseLostException">Another replica holds the lane now; nothing is saved.</exception>
    public static async Task SaveAsync(
        EngineDbContext store, LaneLease lease, DateTimeOffset now, IEnumerable<FeedItem> news, CancellationToken cancellationToken)
    {
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var until = now + Lanes.LeaseTime;
        var held = await store.Lanes
            .Where(lane => lane.Key == lease.Key && lane.Fence == lease.Fence)
            .ExecuteUpdateAsync(set => set.SetProperty(lane => lane.LeaseUntil, until), cancellationToken);
        if (held == 0)
        {
            throw new LeaseLostException(lease);
        }

        await store.SaveChangesAsync(cancellationToken);
        foreach (var item in news)
        {
            await store.Database.ExecuteSqlAsync($"select pg_notify({ChangeFeed.Channel}, {item.Kind + " " + item.Id})", cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
