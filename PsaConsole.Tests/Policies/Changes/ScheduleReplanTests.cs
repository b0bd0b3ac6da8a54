using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies.Changes;

namespace PsaConsole.Tests.Policies.Changes;

/// <summary>Schedules planned anew around what is billed (3-workflows 3h, example O-CH1).</summary>
public sealed class ScheduleReplanTests
{
    private static readonly Money Amended = new(345_000m, "EUR");
    private static readonly ScheduleEntry M1 = Entry("M1", 100_000m), M2 = Entry("M2", 100_000m), M3 = Entry("M3", 100_000m);

    [Fact]
    public void Amendment_splits_a_milestone_and_leaves_the_rest_to_the_last_one()
    {
        var halves = ScheduleReplan.SplitEvenly(M2, "EUR", ["M2a", "M2b"]);

        var plan = ScheduleReplan.Plan("Roll-out", Amended, [M1], [M1, .. halves, M3], remainderTo: "M3");

        Assert.Empty(plan.Findings);
        Assert.Equal([("M1", 100_000m), ("M2a", 50_000m), ("M2b", 50_000m), ("M3", 145_000m)], plan.Entries.Select(entry => (entry.Name, entry.Amount)));
        Assert.Equal(345_000m, plan.Entries.Sum(entry => entry.Amount));
    }

    [Fact]
    public void Proposal_that_does_not_add_up_is_told_with_its_difference()
    {
        var halves = ScheduleReplan.SplitEvenly(M2, "EUR", ["M2a", "M2b"]);

        var finding = Assert.Single(ScheduleReplan.Plan("Roll-out", Amended, [M1], [M1, .. halves, M3 with { Amount = 140_000m }], remainderTo: null).Findings);

        Assert.Equal(("BIL-602", new Money(5_000m, "EUR")), (finding.Code, finding.Exposure));
        Assert.Equal(("345,000.00 EUR", "340,000.00 EUR"), (finding.Expected, finding.Actual));
    }

    [Fact]
    public void What_is_billed_is_neither_changed_moved_nor_removed()
    {
        ScheduleEntry[] grown = [M2, M3 with { Amount = 145_000m }];
        foreach (var touched in new ScheduleEntry[][] { [M1 with { Amount = 90_000m }], [M1 with { DueOn = new DateOnly(2026, 6, 1) }], [] })
        {
            Assert.Equal("CHG-703", Assert.Single(ScheduleReplan.Plan("Roll-out", Amended, [M1], [.. touched, .. grown], "M3").Findings).Code);
        }
    }

    [Fact]
    public void Contract_is_never_worth_less_than_what_is_billed() =>
        Assert.Equal("CHG-703", Assert.Single(ScheduleReplan.Plan("Roll-out", new Money(99_999m, "EUR"), [M1], [M1, M2, M3], "M3").Findings).Code);

    [Fact]
    public void Remainder_is_never_negative() =>
        Assert.Equal("BIL-602", Assert.Single(ScheduleReplan.Plan("Roll-out", new Money(150_000m, "EUR"), [M1], [M1, M2, M3], "M3").Findings).Code);

    [Fact]
    public void Odd_cents_of_a_split_are_not_lost() =>
        Assert.Equal([33.34m, 33.33m, 33.33m], ScheduleReplan.SplitEvenly(M2 with { Amount = 100m }, "EUR", ["a", "b", "c"]).Select(entry => entry.Amount));

    private static ScheduleEntry Entry(string name, decimal amount) => new() { Name = name, Sequence = 1, Amount = amount, DueOn = new DateOnly(2026, 5, 1) };
}
