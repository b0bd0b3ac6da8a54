using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Staffing;

namespace PsaConsole.Tests.Staffing;

/// <summary>Working time: O6 with its numbers, by the packs themselves and on a person's days.</summary>
public sealed class LabourTests
{
    private static readonly DateOnly Monday = new(2026, 1, 5);

    private static readonly StaffingRules Rules = Samples.Rules with { Today = Monday, LabourPacks = LabourPacks.Shipped };

    [Fact]
    public void Five_packs_are_shipped_and_reproduce_their_own_examples()
    {
        Assert.Equal(["DE", "EU", "FR", "UK", "US"], LabourPacks.Shipped.Select(pack => pack.Code).Order());
        Assert.All(LabourPacks.Shipped.Where(pack => pack.Code != "US"), pack => Assert.NotEmpty(pack.Examples));
    }

    [Fact]
    public void Naive_average_would_pass_what_the_neutral_one_breaks()
    {
        var (eu, uk) = (Pack("IE").Averages[0], Pack("GB").Averages[0]);

        Assert.Equal(45.88m, Round(780m / 17m));
        Assert.Equal(52.00m, Round(eu.Of(780m, 10m, 5, 0m)));
        Assert.Equal(51.18m, Round(uk.Of(780m, 10m, 5, 90m)));
        Assert.Equal(47.60m, Round(eu.Of(742.5m, 7m, 5, 0m)));
    }

    [Fact]
    public void Fifteen_long_weeks_and_two_of_leave_break_the_average_of_the_person()
    {
        // O6 (b) on days: leave comes first, then fifteen weeks of 52 h.
        var person = Samples.Person with { Country = "IE", Leaves = [new Leave(new DateRange(Monday, Monday.AddDays(11)), null)] };
        var work = Samples.Work("1", Monday.AddDays(14), Monday.AddDays((17 * 7) - 3), SpreadMethod.FixedPerDay, 10.4m);

        var conflict = Labour(person, work, 17).Single(item => item.Kind == ConflictKind.LabourLimit);

        Assert.Equal(("PL30", 52.00m, 48m, ConflictSeverity.Critical), (conflict.Policy, conflict.Measured, conflict.Limit, conflict.Severity));
    }

    [Fact]
    public void British_average_takes_the_days_after_the_period_instead()
    {
        var person = Samples.Person with { Country = "GB", Leaves = [new Leave(new DateRange(Monday, Monday.AddDays(11)), null)] };
        var work = Samples.Work("1", Monday.AddDays(14), Monday.AddDays((17 * 7) - 3), SpreadMethod.FixedPerDay, 10.4m);
        var after = Samples.Work("2", Monday.AddDays(17 * 7), Monday.AddDays((19 * 7) - 3), SpreadMethod.FixedPerDay, 9m);

        var conflict = Labour(person, [work, after], 17).Single(item => item.Kind == ConflictKind.LabourLimit);

        Assert.Equal(51.18m, conflict.Measured);
        Assert.DoesNotContain(Labour(person with { OptOut = new DateRange(Monday, null) }, [work, after], 17), item => item.Policy == "PL30");
    }

    [Theory]
    [InlineData(9.4, ConflictKind.LabourWarning)]
    [InlineData(9.7, ConflictKind.LabourLimit)]
    [InlineData(8.9, null)]
    public void Average_from_forty_five_warns_and_above_forty_eight_blocks(double perDay, ConflictKind? expected)
    {
        var work = Samples.Work("1", Monday, Monday.AddDays((17 * 7) - 3), SpreadMethod.FixedPerDay, (decimal)perDay);

        Assert.Equal(expected, Labour(Samples.Person with { Country = "IE" }, work, 17).LastOrDefault(item => item.Policy == "PL30")?.Kind);
    }

    [Fact]
    public void Narrower_limit_of_the_policy_holds_on_its_dates()
    {
        var rules = Rules with { Settings = [new PolicySetting(PolicyParameters.MaximumWeeklyHours, PolicyScope.LegalEntity, "DE01", 42m, new DateRange(Monday, null))] };
        var work = Samples.Work("1", Monday, Monday.AddDays((17 * 7) - 3), SpreadMethod.FixedPerDay, 8.6m);

        var conflict = StaffingCheck.Find(Samples.Person with { Country = "IE" }, [work], new DateRange(Monday, Monday.AddDays((17 * 7) - 1)), rules).Single(item => item.Policy == "PL30");

        Assert.Equal((43m, 42m, ConflictKind.LabourLimit), (conflict.Measured, conflict.Limit, conflict.Kind));
    }

    [Theory]
    [InlineData("IE", 13.00, 0)]
    [InlineData("IE", 13.01, 1)]
    [InlineData("DE", 10.01, 1)]
    [InlineData("US", 16.00, 0)]
    [InlineData("JP", 16.00, 0)]
    public void Day_leaves_time_to_rest(string country, double hours, int expected)
    {
        var work = Samples.Work("1", Monday, Monday, SpreadMethod.FixedPerDay, (decimal)hours);

        Assert.Equal(expected, Labour(Samples.Person with { Country = country }, work, 1).Count(item => item.Policy == "PL31"));
    }

    [Fact]
    public void Eleven_hours_lie_between_one_day_and_the_next_where_clock_times_are_known()
    {
        var late = new Shift(new DateTime(2026, 1, 5, 13, 0, 0), new DateTime(2026, 1, 5, 22, 0, 0));
        var early = new Shift(new DateTime(2026, 1, 6, 8, 0, 0), new DateTime(2026, 1, 6, 16, 0, 0));
        var work = Samples.Work("1", Monday, Monday.AddDays(1), SpreadMethod.FixedPerDay, 8m);

        var conflict = Labour(Samples.Person with { Country = "IE", Shifts = [early, late] }, work, 1).Single(item => item.Policy == "PL31");

        Assert.Equal((10m, 11m), (conflict.Measured, conflict.Limit));
    }

    [Fact]
    public void Seventh_day_in_a_row_and_sundays_in_germany_are_found()
    {
        var everyDay = Samples.Work("1", Monday, Monday.AddDays(7), SpreadMethod.Contour, 0m) with { Contour = Enumerable.Range(0, 8).ToDictionary(day => Monday.AddDays(day), _ => 2m) };

        var rest = Labour(Samples.Person with { Country = "IE" }, everyDay, 2).Single(item => item.Policy == "PL32");
        var sunday = Labour(Samples.Person with { Country = "DE" }, everyDay, 2).Single(item => item.Policy == "PL33");

        Assert.Equal((Monday.AddDays(6), Monday.AddDays(7)), (rest.From, rest.To));
        Assert.Equal(Monday.AddDays(6), sunday.From);
    }

    [Fact]
    public void Overtime_in_the_united_states_costs_half_as_much_again() => Assert.Equal(55m, Pack("US").Overtime!.PaidHours(50m));

    [Fact]
    public void Pack_that_misses_its_own_example_is_not_taken()
    {
        const string wrong = """{"code":"XX","name":"x","countries":["XX"],"source":"s","averages":[{"weeks":17,"limit":48,"warnAt":45,"method":"Neutral","mayOptOut":false}],"examples":[{"name":"O6b","rule":"weekly","hours":780,"excludedDays":10,"average":45.88,"result":"ok"}]}""";

        Assert.Contains("example O6b gives 52 (breach)", Assert.Throws<InvalidDataException>(() => LabourPacks.Parse(wrong)).Message);
        Assert.Throws<InvalidDataException>(() => LabourPacks.Parse("""{"code":"XX"}"""));
    }

    private static LabourPack Pack(string country) => LabourPacks.Of(LabourPacks.Shipped, country)!;

    private static decimal Round(decimal average) => decimal.Round(average, 2, MidpointRounding.AwayFromZero);

    private static List<Conflict> Labour(StaffedPerson person, Assignment work, int weeks) => Labour(person, [work], weeks);

    private static List<Conflict> Labour(StaffedPerson person, Assignment[] work, int weeks) =>
        [.. StaffingCheck.Find(person, work, new DateRange(Monday, Monday.AddDays((weeks * 7) - 1)), Rules).Where(conflict => conflict.Code == "STF-308")];
}
