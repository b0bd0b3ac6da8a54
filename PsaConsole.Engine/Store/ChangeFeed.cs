using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace PsaConsole.Engine.Store;

/// <summary>
/// Tells subscribers in this process what any replica committed: PostgreSQL's NOTIFY carries "kind id" to every replica that listens.
/// A lost connection is opened again; subscribers then hear of a <see cref="FeedItem"/> of kind "all" and read everything again.
/// </summary>
public sealed class ChangeFeed(NpgsqlDataSource database, ILogger<ChangeFeed> logger) : BackgroundService
{
    /// <summary>The channel of NOTIFY.</summary>
    public const string Channel = "psaconsole";

    private readonly ConcurrentDictionary<Guid, Action<FeedItem>> subscribers = new();

    /// <summary>Calls <paramref name="onChange"/> for every change until the answer is disposed. The call must be quick and must not throw.</summary>
    public IDisposable Subscribe(Action<FeedItem> onChange)
    {
        var id = Guid.NewGuid();
        subscribers[id] = onChange;
        return new Subscription(() => subscribers.TryRemove(id, out _));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                // Whatever it is: a feed that ends would end the console.
                logger.LogWarning(problem, "The change feed lost its connection to PostgreSQL and opens another.");
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) => Publish(notification.Payload);
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        Publish("all all");
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    private void Publish(string payload)
    {
        var space = payload.IndexOf(' ', StringComparison.Ordinal);
        var item = space < 0 ? new FeedItem(payload, "") : new FeedItem(payload[..space], payload[(space + 1)..]);
        foreach (var subscriber in subscribers.Values)
        {
            subscriber(item);
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
