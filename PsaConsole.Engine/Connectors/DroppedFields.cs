using System.Collections.Concurrent;
using System.Threading.Channels;

namespace PsaConsole.Engine.Connectors;

/// <summary>A field that a system sent and that must not be taken along. Its name only: what it held is nowhere.</summary>
public sealed record DroppedField(string SystemName, string Resource, string Field);

/// <summary>What connectors dropped at the edge, for whoever tells people of it (GOV-954). Each field is told once an hour.</summary>
public sealed class DroppedFields(TimeProvider clock)
{
    private const int MostWaiting = 1_000;
    private static readonly TimeSpan Quiet = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<DroppedField, DateTimeOffset> told = new();
    private readonly Channel<DroppedField> waiting = Channel.CreateBounded<DroppedField>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Add(DroppedField field)
    {
        var now = clock.GetUtcNow();
        if (told.TryGetValue(field, out var last) && now - last < Quiet)
        {
            return;
        }

        told[field] = now;
        waiting.Writer.TryWrite(field);
    }

    /// <summary>What was dropped, as it comes.</summary>
    public IAsyncEnumerable<DroppedField> ReadAllAsync(CancellationToken cancellationToken) => waiting.Reader.ReadAllAsync(cancellationToken);
}
