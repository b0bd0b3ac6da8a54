using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Tests.Policies;

/// <summary>What must hold of a won deal, with the documents' numbers.</summary>
public sealed class DealPolicyTests
{
    private static readonly Client Sound = new() { LegalName = "Acme GmbH", Country = "DE", PaymentTerms = "Net 30", InvoiceDelivery = "Email", TaxRegistration = "DE1" };

    private static readonly DateOnly Start = new(2026, 3, 10);

    [Fact]
    public void Schedule_that_misses_5000_of_240000_is_named_with_the_difference()
    {
        var deal = Deal(BillingType.FixedMilestone, 240_000m) with { Schedule = [Entry(1, 80_000m), Entry(2, 80_000m), Entry(3, 75_000m)] };

        var finding = Assert.Single(DealPolicy.ScheduleTiesOut(deal));

        Assert.Equal("HND-010", finding.Code);
        Assert.Contains("5,000.00 EUR apart", finding.Message, StringComparison.Ordinal);
        Assert.Empty(DealPolicy.ScheduleTiesOut(deal with { Schedule = [Entry(1, 80_000m), Entry(2, 160_000m)] }));
    }

    [Fact]
    public void Threshold_is_compared_with_the_value_in_the_entitys_currency()
    {
        var entity = new LegalEntity { Code = "DE01", Name = "Northwind GmbH", Country = "DE", Currency = "EUR" };
        var deal = Deal(BillingType.TimeAndMaterials, 400_000_000m) with { Currency = "JPY" };

        Assert.Null(EntityPolicy.Approval(deal, entity, new Money(2_000_000m, "JPY"), new Money(12_345.67m, "EUR"), 1_000_000m));
        var large = EntityPolicy.Approval(deal, entity, new Money(400_000_000m, "JPY"), new Money(2_469_134m, "EUR"), 1_000_000m);

        Assert.Equal("at most 1,000,000.00 EUR without approval", large!.Expected);
        Assert.Equal("400,000,000 JPY (2,469,134.00 EUR)", large.Actual);
    }

    [Fact]
    public void Every_missing_field_of_the_billing_type_is_named_at_once()
    {
        var deal = Deal(BillingType.CappedTimeAndMaterials, 1000m) with { ProjectManager = null, RateCard = null, NotToExceed = null };

        var fields = DealPolicy.Completeness(deal, Sound with { RequiresPurchaseOrder = true }).Select(finding => finding.Field).ToList();

        Assert.Equal(["Project manager", "Purchase order", "Rate card", "Not to exceed"], fields);
    }

    [Theory]
    [InlineData("2026-03-10", 155)]
    [InlineData("2026-03-09", 150)]
    public void Rate_is_the_most_specific_one_that_is_valid_on_the_date(string date, int expected)
    {
        // O9: an engagement's row, then a client's, is a narrower card; here the rows of one card stand for them by their dimensions.
        Rate[] card =
        [
            new() { Role = "Consultant", Level = "L3", Location = "DE", Bill = 150m, Currency = "EUR", From = new DateOnly(2026, 1, 1), To = new DateOnly(2026, 3, 9) },
            new() { Role = "Consultant", Level = "L3", Bill = 155m, Currency = "EUR", From = new DateOnly(2026, 3, 1) },
            new() { Role = "Consultant", Bill = 180m, Currency = "EUR" },
        ];

        var (rate, _) = RatePolicy.Resolve(card, new RequestedRole { Role = "Consultant", Level = "L3", Location = "DE", Hours = 8m }, DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture), "EUR");

        Assert.Equal(expected, rate!.Bill);
    }

    [Fact]
    public void Zero_is_no_rate_and_two_equal_rows_are_ambiguous()
    {
        var role = new RequestedRole { Role = "Consultant", Hours = 8m };
        Rate row = new() { Role = "Consultant", Bill = 100m, Currency = "EUR" };

        Assert.Equal("no rate", RatePolicy.Resolve([row with { Bill = 0m }], role, Start, "EUR").Why);
        Assert.Equal("2 rates of equal weight", RatePolicy.Resolve([row, row with { Bill = 110m }], role, Start, "EUR").Why);
        Assert.Equal("no rate", RatePolicy.Resolve([row], role, Start, "USD").Why);
    }

    [Theory]
    [InlineData("Acme GmbH", "ACME AG", true)]
    [InlineData("Acme Consulting Ltd", "Acme Consultng Limited", true)]
    [InlineData("Acme GmbH", "Apex GmbH", false)]
    public void Names_are_compared_without_their_legal_forms(string left, string right, bool alike) =>
        Assert.Equal(alike, ClientMatching.Likeness(left, right) >= ClientMatching.Alike);

    [Fact]
    public void Two_clients_of_one_tax_number_stop_everything()
    {
        var twin = new ClientCandidate("1", "Acme One", "DE1", null, "DE");

        var (match, finding) = ClientMatching.Match(Sound, [twin, twin with { Id = "2", Name = "Acme Two" }]);

        Assert.Null(match);
        Assert.Equal("HND-001", finding!.Code);
    }

    [Fact]
    public void Skills_are_scored_and_a_mandatory_one_below_its_level_blocks()
    {
        SkillLevel[] required = [new("SQL", 3, true), new("Azure", 2, false), new("SAP", 4, false)];

        Assert.Equal(0m, RoleCandidates.Score(required, [new("SQL", 2, false), new("Azure", 3, false), new("SAP", 4, false)]));
        Assert.Equal(0.5m, RoleCandidates.Score(required, [new("SQL", 3, false), new("Azure", 1, false), new("SAP", 0, false)]));
    }

    private static ScheduleEntry Entry(int sequence, decimal amount) => new() { Name = $"M{sequence}", Sequence = sequence, Amount = amount };

    private static Opportunity Deal(BillingType type, decimal amount) => new()
    {
        Id = "1",
        Name = "Deal",
        ClientId = "c",
        Stage = "Closed Won",
        IsClosed = true,
        IsWon = true,
        Amount = amount,
        Currency = "EUR",
        BillingType = type,
        PlannedStart = Start,
        PlannedEnd = Start.AddDays(90),
        ServiceLine = "Data",
        ProjectManager = "pm@example.com",
        RateCard = "Standard",
        NotToExceed = amount,
        InvoiceFrequency = "Monthly",
        Contract = new DealContract { Number = "1", SignedOn = Start },
        Lines = [new ContractLine { Id = "l", Amount = amount }],
    };
}
