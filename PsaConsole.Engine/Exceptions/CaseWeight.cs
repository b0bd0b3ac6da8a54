namespace PsaConsole.Engine.Exceptions;

/// <summary>How severe a case is (4-exceptions): as its kind is, and a step more where much money waits, or where finance can't close the month without it. Pure.</summary>
public static class CaseWeight
{
    /// <summary>Working days before the month ends from which on finance's cases weigh more.</summary>
    private const int CloseIsNear = 2;

    /// <param name="exposure">Money that waits, in the reporting currency; null when none is known to.</param>
    /// <param name="much">From more than this on it is much.</param>
    /// <param name="daysToClose">Working days that are left in the month (<see cref="ServiceClock.WorkingDaysLeftInMonth"/>).</param>
    public static CaseSeverity Of(CaseKind kind, decimal? exposure, decimal much, int daysToClose) =>
        exposure > much || Closes(kind, daysToClose) ? Raised(kind.Severity) : kind.Severity;

    /// <summary>Whether the month can't be closed without what a case of this kind is about, and is about to be.</summary>
    internal static bool Closes(CaseKind kind, int daysToClose) => daysToClose <= CloseIsNear && CaseRights.MovesMoney(kind.Code);

    /// <summary>A step more; nothing is above Critical.</summary>
    internal static CaseSeverity Raised(CaseSeverity severity) => severity == CaseSeverity.Critical ? severity : severity - 1;
}
