using System.Globalization;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Finance;

/// <summary>Whether a period takes postings (8-localisation 8.7).</summary>
public enum PeriodStatus
{
    NeverOpened,
    Open,
    OnHold,
    Closed,
    Permanent,
}

/// <summary>An accounting period as the ERP keeps it; both dates inclusive.</summary>
/// <param name="Id">The ERP's id.</param>
public sealed record AccountingPeriod(string Id, string Name, DateOnly From, DateOnly To, PeriodStatus Status)
{
    public bool Contains(DateOnly date) => From <= date && date <= To;
}

/// <summary>What happens to a posting whose period takes none any more (PL42).</summary>
public enum LatePosting
{
    /// <summary>It moves to the first day of the next open period, within limits.</summary>
    NextOpen,

    /// <summary>It waits until the period is opened.</summary>
    Hold,

    /// <summary>Finance is asked every time.</summary>
    RequestOverride,
}

/// <summary>A legal entity's parameters of PL42.</summary>
/// <param name="Days">Most days from work date to approval that NextOpen bridges by itself; 45 by default.</param>
/// <param name="Amount">Most money, in the functional currency, that it moves by itself; null sets no limit.</param>
public sealed record PeriodRule(LatePosting Mode, int Days, decimal? Amount)
{
    public static PeriodRule Default { get; } = new(LatePosting.NextOpen, 45, null);
}

/// <summary>Where a posting lands, and by which rule.</summary>
public sealed record PeriodDecision(DateOnly AccountingDate, AccountingPeriod Period, string Rule);

/// <summary>Decides the accounting date (PL42, 3-workflows 3j.5, example O17).</summary>
public static class AccountingPeriods
{
    /// <summary>The work date while its period is open; else what the rule says; a finding TIM-402 where a person must decide.</summary>
    /// <param name="approvedOn">Date of the approval in the legal entity's zone: how late it is counts from there.</param>
    /// <param name="amount">Value of the posting in the functional currency.</param>
    public static (PeriodDecision? Decision, Finding? Finding) Decide(
        IReadOnlyList<AccountingPeriod> periods, DateOnly workDate, DateOnly approvedOn, Money amount, PeriodRule rule, string subject)
    {
        var own = periods.FirstOrDefault(period => period.Contains(workDate));
        if (own is { Status: PeriodStatus.Open })
        {
            return (new PeriodDecision(workDate, own, "work date: its period is open"), null);
        }

        var late = approvedOn.DayNumber - workDate.DayNumber;
        var why = (rule.Mode, NextOpen(periods, workDate)) switch
        {
            (_, null) => "no later period is open",
            (LatePosting.Hold, _) => "this legal entity holds late postings",
            (LatePosting.RequestOverride, _) => "this legal entity asks finance for every late posting",
            _ when late > rule.Days => string.Create(CultureInfo.InvariantCulture, $"it was approved {late} days after the work, more than the {rule.Days} that move by themselves"),
            _ when rule.Amount is { } most && Math.Abs(amount.Amount) > most => $"it is worth {amount}, more than the {new Money(most, amount.Currency)} that moves by itself",
            _ => null,
        };
        return why is null ? (Override(periods, workDate), null) : (null, Closed(own, workDate, why, amount, subject));
    }

    /// <summary>The first day of the next open period, without any limit: what a person agreed to. Null while no later period is open.</summary>
    public static PeriodDecision? Override(IReadOnlyList<AccountingPeriod> periods, DateOnly workDate) =>
        NextOpen(periods, workDate) is { } next ? new PeriodDecision(next.From, next, "first day of the next open period") : null;

    /// <summary>Where a reversal lands (3j.5): on the original's accounting date while that period is open, else on the first day of the next open one.</summary>
    public static PeriodDecision? ForReversal(IReadOnlyList<AccountingPeriod> periods, DateOnly originalDate) =>
        periods.FirstOrDefault(period => period.Contains(originalDate)) is { Status: PeriodStatus.Open } own
            ? new PeriodDecision(originalDate, own, "the original's accounting date: its period is open")
            : Override(periods, originalDate);

    private static AccountingPeriod? NextOpen(IReadOnlyList<AccountingPeriod> periods, DateOnly date) =>
        periods.Where(period => period.Status == PeriodStatus.Open && period.From > date).MinBy(period => period.From);

    private static Finding Closed(AccountingPeriod? own, DateOnly workDate, string why, Money amount, string subject)
    {
        var day = workDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var state = own is null ? $"No accounting period holds {day}" : $"{own.Name} is {(own.Status == PeriodStatus.OnHold ? "on hold" : "closed")} for work of {day}";
        return new Finding("PL42", "TIM-402", subject, $"{state}, and {why}. Approve the next open period, or open {own?.Name ?? "a period"} in the ERP and retry.")
        {
            Field = "Accounting period",
            Expected = "an open period",
            Actual = own is null ? null : $"{own.Name}, {own.Status}",
            Exposure = amount,
        };
    }
}
