namespace PsaConsole.Engine.Workflows;

/// <summary>
/// When a transient failure is tried again (3-workflows 3.0.3): at random up to 2 s · 2^(n−1), at most 900 s, never before the vendor's
/// Retry-After; ten attempts or 24 hours, then a person is asked (INT-901). The two budgets end only together with a failure of our own
/// attempt: an open circuit spends neither.
/// </summary>
public static class RetrySchedule
{
    public const int MaxAttempts = 10;

    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(900);

    /// <summary>The longest delay after the n-th failed attempt (n from 1).</summary>
    public static TimeSpan Cap(int attempt)
    {
        var seconds = 2d * Math.Pow(2, Math.Min(attempt, 20) - 1);
        return seconds >= Longest.TotalSeconds ? Longest : TimeSpan.FromSeconds(seconds);
    }

    /// <summary>The delay after the n-th failed attempt.</summary>
    /// <param name="jitter">A random number from 0 to 1.</param>
    public static TimeSpan Delay(int attempt, double jitter, TimeSpan? retryAfter)
    {
        var delay = Cap(attempt) * Math.Clamp(jitter, 0, 1);
        return retryAfter > delay ? retryAfter.Value : delay;
    }

    /// <summary>True when no attempt is left.</summary>
    public static bool IsExhausted(int attempts, DateTimeOffset? failingSince, DateTimeOffset now) =>
        attempts >= MaxAttempts || (failingSince is { } since && now - since >= MaxAge);
}
