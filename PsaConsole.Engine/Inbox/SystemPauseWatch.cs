using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Inbox;

/// <summary>Holds this process's connectors to the pauses in the database, whichever replica wrote them: the row is the truth.</summary>
public sealed class SystemPauseWatch(
    IDbContextFactory<EngineDbContext> stores, ConnectorHealth health, ChangeFeed feed, ILogger<SystemPauseWatch> logger) : BackgroundService
{
    private readonly Channel<bool> news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A step that is refused writes its pause with a case and the run's own notice; "all" follows a lost connection.
        using var subscription = feed.Subscribe(item => _ = item.Kind is not ("system" or "case" or "all") || news.Writer.TryWrite(true));
        news.Writer.TryWrite(true);
        await foreach (var _ in news.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await ApplyAsync(stoppingToken);
            }
            catch (Exception problem) when (problem is NpgsqlException or TimeoutException)
            {
                // The feed reconnects with the database, says "all", and this is read again.
                logger.LogWarning(problem, "The pauses of systems could not be read.");
            }
        }
    }

    private async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var paused = await store.SystemPauses.AsNoTracking().ToDictionaryAsync(pause => pause.SystemName, pause => pause.Reason, cancellationToken);
        foreach (var system in health.All.Where(system => system.IsPaused && !paused.ContainsKey(system.SystemName)))
        {
            health.Resume(system.SystemName);
        }

        foreach (var (name, reason) in paused)
        {
            health.Pause(name, reason);
        }
    }
}
