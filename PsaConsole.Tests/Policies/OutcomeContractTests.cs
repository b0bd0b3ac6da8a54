using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Tests.Policies;

/// <summary>Table C: each attribute that a billing type needs is found when it is lost, alone and by its name.</summary>
public sealed class OutcomeContractTests
{
    private static readonly Engagement Complete = new()
    {
        Number = "DE01-0001",
        Name = "Data platform",
        ClientId = "42",
        LegalEntity = "DE01",
        Currency = "EUR",
        ContractValue = 240_000m,
        ContractNumber = "00000101",
        Start = new DateOnly(2026, 3, 2),
        End = new DateOnly(2026, 9, 30),
        ProjectManager = "pm@example.com",
        CostCenter = "CC-DE01-DATA",
        TaxCode = "DE-STD",
        PaymentTerms = "Net 30",
        InvoiceDelivery = "Email",
        PurchaseOrder = "PO-1",
        RateCard = "Standard DE01 2026",
        NotToExceed = 240_000m,
        RevenueMethod = "percent",
        InvoiceFrequency = "Monthly",
        OpenForTime = true,
    };

    private static readonly Dictionary<string, Func<Engagement, Engagement>> Losses = new()
    {
        ["Client"] = project => project with { ClientId = null },
        ["Legal entity"] = project => project with { LegalEntity = " " },
        ["Project number"] = project => project with { Number = "" },
        ["Cost centre"] = project => project with { CostCenter = null },
        ["Project manager"] = project => project with { ProjectManager = null },
        ["Currency"] = project => project with { Currency = null },
        ["Start date"] = project => project with { Start = null },
        ["End date"] = project => project with { End = null },
        ["Billing rule"] = project => project with { BillingType = null },
        ["Open for time"] = project => project with { OpenForTime = false },
        ["Contract value"] = project => project with { ContractValue = null },
        ["Contract number"] = project => project with { ContractNumber = null },
        ["Tax code"] = project => project with { TaxCode = null },
        ["Payment terms"] = project => project with { PaymentTerms = null },
        ["Invoice delivery"] = project => project with { InvoiceDelivery = null },
        ["Revenue recognition method"] = project => project with { RevenueMethod = null },
        ["Purchase order"] = project => project with { PurchaseOrder = null },
        ["Rate card"] = project => project with { RateCard = null },
        ["Not to exceed"] = project => project with { NotToExceed = null },
        ["Billing schedule"] = project => project with { Schedule = [] },
        ["Billing frequency"] = project => project with { InvoiceFrequency = null },
    };

    /// <summary>Every billing type with every attribute that it needs.</summary>
    public static TheoryData<BillingType, string> Needed
    {
        get
        {
            var data = new TheoryData<BillingType, string>();
            foreach (var type in Enum.GetValues<BillingType>())
            {
                foreach (var attribute in OutcomeContract.Attributes.Where(attribute => attribute.Applies(Project(type))))
                {
                    data.Add(type, attribute.Label);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Needed))]
    public void Lost_attribute_is_named_alone(BillingType type, string label)
    {
        var finding = Assert.Single(OutcomeContract.Compare(Project(type), Losses[label](Project(type)), null));

        Assert.Equal(("HND-008", label), (finding.Code, finding.Field));
        Assert.Null(finding.Actual);
        Assert.NotNull(finding.Expected);
    }

    [Fact]
    public void Every_attribute_can_be_lost_by_a_test() => Assert.Equal(OutcomeContract.Attributes.Select(attribute => attribute.Label).Order(), Losses.Keys.Order());

    [Theory]
    [InlineData(BillingType.TimeAndMaterials, "Rate card,Billing frequency")]
    [InlineData(BillingType.CappedTimeAndMaterials, "Rate card,Not to exceed,Billing frequency")]
    [InlineData(BillingType.FixedMilestone, "Billing schedule")]
    [InlineData(BillingType.FixedInterval, "Billing schedule")]
    [InlineData(BillingType.ProgressPercent, "")]
    [InlineData(BillingType.Retainer, "Not to exceed,Billing schedule")]
    public void Billing_type_needs_what_table_C_says(BillingType type, string expected)
    {
        string[] own = ["Rate card", "Not to exceed", "Billing schedule", "Billing frequency"];

        Assert.Equal(expected, string.Join(",", OutcomeContract.Attributes.Where(attribute => own.Contains(attribute.Label) && attribute.Applies(Project(type))).Select(attribute => attribute.Label)));
    }

    [Fact]
    public void Spaces_case_and_trailing_zeros_are_no_difference() => Assert.Empty(OutcomeContract.Compare(
        Project(BillingType.CappedTimeAndMaterials),
        Project(BillingType.CappedTimeAndMaterials) with { ProjectManager = " PM@Example.com ", TaxCode = "de-std", ContractValue = 240_000.0000m, NotToExceed = 240_000.00m },
        null));

    [Fact]
    public void Attribute_that_the_hand_off_itself_does_not_know_is_no_match()
    {
        var unknown = Project(BillingType.ProgressPercent) with { RevenueMethod = null };

        Assert.Equal("Revenue recognition method", Assert.Single(OutcomeContract.Compare(unknown, unknown, null)).Field);
    }

    [Fact]
    public void Schedule_that_is_as_written_but_not_worth_the_contract_is_found()
    {
        // 80,000 + 80,000 + 75,000 against 240,000.
        var project = Project(BillingType.FixedMilestone) with { Schedule = [Entry(1, 80_000m), Entry(2, 80_000m), Entry(3, 75_000m)] };

        var finding = Assert.Single(OutcomeContract.Compare(project, project, new Money(240_000m, "EUR")));

        Assert.Equal(("Billing schedule total", "240000.00", "235000.00"), (finding.Field, finding.Expected, finding.Actual));
    }

    [Fact]
    public void Project_that_is_not_there_is_one_finding() => Assert.Equal("Project", Assert.Single(OutcomeContract.Compare(Project(BillingType.Retainer), null, null)).Field);

    private static Engagement Project(BillingType type) => Complete with
    {
        BillingType = type,
        Schedule = DealPolicy.NeedsSchedule(type) ? [Entry(1, 80_000m), Entry(2, 80_000m), Entry(3, 80_000m)] : [],
    };

    private static ScheduleEntry Entry(int sequence, decimal amount) => new() { Name = $"M{sequence}", Sequence = sequence, Amount = amount, DueOn = new DateOnly(2026, 3 + sequence, 1) };
}
