using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies.Changes;

namespace PsaConsole.Tests.Policies.Changes;

/// <summary>Rates that reach back (3-workflows 3h, example O-CH2).</summary>
public sealed class RetroRateTests
{
    private static readonly DateOnly Effective = new(2026, 3, 1);

    [Fact]
    public void Posted_hours_are_taken_back_and_posted_anew_and_invoiced_ones_are_listed()
    {
        PostedHours[] posted =
        [
            Hours("1", 24m, day: 2), Hours("2", 16m, day: 9), Hours("3", 16m, day: 3) with { Invoiced = true },
            Hours("before", 8m, day: 1) with { WorkDate = Effective.AddDays(-1) }, Hours("free", 8m, day: 4) with { Chargeable = false },
        ];

        var reprice = RetroRate.Of(posted, Agreed, "EUR", MidpointRounding.AwayFromZero);

        Assert.Equal((-6_000m, 6_600m, 600m), (reprice.Reversed.Amount, reprice.Reposted.Amount, reprice.Net.Amount));
        Assert.Equal(new Money(240m, "EUR"), reprice.Supplementary);
        Assert.Equal(["1", "2"], reprice.Lines.Select(line => line.Posted.SourceId));
    }

    [Fact]
    public void What_has_the_rate_already_is_left_alone() =>
        Assert.Empty(RetroRate.Of([Hours("1", 8m, day: 2) with { Rate = 165m }], Agreed, "EUR", MidpointRounding.AwayFromZero).Lines);

    [Fact]
    public void Each_role_has_its_own_rate_and_a_role_without_one_stays()
    {
        PostedHours[] posted = [Hours("architect", 8m, day: 2), Hours("consultant", 8m, day: 3), Hours("guest", 8m, day: 4)];

        var reprice = RetroRate.Of(posted, line => line.SourceId switch { "architect" => 200m, "consultant" => 140m, _ => null }, "EUR", MidpointRounding.AwayFromZero);

        Assert.Equal([1_600m, 1_120m], reprice.Lines.Select(line => line.Reposted.Amount));
        Assert.Equal((new DateOnly(2026, 3, 2), 320m), (reprice.Since, reprice.Net.Amount));
    }

    [Fact]
    public void Rate_reaches_back_to_the_oldest_open_period_and_no_further()
    {
        Assert.Null(RetroRate.TooEarly(Effective, Effective, "Roll-out"));
        Assert.Equal("CHG-703", RetroRate.TooEarly(Effective.AddDays(-1), Effective, "Roll-out")!.Code);
    }

    private static decimal? Agreed(PostedHours line) => line.WorkDate >= Effective ? 165m : null;

    private static PostedHours Hours(string id, decimal hours, int day) => new(Guid.CreateVersion7(), id, new DateOnly(2026, 3, day), hours, 150m, Chargeable: true, Invoiced: false);
}
