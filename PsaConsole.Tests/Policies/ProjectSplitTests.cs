using CsCheck;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Tests.Policies;

/// <summary>A deal in parts: nothing is lost or won on the way, and every part ties out by itself.</summary>
public sealed class ProjectSplitTests
{
    private static readonly string[] Entities = ["US01", "GB01", "DE01", "JP01"];
    private static readonly string[] Tender = ["EUR", "JPY", "KWD"];

    [Fact]
    public void Entry_without_entity_is_split_by_largest_remainder()
    {
        // O15: 10,000.01 by 60/25/15 %.
        var parts = Split(Deal([6_000m, 2_500m, 1_500m], [10_000.01m]));

        Assert.Equal([6_000.01m, 2_500m, 1_500m], parts.Select(part => Assert.Single(part.Schedule).Amount));
    }

    [Fact]
    public void Entries_that_would_each_favour_the_same_part_still_tie_out()
    {
        // By values alone the first part would get 16.67 three times: 50.01 of its 50.00.
        var parts = Split(Deal([50m, 50m], [33.33m, 33.33m, 33.34m]));

        Assert.Equal([50m, 50m], parts.Select(part => part.Schedule.Sum(entry => entry.Amount)));
    }

    [Fact]
    public void Entries_without_entity_fill_what_the_named_ones_leave_open()
    {
        var deal = Deal([160_000m, 80_000m], [64_000m, 80_000m, 96_000m]);
        deal = deal with { Schedule = [deal.Schedule[0], deal.Schedule[1] with { SellingEntity = "GB01" }, deal.Schedule[2]] };

        var parts = Split(deal);

        Assert.Equal([64_000m, 96_000m], parts[0].Schedule.Select(entry => entry.Amount));
        Assert.Equal([80_000m], parts[1].Schedule.Select(entry => entry.Amount));
        Assert.Empty(ProjectSplit.TiesOut(deal, parts));
    }

    [Fact]
    public void Entries_that_name_an_entity_for_more_than_it_sells_are_named_for_both_parts()
    {
        var deal = Deal([160_000m, 80_000m], [120_000m, 120_000m]);
        deal = deal with { Schedule = [deal.Schedule[0] with { SellingEntity = "US01" }, deal.Schedule[1] with { SellingEntity = "GB01" }] };

        var findings = ProjectSplit.TiesOut(deal, Split(deal)).ToList();

        Assert.Equal(["BIL-602", "BIL-602"], findings.Select(finding => finding.Code));
        Assert.Contains("The billing schedule of GB01 on Deal adds up to 120,000.00 EUR, but GB01 sells 80,000.00 EUR", findings[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entity_whose_lines_are_negative_in_sum_is_a_finding_and_no_fault()
    {
        var deal = Deal([100m, -20m], [80m]) with { NotToExceed = 80m };

        var finding = Assert.Single(ProjectSplit.TiesOut(deal, Split(deal)), finding => finding.Code == "HND-010");

        Assert.Contains("The contract lines of GB01 on Deal add up to -20.00 EUR", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Work_for_nothing_is_split_all_the_same() =>
        Assert.Equal([0m, 0m], Split(Deal([0m, 0m], []) with { BillingType = BillingType.NonBillable, NotToExceed = 100m }).Select(part => part.Amount));

    [Fact]
    public void Every_part_ties_out_in_whole_minor_units_whatever_is_split() =>
        Gen.Select(Gen.Int[0, 2].Select(index => Tender[index]), Gen.Int[1, 50_000_000].Array[1, 4], Gen.Int[1, 1000].Array[1, 24], Gen.Int[1, 50_000_000]).Sample((currency, lines, cuts, limit) =>
        {
            var unit = Currencies.MinorUnit(currency);
            var amounts = lines.Select(line => line * unit).ToArray();
            var entries = new Money(amounts.Sum(), currency).Split([.. cuts.Select(cut => (decimal)cut)]).Select(entry => entry.Amount).ToArray();
            var deal = Deal(amounts, entries) with { Currency = currency, NotToExceed = limit * unit };

            var parts = Split(deal);

            Assert.Equal(amounts, parts.Select(part => part.Amount));
            Assert.Equal(amounts, parts.Select(part => part.Schedule.Sum(entry => entry.Amount)));
            Assert.Equal(limit * unit, parts.Sum(part => part.NotToExceed));
            Assert.All(parts.SelectMany(part => part.Schedule), entry => Assert.True(entry.Amount >= 0m && entry.Amount % unit == 0m));
            Assert.All(deal.Schedule, entry => Assert.Equal(entry.Amount, parts.SelectMany(part => part.Schedule).Where(share => share.Sequence == entry.Sequence).Sum(share => share.Amount)));
        });

    private static IReadOnlyList<ProjectPart> Split(Opportunity deal) => ProjectSplit.Split(deal, deal.Lines.ToDictionary(line => line.Id, line => line.SellingEntity!), "US01");

    /// <summary>One line of each entity, in their order, and entries that name none.</summary>
    private static Opportunity Deal(decimal[] lines, decimal[] entries) => new()
    {
        Id = "1",
        Name = "Deal",
        ClientId = "c",
        Stage = "Closed Won",
        Amount = lines.Sum(),
        Currency = "EUR",
        BillingType = BillingType.FixedMilestone,
        Lines = [.. lines.Select((amount, index) => new ContractLine { Id = $"l{index}", Amount = amount, SellingEntity = Entities[index] })],
        Schedule = [.. entries.Select((amount, index) => new ScheduleEntry { Name = $"M{index + 1}", Sequence = index + 1, Amount = amount })],
    };
}
