using PsaConsole.Engine.Connectors;

namespace PsaConsole.Engine.Inbox;

/// <summary>Work that may have to wait for a system that throttles us; what waits is told of by <see cref="ThrottleWatch"/>.</summary>
public interface IThrottled
{
    /// <summary>Since when it waits; null when it waits for anything else, or for nothing.</summary>
    DateTimeOffset? ThrottledSince { get; set; }

    /// <summary>The system that throttles, which need not be the one that the work is about: a check in one system may read another.</summary>
    string? ThrottledBy { get; set; }
}

public static class Throttling
{
    /// <summary>Notes whether the work waits for a system that throttles; null is that nothing failed. The wait counts from the first refusal of the same system.</summary>
    public static void Note(this IThrottled work, Exception? problem, DateTimeOffset now)
    {
        var system = problem is ConnectorException { IsThrottled: true } throttled ? throttled.SystemName : null;
        work.ThrottledSince = system is null ? null : work.ThrottledBy == system ? work.ThrottledSince ?? now : now;
        work.ThrottledBy = system;
    }
}
