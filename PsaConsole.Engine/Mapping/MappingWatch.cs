using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Mapping;

/// <summary>Takes over in this replica the versions of mapping sets that any replica has put in force.</summary>
public sealed class MappingWatch(IDbContextFactory<EngineDbContext> stores, MappingSets sets, ChangeFeed feed, TimeProvider time, ILogger<MappingWatch> logger) : BackgroundService
{
    /// <summary>Kind of the news that a set has a new version; its id is the set's name.</summary>
    public const string Kind = "mapping";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Whatever was told while it was read costs one more reading.
        var news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var subscription = feed.Subscribe(item => _ = item.Kind is Kind or "all" && news.Writer.TryWrite(true));
        await foreach (var _ in news.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await CatchUpAsync(stoppingToken);
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever a database says that goes down or comes up just now (EF has words of its own for it): a watch that ends would end the console.
                logger.LogWarning(problem, "New versions of mapping sets could not be read; they are read again.");
                await Task.Delay(Pause, time, stoppingToken);
                news.Writer.TryWrite(true);
            }
        }
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var newest = await store.MappingSets.GroupBy(set => set.Name).Select(versions => new { Name = versions.Key, Version = versions.Max(set => set.Version) }).ToListAsync(cancellationToken);
        foreach (var behind in newest.Where(set => sets.VersionOf(set.Name) < set.Version))
        {
            sets.Activate(await store.MappingSets.AsNoTracking().SingleAsync(set => set.Name == behind.Name && set.Version == behind.Version, cancellationToken));
            logger.LogInformation("Mapping set {Set} version {Version} is in force.", behind.Name, behind.Version);
        }
    }
}
