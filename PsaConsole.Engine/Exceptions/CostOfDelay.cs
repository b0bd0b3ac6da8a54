namespace PsaConsole.Engine.Exceptions;

/// <summary>
/// In which order cases are looked at: the one first that costs most to leave. A case's deadline says how soon it hurts; money brings it forward, a day for
/// every tenfold above a thousand, and what holds up everything (Critical) by a working week. Stored with the case, so that the order is an index (ADR 10).
/// </summary>
public static class CostOfDelay
{
    /// <summary>Money below this does not change the order, in the reporting currency.</summary>
    private const double Noticed = 1_000;

    /// <summary>Ten million and more count alike: beyond that everything is urgent.</summary>
    private const double MostDays = 4;

    private static readonly TimeSpan Critical = TimeSpan.FromDays(5);

    /// <summary>The moment by which cases are put in order, the earliest first.</summary>
    /// <param name="due">The deadline.</param>
    /// <param name="exposure">Money that waits, in the reporting currency; null when none is known to.</param>
    public static DateTimeOffset PriorityAt(DateTimeOffset due, CaseSeverity severity, decimal? exposure)
    {
        var days = exposure is > 0m ? Math.Clamp(Math.Log10((double)exposure.Value / Noticed), 0, MostDays) : 0;
        return due - TimeSpan.FromDays(days) - (severity == CaseSeverity.Critical ? Critical : TimeSpan.Zero);
    }
}
