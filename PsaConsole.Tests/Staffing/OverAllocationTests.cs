using PsaConsole.Engine.Model;
using PsaConsole.Engine.Staffing;

namespace PsaConsole.Tests.Staffing;

/// <summary>Too much work for the hours there are: O1, the weekly thresholds, O5 and double booking, with what they mean at confirmation.</summary>
public sealed class OverAllocationTests
{
    private static readonly DateOnly Monday = Samples.Monday;

    private static readonly StaffedPerson Away = Samples.Person with { Leaves = [new Leave(new DateRange(Monday.AddDays(2), Monday.AddDays(2)), 4m)] };

    private static readonly Assignment Half = Samples.Work("P1", Monday, Monday.AddDays(4), SpreadMethod.Percent, 50m);

    private static readonly Assignment Five = Samples.Work("P2", Monday.AddDays(1), Monday.AddDays(3), SpreadMethod.FixedPerDay, 5m);

    [Fact]
    public void Week_of_the_first_example_adds_up()
    {
        var plan = Planning.Of(Away, [Half, Five], Samples.Week(Monday));
        var days = Enumerable.Range(0, 5).Select(day => plan.On(Monday.AddDays(day))).ToList();

        Assert.Equal([8m, 8m, 8m, 8m, 8m], days.Select(day => day.Capacity));
        Assert.Equal([0m, 0m, 4m, 0m, 0m], days.Select(day => day.Leave));
        Assert.Equal([8m, 8m, 4m, 8m, 8m], days.Select(day => day.Net));
        Assert.Equal([4m, 9m, 9m, 9m, 4m], days.Select(day => day.Hard));
        Assert.Equal((36m, 35m), (days.Sum(day => day.Net), days.Sum(day => day.Hard)));
    }

    [Fact]
    public void First_example_has_three_days_too_full_no_week_and_four_hours_of_leave()
    {
        var found = StaffingCheck.Find(Away, [Half, Five], Samples.Week(Monday), Samples.Rules).Where(conflict => conflict.IsCase).ToList();

        Assert.Equal(
            [(Monday.AddDays(1), 1m, ConflictSeverity.Medium), (Monday.AddDays(2), 5m, ConflictSeverity.High), (Monday.AddDays(3), 1m, ConflictSeverity.Medium)],
            found.Where(conflict => conflict.Code == "STF-301").Select(conflict => (conflict.From, conflict.Hours, conflict.Severity)));
        Assert.DoesNotContain(found, conflict => conflict.Code == "STF-302");
        var leave = Assert.Single(found, conflict => conflict.Code == "STF-303");
        Assert.Equal((Monday.AddDays(2), 4m, "P2"), (leave.From, leave.Hours, Assert.Single(leave.Because)));
        Assert.Equal(4, found.Count);
    }

    [Fact]
    public void First_example_is_explained_by_both_assignments() => Assert.Equal(
        ["P1", "P2"], StaffingCheck.Find(Away, [Half, Five], Samples.Week(Monday), Samples.Rules).First(conflict => conflict.Code == "STF-301").Because);

    [Fact]
    public void Second_assignment_of_the_first_example_needs_an_override_and_the_first_alone_is_clean()
    {
        var second = StaffingCheck.Decide(Away, [Half, Five with { Hard = false }], "P2", Samples.Week(Monday), Samples.Rules, OutcomeMatrix.Default);
        var alone = StaffingCheck.Decide(Away, [Half with { Hard = false }], "P1", Samples.Week(Monday), Samples.Rules, OutcomeMatrix.Default);

        Assert.Equal(ConfirmationOutcome.BlockUnlessOverridden, second.Outcome);
        Assert.True(alone.MayConfirm);
        Assert.All(alone.Findings, finding => Assert.Equal(ConfirmationOutcome.Info, finding.Outcome));
    }

    [Theory]
    [InlineData(40.0, 4.00, ConflictSeverity.High)]
    [InlineData(39.5, 3.50, ConflictSeverity.Medium)]
    [InlineData(36.5, null, null)]
    [InlineData(46.0, 10.00, ConflictSeverity.Critical)]
    public void Week_over_thirty_six_hours_is_as_grave_as_its_share(double hard, double? over, ConflictSeverity? severity)
    {
        var work = Samples.Work("1", Monday, Monday.AddDays(4), SpreadMethod.EvenHours, (decimal)hard);

        var week = StaffingCheck.Find(Away, [work], Samples.Week(Monday), Samples.Rules).SingleOrDefault(conflict => conflict.Code == "STF-302");

        Assert.Equal(((decimal?)over, severity), (week?.Hours, week?.Severity));
    }

    [Fact]
    public void Week_without_an_hour_available_is_critical()
    {
        var away = Samples.Person with { Leaves = [new Leave(Samples.Week(Monday), null)] };

        Assert.Equal(ConflictSeverity.Critical, StaffingCheck.Find(away, [Half], Samples.Week(Monday), Samples.Rules).Single(conflict => conflict.Code == "STF-302").Severity);
    }

    [Fact]
    public void Weeks_of_one_cause_are_one_conflict()
    {
        var full = Samples.Work("1", Monday, Monday.AddDays(25), SpreadMethod.Percent, 100m);
        var more = Samples.Work("2", Monday, Monday.AddDays(25), SpreadMethod.FixedPerDay, 1m);

        var found = StaffingCheck.Find(Samples.Person, [full, more], new DateRange(Monday, Monday.AddDays(27)), Samples.Rules);

        var week = Assert.Single(found, conflict => conflict.Code == "STF-302");
        Assert.Equal((Monday, Monday.AddDays(27), 20m), (week.From, week.To, week.Hours));
        Assert.Equal(20, Assert.Single(found, conflict => conflict.Code == "STF-301").Days.Count);
    }

    [Fact]
    public void Leave_that_leaves_room_is_information_and_one_that_is_asked_for_only_possible()
    {
        var away = Samples.Person with { Leaves = [.. Away.Leaves, new Leave(new DateRange(Monday, Monday), null, LeaveStatus.Requested)] };

        var found = StaffingCheck.Find(away, [Half], Samples.Week(Monday), Samples.Rules);

        Assert.Equal([ConflictKind.PossibleLeave, ConflictKind.LeaveWithoutOverload], found.Select(conflict => conflict.Kind));
        Assert.All(found, conflict => Assert.False(conflict.IsCase));
    }

    [Fact]
    public void Long_leave_is_grave_even_for_tentative_work()
    {
        var away = Samples.Person with { Leaves = [new Leave(new DateRange(Monday, Monday.AddDays(11)), null)] };
        var found = StaffingCheck.Find(away, [Half with { Hard = false }], new DateRange(Monday, Monday.AddDays(13)), Samples.Rules);
        var shorter = away with { Leaves = [new Leave(new DateRange(Monday, Monday.AddDays(10)), null)] };

        var conflict = Assert.Single(found, item => item.Code == "STF-303");
        Assert.Equal((ConflictKind.LongLeaveOverlap, ConflictSeverity.High, 20m), (conflict.Kind, conflict.Severity, conflict.Hours));
        Assert.DoesNotContain(StaffingCheck.Find(shorter, [Half with { Hard = false }], new DateRange(Monday, Monday.AddDays(13)), Samples.Rules), item => item.Code == "STF-303");
    }

    [Theory]
    [InlineData(50, ConflictSeverity.Low, 7.0)]
    [InlineData(90, ConflictSeverity.Medium, 8.6)]
    public void Tentative_work_counts_by_its_probability(int probability, ConflictSeverity severity, double weighted)
    {
        // O5: five hours are confirmed, four are tentative.
        var hard = Samples.Work("1", Monday, Monday, SpreadMethod.FixedPerDay, 5m);
        var tentative = Samples.Work("2", Monday, Monday, SpreadMethod.FixedPerDay, 4m, hard: false) with { ProbabilityPercent = probability };

        var conflict = Assert.Single(StaffingCheck.Find(Samples.Person, [hard, tentative], Samples.Week(Monday), Samples.Rules));

        Assert.Equal(("STF-307", severity, (decimal)weighted), (conflict.Code, conflict.Severity, conflict.Measured));
    }

    [Theory]
    [InlineData(75, "C-1", 1)]
    [InlineData(74, "C-1", 0)]
    [InlineData(75, "C-2", 0)]
    public void Two_full_bookings_for_different_clients_are_grave_once_likely(int probability, string clientOfFirst, int expected)
    {
        var hard = Samples.Work("1", Monday, Monday.AddDays(4), SpreadMethod.Percent, 100m) with { ClientId = clientOfFirst };
        var tentative = Samples.Work("2", Monday, Monday.AddDays(4), SpreadMethod.Percent, 100m, hard: false) with { ProbabilityPercent = probability };

        var found = StaffingCheck.Find(Samples.Person, [hard, tentative], Samples.Week(Monday), Samples.Rules);

        Assert.Equal(expected, found.Count(conflict => conflict is { Code: "STF-307", Severity: ConflictSeverity.High }));
    }

    [Fact]
    public void Tentative_work_alone_is_information()
    {
        Assignment[] both = [Samples.Work("1", Monday, Monday, SpreadMethod.FixedPerDay, 5m, hard: false), Samples.Work("2", Monday, Monday, SpreadMethod.FixedPerDay, 5m, hard: false)];

        Assert.Equal(ConflictKind.TentativeOnly, Assert.Single(StaffingCheck.Find(Samples.Person, both, Samples.Week(Monday), Samples.Rules)).Kind);
    }
}
