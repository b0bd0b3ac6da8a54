namespace PsaConsole.Engine.Connectors;

/// <summary>A reading that many ask for and that changes rarely: one call to the vendor serves whoever asks within its age.</summary>
internal sealed class Kept<T>(TimeSpan age, TimeProvider clock, Func<CancellationToken, Task<T>> read)
    where T : class
{
    private Reading? last;

    public async Task<T> GetAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref last) is { } known && known.Until > clock.GetUtcNow())
        {
            return known.Value;
        }

        var value = await read(cancellationToken);
        Volatile.Write(ref last, new Reading(value, clock.GetUtcNow() + age));
        return value;
    }

    private sealed record Reading(T Value, DateTimeOffset Until);
}
