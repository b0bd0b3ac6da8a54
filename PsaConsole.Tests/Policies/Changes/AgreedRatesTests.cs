using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies.Changes;

namespace PsaConsole.Tests.Policies.Changes;

/// <summary>What a client agreed to pay: the rates of the roles that were sold (3-workflows 3h, "bill rate").</summary>
public sealed class AgreedRatesTests
{
    private static readonly DateOnly Day = new(2026, 3, 10);

    [Fact]
    public void Rates_of_the_roles_that_were_sold_are_agreed_less_the_discount_wherever_the_work_is_done()
    {
        var deal = Deal([Rate("Consultant", "L3", "DE", 150m), Rate("Consultant", "L3", "US", 190m), Rate("Architect", "L5", "DE", 220m)]) with { DiscountPercent = 10m };

        var agreed = AgreedRates.Of(deal)!;

        Assert.Equal("Consultant L3 DE 135.00 EUR; Consultant L3 US 171.00 EUR", AgreedRates.Words(agreed));
    }

    [Fact]
    public void Special_price_of_the_card_is_not_outranked_by_a_general_one_that_was_agreed()
    {
        var agreed = AgreedRates.Of(Deal([Rate("Consultant", null, null, 120m), Rate("Consultant", "L6", null, 250m), Rate("Consultant", "L7", null, 0m)]))!;

        decimal? Of(string level) => PostingRates.Resolve(AgreedRates.Prices(agreed, "Card"), new RateQuestion(null, "Consultant", level, "DE"), Day, "EUR", "bill", "tests").Rate?.Amount;
        Assert.Equal((120m, 250m, null), (Of("L3"), Of("L6"), Of("L7")));
    }

    [Fact]
    public void Nothing_is_agreed_where_nothing_is_billed_by_time() => Assert.Null(AgreedRates.Of(Deal([Rate("Consultant", "L3", "DE", 150m)]) with { BillingType = BillingType.FixedMilestone }));

    [Fact]
    public void Change_of_rates_tells_only_what_differs()
    {
        var before = AgreedRates.Of(Deal([Rate("Consultant", "L3", "DE", 150m), Rate("Consultant", "L3", "US", 190m)]));
        var after = AgreedRates.Of(Deal([Rate("Consultant", "L3", "DE", 165m) with { From = new DateOnly(2026, 3, 1) }, Rate("Consultant", "L3", "US", 190m)]));
        var engagement = new Engagement { Number = "DE01-1", Name = "Roll-out", Currency = "EUR" };

        var change = Assert.Single(ChangePolicy.Classify(engagement with { BillRates = before }, engagement with { BillRates = after }, new ChangeFacts(1, null, 0m)));

        Assert.Equal((EngagementFields.BillRates, ChangeClass.Finance), (change.Field, change.Class));
        Assert.Equal(("Consultant L3 DE 150.00 EUR", "Consultant L3 DE 165.00 EUR from 2026-03-01"), (change.Before, change.After));
    }

    private static Opportunity Deal(Rate[] rates) => new()
    {
        Id = "006",
        Name = "Roll-out",
        ClientId = "001",
        Stage = "Closed Won",
        Currency = "EUR",
        BillingType = BillingType.TimeAndMaterials,
        Roles = [new RequestedRole { Role = "Consultant", Level = "L3", Hours = 100m }],
        Rates = rates,
    };

    private static Rate Rate(string role, string? level, string? location, decimal bill) => new() { Role = role, Level = level, Location = location, Bill = bill, Currency = "EUR" };
}
