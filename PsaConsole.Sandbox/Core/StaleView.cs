namespace PsaConsole.Sandbox.Core;

/// <summary>What the current call may see: everything, or (under the fault "stale-read") only what was so at an earlier time.</summary>
public sealed class StaleView
{
    private static readonly AsyncLocal<StaleView?> Ambient = new();
    private static readonly StaleView Fresh = new(null);
    private readonly DateTimeOffset? _asOf;

    private StaleView(DateTimeOffset? asOf) => _asOf = asOf;

    internal static StaleView Current => Ambient.Value ?? Fresh;

    /// <summary>From here to the end of the call, reads show the records as they were at that time.</summary>
    internal static void Begin(DateTimeOffset asOf) => Ambient.Value = new StaleView(asOf);

    /// <summary>What writes work on is never stale; disposing gives the call its view back.</summary>
    internal static Pause Suspend()
    {
        var pause = new Pause(Ambient.Value);
        if (Ambient.Value is not null)
        {
            Ambient.Value = null;
        }

        return pause;
    }

    internal Record? Of(Record? record)
    {
        while (record is not null && record.Modified > _asOf)
        {
            record = record.Previous;
        }

        return record;
    }

    internal readonly struct Pause(StaleView? held) : IDisposable
    {
        public void Dispose()
        {
            if (held is not null)
            {
                Ambient.Value = held;
            }
        }
    }
}
