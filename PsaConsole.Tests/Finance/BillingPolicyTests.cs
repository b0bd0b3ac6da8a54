using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Tests.Finance;

/// <summary>Which entry a milestone is billed by, which invoice it went on, and until when (PL08, PL60, PL61).</summary>
public sealed class BillingPolicyTests
{
    private static readonly DateOnly Accepted = new(2026, 3, 12);
    private static readonly BillingEntry GoLive = new("2", "Go-live", 100m, null, false, null);
    private static readonly IReadOnlyList<BillingEntry> Schedule = [new("1", "Kick-off", 50m, null, true, Accepted), GoLive, new("3", "Go-live", 150m, null, false, null)];

    [Theory]
    [InlineData("1 Kick-off", 50, "1")]
    [InlineData("Kick-off", 50, "1")]
    [InlineData("2 Go-live", 100, "2")]
    [InlineData("3 Go-live", 150, "3")]
    [InlineData("Go-live", 150, "3")]
    [InlineData("Go-live", 70, null)]
    [InlineData("4 Close-out", 50, null)]
    public void Milestone_finds_its_own_entry(string name, decimal amount, string? entry) => Assert.Equal(entry, BillingPolicy.EntryOf(Of(name, amount), Schedule)?.Id);

    [Fact]
    public void What_does_not_tie_out_is_told()
    {
        var project = new Engagement { Number = "DE01-1", Name = "Roll-out", Currency = "EUR", ContractValue = 300m, TaxCode = "DE-STD" };

        Assert.Empty(BillingPolicy.Check(Of("2 Go-live", 100m), GoLive, Schedule, project));
        Assert.Equal(["BIL-601"], Codes(Of("2 Go-live", 100m), null, project));
        Assert.Equal(["BIL-602"], Codes(Of("2 Go-live", 90m), GoLive, project));
        Assert.Equal(["BIL-602"], Codes(Of("2 Go-live", 100m), GoLive, project with { ContractValue = 345m }));
        Assert.Equal(["BIL-605"], Codes(Of("2 Go-live", 100m), GoLive, project with { TaxCode = null }));
    }

    [Fact]
    public void Invoice_is_the_line_that_names_it()
    {
        var (other, own) = (Line("1", "Kick-off and travel", 100m), Line("2", "Go-live of the roll-out", 100m));

        Assert.Equal((own, false), BillingPolicy.InvoiceOf(GoLive, Accepted, [other, own], Schedule));
        Assert.Equal((null, false), BillingPolicy.InvoiceOf(GoLive, Accepted, [other], Schedule));
    }

    [Fact]
    public void Only_line_of_its_amount_that_names_nothing_else_is_its_own()
    {
        var (silent, another) = (Line("1", null, 100m), Line("2", "as agreed", 100m));

        Assert.Equal((silent, false), BillingPolicy.InvoiceOf(GoLive, Accepted, [silent], Schedule));
        Assert.Equal((null, true), BillingPolicy.InvoiceOf(GoLive, Accepted, [silent, another], Schedule));
    }

    [Fact]
    public void Draft_and_earlier_invoice_and_other_amount_do_not_count()
    {
        Assert.Null(BillingPolicy.InvoiceOf(GoLive, Accepted, [Line("1", "Go-live", 100m) with { Posted = false }], Schedule).Line);
        Assert.Null(BillingPolicy.InvoiceOf(GoLive, Accepted, [Line("1", "Go-live", 100m) with { Date = Accepted.AddDays(-1) }], Schedule).Line);
        Assert.Null(BillingPolicy.InvoiceOf(GoLive, Accepted, [Line("1", "Go-live", 99.99m)], Schedule).Line);
    }

    [Fact]
    public void Three_business_days_do_not_count_the_weekend() =>
        // Thursday; Friday, Monday, Tuesday.
        Assert.Equal(new DateOnly(2026, 3, 17), BillingPolicy.InvoiceBy(Accepted));

    [Fact]
    public void Milestone_is_achieved_by_delivery_or_by_its_date()
    {
        var dated = Of("1", 1m) with { AcceptanceRequired = false, DueOn = Accepted };

        Assert.Null(dated.AchievedOn(Accepted.AddDays(-1)));
        Assert.Equal(Accepted, dated.AchievedOn(Accepted.AddDays(5)));
        Assert.Null((Of("1", 1m) with { DueOn = Accepted }).AchievedOn(Accepted.AddDays(5)));
        Assert.Equal(Accepted, (Of("1", 1m) with { Delivered = true, DeliveredOn = Accepted }).AchievedOn(Accepted.AddDays(5)));
    }

    private static IEnumerable<string> Codes(Milestone milestone, BillingEntry? entry, Engagement project) => BillingPolicy.Check(milestone, entry, Schedule, project).Select(finding => finding.Code);

    private static Milestone Of(string name, decimal amount) => new() { Id = "7", ProjectId = "1", Name = name, Amount = amount, Currency = "EUR", AcceptanceRequired = true };

    private static InvoiceLine Line(string id, string? text, decimal amount) => new(id, $"INV{id}", Accepted, text, amount, true);
}
