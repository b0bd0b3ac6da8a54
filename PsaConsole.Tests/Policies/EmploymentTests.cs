using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Tests.Policies;

public sealed class EmploymentTests
{
    private static readonly DateOnly Hired = new(2025, 3, 3);
    private static readonly DateOnly Moved = new(2026, 12, 1);

    private static Consultant Person(string entity = "US01", DateOnly? hired = null, DateOnly? last = null) =>
        new() { EmployeeId = "E1", Name = "Ada Byron", LegalEntity = entity, CostCenter = $"CC-{entity}-DATA", JobProfile = "Consultant", Billable = true, HiredOn = hired ?? Hired, LastWorkingDay = last };

    private static IReadOnlyList<Employment> Next(IReadOnlyList<Employment> known, Consultant person, DateOnly effective, Ledger ledger = Ledger.Employee) =>
        EmploymentPolicy.Next(known, person, ledger, person.CostCenter!, effective);

    [Fact]
    public void Transfer_ends_one_employment_and_starts_another_without_a_gap()
    {
        var known = Next([], Person(), Hired);
        var moved = Next(known, Person("GB01"), Moved);
        Assert.Equal([("US01", Hired, Moved.AddDays(-1), "CC-US01-DATA"), ("GB01", Moved, (DateOnly?)null, "CC-GB01-DATA")], moved.Select(item => (item.LegalEntity, item.From, item.To, item.CostCenter!)));
        Assert.Equal(moved, Next(moved, Person("GB01"), Moved));
        Assert.Equal(Moved, Next(moved, Person("GB01", last: Moved.AddDays(30)), Moved.AddDays(5))[^1].From);
        Assert.False(EmploymentPolicy.IsActiveOn(Moved, moved[0]));
        Assert.True(EmploymentPolicy.IsActiveOn(Moved.AddDays(-1), moved[0]));
    }

    [Fact]
    public void Transfer_that_is_taken_back_leaves_the_first_employment_as_it_was_and_the_other_without_a_day()
    {
        var moved = Next(Next([], Person(), Hired), Person("GB01"), Moved);
        var back = Next(moved, Person(), Moved);
        Assert.Equal([("GB01", Moved, (DateOnly?)Moved.AddDays(-1)), ("US01", Hired, (DateOnly?)null)], back.Select(item => (item.LegalEntity, item.From, item.To)));
        Assert.False(EmploymentPolicy.IsActiveOn(Moved, back[0]));
        Assert.True(EmploymentPolicy.IsActiveOn(Moved, back[1]));
    }

    [Fact]
    public void Rehire_is_another_employment_of_the_same_person()
    {
        var left = Next(Next([], Person(), Hired), Person(last: Moved), Moved);
        Assert.Equal(Moved, Assert.Single(left).To);
        var back = Next(left, Person(hired: Moved.AddDays(90)), Moved.AddDays(90));
        Assert.Equal([(Hired, Moved), (Moved.AddDays(90), (DateOnly?)null)], back.Select(item => (item.From, item.To)));
    }

    [Fact]
    public void Corrected_first_day_and_a_withdrawn_resignation_change_the_employment_that_there_is()
    {
        var known = Next(Next([], Person(), Hired), Person(last: Moved), Moved);
        Assert.Equal((Hired.AddDays(-7), null), Assert.Single(Next(known, Person(hired: Hired.AddDays(-7)), Moved)) is var corrected ? (corrected.From, corrected.To) : default);
    }

    [Fact]
    public void Contingent_worker_who_is_hired_changes_the_ledger()
    {
        var known = Next([], Person(), Hired, Ledger.Vendor);
        Assert.Equal([Ledger.Vendor, Ledger.Employee], Next(known, Person(), Moved).Select(item => item.Ledger));
    }

    [Fact]
    public void Leaver_enters_time_of_earlier_days_for_ten_more_working_days()
    {
        // Friday: two weeks of five working days.
        var friday = new DateOnly(2026, 11, 27);
        Assert.Equal(new DateOnly(2026, 12, 11), PersonPolicy.TailOf(friday));
        var left = new Employment("US01", Ledger.Employee, Hired, friday);
        Assert.True(EmploymentPolicy.IsActiveOn(new DateOnly(2026, 12, 11), left));
        Assert.False(EmploymentPolicy.IsActiveOn(new DateOnly(2026, 12, 12), left));
        Assert.Equal(PersonStanding.Leaving, PersonPolicy.StandingOn(friday, Person(last: friday)));
        Assert.Equal(PersonStanding.Left, PersonPolicy.StandingOn(friday.AddDays(1), Person(last: friday)));
        Assert.Equal(PersonStanding.Ahead, PersonPolicy.StandingOn(Hired.AddDays(-1), Person()));
    }

    [Fact]
    public void Unmapped_job_entity_and_cost_centre_are_each_found()
    {
        LegalEntity[] entities = [new() { Code = "US01", Name = "US", Country = "US", Currency = "USD" }, new() { Code = "GB01", Name = "GB", Country = "GB", Currency = "GBP", Active = false }];
        CostCenter[] centers = [new("CC-US01-DATA", true), new("CC-OLD", false)];
        Assert.Empty(PersonPolicy.Mapped(Person(), "Consultant", "CC-US01-DATA", entities, centers));
        Assert.Empty(PersonPolicy.Mapped(Person() with { Billable = false }, null, "CC-US01-DATA", entities, centers));
        Assert.Equal("RES-201", Assert.Single(PersonPolicy.Mapped(Person(), null, "CC-US01-DATA", entities, centers)).Code);
        Assert.Equal(["RES-202", "RES-202"], PersonPolicy.Mapped(Person("GB01"), "Consultant", "CC-OLD", entities, centers).Select(finding => finding.Code));
    }

    [Theory]
    [InlineData("Asia/Tokyo", "2026-11-30T15:00:00Z")]
    [InlineData("America/New_York", "2026-12-01T05:00:00Z")]
    [InlineData("Europe/Berlin", "2026-11-30T23:00:00Z")]
    public void Day_begins_at_midnight_where_the_person_works(string zone, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), ConsultantChanges.Midnight(Moved, TimeZoneInfo.FindSystemTimeZoneById(zone)));
}
