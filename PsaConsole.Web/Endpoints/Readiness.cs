using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Inbox;
using PsaConsole.Web.Store;

namespace PsaConsole.Web.Endpoints;

/// <summary>Whether the console can be used now. An empty list of reasons means yes.</summary>
public sealed class Readiness(IDbContextFactory<KeysDbContext> keys, LanePump pump, TimeProvider time)
{
    // The pump looks at least every two seconds; what is ten times as late has stopped.
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What stands in the way, one plain sentence each.</summary>
    public async Task<IReadOnlyList<string>> ReasonsAgainstAsync(CancellationToken cancellationToken)
    {
        List<string> reasons = [];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        await using var database = await keys.CreateDbContextAsync(limit.Token);
        if (!await database.Database.CanConnectAsync(limit.Token))
        {
            reasons.Add("The database can't be reached.");
        }

        if (pump.LastLookAt is not { } look || time.GetUtcNow() - look > Stale)
        {
            reasons.Add("The engine does not look for work yet.");
        }

        return reasons;
    }
}
