using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies.Changes;

namespace PsaConsole.Tests.Policies.Changes;

/// <summary>Who has a say in which change (PL70, PL71, PL72).</summary>
public sealed class ChangePolicyTests
{
    private static readonly ChangeFacts Facts = new(FiscalYearStart: 1, FirstOpenDay: new DateOnly(2026, 3, 1), ApprovalThreshold: 250_000m);

    private static readonly Engagement Before = new()
    {
        Number = "DE01-7",
        Name = "Roll-out",
        Currency = "EUR",
        ProjectManager = "ada@firm.example",
        Start = new DateOnly(2026, 4, 1),
        End = new DateOnly(2026, 11, 30),
        ContractValue = 300_000m,
        NotToExceed = 100_000m,
        PurchaseOrder = "4711",
        CostCenter = "CC-1",
        RateCard = "Card 1",
        InvoiceFrequency = "Monthly",
        Schedule = [Entry("M1", 100_000m, 5), Entry("M2", 100_000m, 7), Entry("M3", 100_000m, 9)],
    };

    [Fact]
    public void What_delivery_owns_waits_for_nobody() =>
        Assert.Equal(
            [("Name", ChangeClass.Auto, ChangeGroup.Open), ("Project manager", ChangeClass.Auto, ChangeGroup.Open)],
            Of(Before with { Name = "Roll-out Nord", ProjectManager = "grace@firm.example" }).Select(change => (change.Field, change.Class, change.Group)));

    [Theory]
    [InlineData("2026-12-30", ChangeClass.Notify)]
    [InlineData("2026-12-31", ChangeClass.Finance)]
    [InlineData("2026-10-31", ChangeClass.Notify)]
    [InlineData("2026-10-30", ChangeClass.Finance)]
    public void End_date_is_finances_matter_beyond_thirty_days(string end, ChangeClass expected) =>
        Assert.Equal(expected, Assert.Single(Of(Before with { End = Day(end) })).Class);

    [Fact]
    public void End_date_is_finances_matter_in_another_fiscal_year()
    {
        var late = Before with { End = new DateOnly(2026, 12, 20) };
        Assert.Equal(ChangeClass.Finance, Assert.Single(ChangePolicy.Classify(late, late with { End = new DateOnly(2027, 1, 5) }, Facts)).Class);
        Assert.Equal(ChangeClass.Notify, Assert.Single(ChangePolicy.Classify(late, late with { End = new DateOnly(2027, 1, 5) }, Facts with { FiscalYearStart = 4 })).Class);
    }

    [Theory]
    [InlineData("2026-03-01", ChangeClass.Notify)]
    [InlineData("2026-02-28", ChangeClass.Finance)]
    public void Start_date_is_finances_matter_before_the_oldest_open_period(string start, ChangeClass expected) =>
        Assert.Equal(expected, Assert.Single(Of(Before with { Start = Day(start) })).Class);

    [Theory]
    [InlineData(105_000, ChangeClass.Notify)]
    [InlineData(105_000.01, ChangeClass.Finance)]
    [InlineData(94_999, ChangeClass.Finance)]
    public void Limit_is_finances_matter_beyond_five_percent(double limit, ChangeClass expected) =>
        Assert.Equal(expected, Assert.Single(Of(Before with { NotToExceed = (decimal)limit })).Class);

    [Fact]
    public void Limit_is_finances_matter_beyond_the_threshold() =>
        Assert.Equal(ChangeClass.Finance, Assert.Single(ChangePolicy.Classify(Before, Before with { NotToExceed = 104_000m }, Facts with { ApprovalThreshold = 3_999m })).Class);

    [Fact]
    public void What_is_invoiced_by_is_finances_matter() =>
        Assert.All(
            Of(Before with { PurchaseOrder = null, CostCenter = "CC-2", RateCard = "Card 2", InvoiceFrequency = "Biweekly" }),
            change => Assert.Equal(ChangeGroup.Finance, change.Group));

    [Fact]
    public void Value_and_what_is_billed_change_the_contract_and_a_date_does_not()
    {
        var changes = Of(Before with { ContractValue = 345_000m, Schedule = [Before.Schedule[0], Entry("M2a", 50_000m, 7), Entry("M2b", 50_000m, 8), Entry("M3", 145_000m, 10)] });

        Assert.Equal(
            [("Contract value", ChangeClass.Contract), ("Milestone dates", ChangeClass.Notify), ("Milestones", ChangeClass.Contract)],
            changes.Select(change => (change.Field, change.Class)));
        Assert.Contains("M3 2026-10-01 100,000.00 EUR", changes[1].After, StringComparison.Ordinal);
        Assert.Contains("M3 2026-10-01 145,000.00 EUR", changes[2].After, StringComparison.Ordinal);
    }

    [Fact]
    public void Dates_alone_are_taken_without_amounts()
    {
        var after = Before with { Schedule = [Before.Schedule[0], Entry("M2", 90_000m, 8)] };
        var dated = EngagementFields.Take(Before, after, [EngagementFields.MilestoneDates]);
        Assert.Equal([100_000m, 100_000m, 100_000m], dated.Schedule.Select(entry => entry.Amount));
        Assert.Equal(8, dated.Schedule[1].DueOn!.Value.Month);
    }

    [Fact]
    public void What_is_equal_is_no_change() => Assert.Empty(Of(Before with { Schedule = [.. Before.Schedule], PurchaseOrder = " 4711 " }));

    [Fact]
    public void Billing_type_currency_and_legal_entity_are_refused_with_what_to_do_instead()
    {
        var frozen = ChangePolicy.Frozen("DE01-7", ("FixedMilestone", "EUR", "DE01"), ("Retainer", "USD", "DE01"));
        Assert.Equal(["Billing type", "Currency"], frozen.Select(change => change.Field));
        var (after, before) = (ChangePolicy.Refused(frozen, posted: true, "Roll-out", null).ToList(), ChangePolicy.Refused(frozen, posted: false, "Roll-out", null).ToList());
        Assert.All(after.Concat(before), finding => Assert.Equal("CHG-703", finding.Code));
        Assert.Contains("new project or line", after[0].Message, StringComparison.Ordinal);
        Assert.Contains("win it again", before[0].Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<FieldChange> Of(Engagement after) => ChangePolicy.Classify(Before, after, Facts);

    private static ScheduleEntry Entry(string name, decimal amount, int month) => new() { Name = name, Sequence = month, Amount = amount, DueOn = new DateOnly(2026, month, 1) };

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
