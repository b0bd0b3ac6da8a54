using Microsoft.EntityFrameworkCore;
using PsaConsole.Web.Store;

namespace PsaConsole.Web.Endpoints;

/// <summary>Whether the console can be used now. An empty list of reasons means yes.</summary>
public sealed class Readiness(IDbContextFactory<KeysDbContext> keys)
{
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

        return reasons;
    }
}
