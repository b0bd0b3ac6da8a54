using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;

namespace PsaConsole.Tests.Finance;

/// <summary>Where a posting lands when its period is closed (PL42, O17).</summary>
public sealed class PeriodTests
{
    private static readonly DateOnly Worked = new(2026, 2, 26);
    private static readonly Money Amount = new(1_200m, "EUR");

    private static readonly AccountingPeriod[] Periods =
    [
        Month(1, PeriodStatus.Closed), Month(2, PeriodStatus.Closed), Month(3, PeriodStatus.Open), Month(4, PeriodStatus.Open), Month(5, PeriodStatus.NeverOpened),
    ];

    [Fact]
    public void Open_period_keeps_the_work_date()
    {
        var (decision, _) = Decide(new DateOnly(2026, 3, 9), new DateOnly(2026, 3, 9), PeriodRule.Default);

        Assert.Equal((new DateOnly(2026, 3, 9), "2026-03"), (decision!.AccountingDate, decision.Period.Name));
    }

    [Fact]
    public void Late_work_of_a_closed_month_moves_to_the_first_open_day()
    {
        var (decision, _) = Decide(Worked, new DateOnly(2026, 3, 9), PeriodRule.Default);

        Assert.Equal((new DateOnly(2026, 3, 1), "2026-03"), (decision!.AccountingDate, decision.Period.Name));
    }

    [Theory]
    [InlineData("2026-04-12", true)]
    [InlineData("2026-04-13", false)]
    [InlineData("2026-04-14", false)]
    public void More_than_45_days_late_is_held_for_a_person(string approved, bool moves)
    {
        var (decision, finding) = Decide(Worked, DateOnly.Parse(approved, System.Globalization.CultureInfo.InvariantCulture), PeriodRule.Default);

        Assert.Equal(moves, decision is not null);
        Assert.Equal(moves ? null : "TIM-402", finding?.Code);
    }

    [Fact]
    public void Amount_mode_and_missing_periods_hold_too()
    {
        Assert.Contains("1,000.00 EUR", Decide(Worked, Worked, PeriodRule.Default with { Amount = 1_000m }).Finding!.Message, StringComparison.Ordinal);
        Assert.NotNull(Decide(Worked, Worked, PeriodRule.Default with { Amount = 1_200m }).Decision);
        Assert.NotNull(Decide(Worked, Worked, PeriodRule.Default with { Mode = LatePosting.Hold }).Finding);
        Assert.NotNull(Decide(Worked, Worked, PeriodRule.Default with { Mode = LatePosting.RequestOverride }).Finding);
        Assert.Contains("no later period is open", Decide(new DateOnly(2026, 5, 2), new DateOnly(2026, 5, 2), PeriodRule.Default).Finding!.Message, StringComparison.Ordinal);
        Assert.Contains("No accounting period holds 2030-01-01", Decide(new DateOnly(2030, 1, 1), new DateOnly(2030, 1, 1), PeriodRule.Default).Finding!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reversal_stays_with_its_original_while_that_period_is_open()
    {
        Assert.Equal(new DateOnly(2026, 3, 4), AccountingPeriods.ForReversal(Periods, new DateOnly(2026, 3, 4))!.AccountingDate);
        Assert.Equal(new DateOnly(2026, 3, 1), AccountingPeriods.ForReversal(Periods, Worked)!.AccountingDate);
        Assert.Null(AccountingPeriods.ForReversal(Periods, new DateOnly(2026, 5, 4)));
    }

    private static (PeriodDecision? Decision, PsaConsole.Engine.Policies.Finding? Finding) Decide(DateOnly worked, DateOnly approved, PeriodRule rule) =>
        AccountingPeriods.Decide(Periods, worked, approved, Amount, rule, "8 h of Jane");

    private static AccountingPeriod Month(int month, PeriodStatus status) =>
        new($"{month}", $"2026-0{month}", new DateOnly(2026, month, 1), new DateOnly(2026, month, 1).AddMonths(1).AddDays(-1), status);
}
