using PsaConsole.Engine.Model;
using PsaConsole.Engine.Staffing;

namespace PsaConsole.Tests.Staffing;

/// <summary>Skills, permit, presence, legal entity, employment and rates: O7, O9 and the figures beside the rules.</summary>
public sealed class EligibilityTests
{
    private static readonly DateOnly Start = new(2026, 3, 2);

    private static readonly Assignment Work = Samples.Work("1", Start, Start.AddDays(25), SpreadMethod.FixedPerDay, 8m);

    private static readonly DateRange Month = new(Start, Start.AddDays(27));

    [Theory]
    [InlineData(3, 1, 0, 66.7, ConfirmationOutcome.Warn, "LowSkillScore")]
    [InlineData(2, 3, 4, 83.3, ConfirmationOutcome.BlockUnlessOverridden, "MandatorySkill")]
    public void Skills_of_the_seventh_example_warn_and_block(int sql, int azure, int sap, double score, ConfirmationOutcome outcome, string kind)
    {
        var requirement = new Requirement { Skills = [new("SQL", 3, true, 3m), new("Azure", 2, false, 2m), new("SAP", 4, false, 1m)] };
        var person = Samples.Person with { Skills = [new("SQL", sql), new("Azure", azure), new("SAP", sap)] };

        var decision = Decide(person, Work with { Requirement = requirement });

        Assert.Equal((decimal)score, decimal.Round(SkillMatch.ScorePercent(person, requirement), 1, MidpointRounding.AwayFromZero));
        Assert.Equal((outcome, kind), (decision.Outcome, Assert.Single(decision.Findings).Conflict.Kind.ToString()));
    }

    [Fact]
    public void Level_outside_its_range_blocks_and_a_certificate_that_ends_warns()
    {
        var person = Samples.Person with { Level = "L1", Skills = [new HeldSkill("SQL", 5, Start.AddDays(3))] };

        var decision = Decide(person, Work with { Requirement = new Requirement { Skills = [new("SQL", 3, true)], LowestLevel = "L2", HighestLevel = "L4" } });

        Assert.Equal([ConflictKind.LevelOutOfRange, ConflictKind.ExpiringCertificate], decision.Findings.Select(finding => finding.Conflict.Kind));
        Assert.Equal(ConfirmationOutcome.BlockUnlessOverridden, decision.Outcome);
    }

    [Theory]
    [InlineData(true, true, ConfirmationOutcome.Block)]
    [InlineData(true, false, ConfirmationOutcome.Warn)]
    [InlineData(false, true, ConfirmationOutcome.BlockUnlessOverridden)]
    [InlineData(false, false, ConfirmationOutcome.Warn)]
    public void Work_abroad_needs_a_permit_on_every_day(bool known, bool onSite, ConfirmationOutcome outcome)
    {
        var person = Samples.Person with { Country = "DE", PermitsKnown = known, Permits = known ? [new WorkPermit("GB", new DateRange(Start, Start.AddDays(3)))] : [] };

        var decision = Decide(person, Work with { Country = "GB", OnSite = onSite });

        var finding = Assert.Single(decision.Findings);
        Assert.Equal(("STF-305", outcome), (finding.Conflict.Code, finding.Outcome));
        Assert.Equal(known ? Start.AddDays(4) : Start, finding.Conflict.From);
    }

    [Fact]
    public void Presence_above_its_limit_is_found_on_the_thirty_fourth_planned_day()
    {
        // 150 days were worked on site within the window, 40 are planned: the 184th day is the 34th planned one.
        var before = Enumerable.Range(0, 150).Select(day => Start.AddDays(-1 - day)).ToList();
        var person = Samples.Person with
        {
            Country = "DE",
            PermitsKnown = true,
            Permits = [new WorkPermit("GB", new DateRange(DateOnly.MinValue, null))],
            Presence = new Dictionary<string, IReadOnlyList<DateOnly>> { ["GB"] = before },
        };
        var work = Samples.Work("1", Start, Start.AddDays(53), SpreadMethod.FixedPerDay, 8m) with { Country = "GB", OnSite = true };
        var window = new DateRange(Start, Start.AddDays(60));

        var conflict = Assert.Single(StaffingCheck.Find(person, [work], window, Samples.Rules), item => item.Code == "STF-305");

        var days = Enumerable.Range(0, 54).Select(day => Start.AddDays(day)).Where(date => date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)).ToList();
        Assert.Equal(40, days.Count);
        Assert.Equal((ConflictKind.PresenceLimit, 190m, days[33]), (conflict.Kind, conflict.Measured, conflict.From));
    }

    [Fact]
    public void Lending_people_needs_an_agreement_and_a_rate_in_its_currency()
    {
        var lent = Work with { LegalEntity = "GB01" };
        var agreement = new IntercompanyAgreement("DE01", "GB01", new DateRange(Start, Start.AddDays(30)), "GBP", "GBP", [new TransferRate(new Money(95m, "GBP"), new DateRange(Start, null))]);
        var entities = new Dictionary<string, string> { ["GB01"] = "GBP" };

        Assert.Equal(1, Count(Samples.Rules));
        Assert.Equal(0, Count(Samples.Rules with { Agreements = [agreement], FunctionalCurrencies = entities }));
        Assert.Equal(1, Count(Samples.Rules with { Agreements = [agreement with { Dates = new DateRange(Start, Start.AddDays(10)) }] }));
        Assert.Equal(1, Count(Samples.Rules with { Agreements = [agreement with { Rates = [new TransferRate(new Money(110m, "EUR"), new DateRange(Start, null))] }] }));
        Assert.Equal(1, Count(Samples.Rules with { Agreements = [agreement with { ContractingCurrency = "EUR" }], FunctionalCurrencies = entities }));

        int Count(StaffingRules rules) => StaffingCheck.Find(Samples.Person, [lent], Month, rules).Count(conflict => conflict.Code == "STF-310");
    }

    [Fact]
    public void Work_after_the_last_day_is_counted_in_days_and_hours()
    {
        var leaving = Samples.Person with { LastWorkingDay = new DateOnly(2026, 3, 18) };
        var plan = Planning.Of(leaving, [Work], Month);

        var conflict = Assert.Single(StaffingCheck.Find(plan, Samples.Rules));

        Assert.Equal(("STF-306", 7, 56m, new DateOnly(2026, 3, 19)), (conflict.Code, conflict.Days.Count, conflict.Hours, conflict.From));
        Assert.Equal(104m, Enumerable.Range(0, 26).Select(day => Start.AddDays(day)).Where(date => date <= leaving.LastWorkingDay).Sum(date => plan.HoursOf("1", date)));
        Assert.Equal(ConflictSeverity.High, conflict.Severity);
        Assert.Equal(ConflictSeverity.Critical, Assert.Single(StaffingCheck.Find(plan, Samples.Rules with { Today = new DateOnly(2026, 3, 5) })).Severity);
    }

    [Theory]
    [InlineData(1, "NoRateSoon", ConfirmationOutcome.BlockUnlessOverridden)]
    [InlineData(-30, "NoRateLater", ConfirmationOutcome.Warn)]
    public void Missing_rate_is_urgent_within_ten_business_days(int today, string kind, ConfirmationOutcome outcome)
    {
        // The only row ends on 9 March: the day after it has none.
        Rate[] card = [new() { Role = "Consultant", Bill = 150m, Cost = 80m, Currency = "EUR", From = new DateOnly(2026, 1, 1), To = new DateOnly(2026, 3, 9) }];
        var work = Work with { Role = "Consultant", Currency = "EUR", RateCards = [card] };

        var finding = Assert.Single(Decide(Samples.Person, work, Samples.Rules with { Today = Start.AddDays(today) }).Findings);

        Assert.Equal(("STF-309", kind, new DateOnly(2026, 3, 10), outcome), (finding.Conflict.Code, finding.Conflict.Kind.ToString(), finding.Conflict.From, finding.Outcome));
        Assert.Empty(Decide(Samples.Person, work with { RateCards = [card, [card[0] with { Level = null, To = null }]] }).Findings);
        Assert.Single(Decide(Samples.Person, work with { RateCards = [[card[0] with { Cost = null, To = null }]] }).Findings);
    }

    [Fact]
    public void Nobody_may_soften_what_the_law_blocks()
    {
        Assert.Throws<InvalidDataException>(() => OutcomeMatrix.Default.With("""[{"kind":"LabourLimit","from":"Info","outcome":"Warn"}]"""));
        Assert.Throws<InvalidDataException>(() => OutcomeMatrix.Default.With("""[{"kind":"PermitMissingOnSite","from":"Critical","outcome":"BlockUnlessOverridden"}]"""));
        Assert.Throws<InvalidDataException>(() => OutcomeMatrix.Default.With("""[{"kind":"Weather","from":"Info","outcome":"Warn"}]"""));
        var stricter = OutcomeMatrix.Default.With("""[{"kind":"LowSkillScore","from":"Info","outcome":"BlockUnlessOverridden"}]""");

        Assert.Equal(ConfirmationOutcome.BlockUnlessOverridden, stricter.Of(new Conflict(ConflictKind.LowSkillScore, "STF-304", "PL23", ConflictSeverity.Medium, Start, Start, 0m, "")));
    }

    private static ConfirmationDecision Decide(StaffedPerson person, Assignment work, StaffingRules? rules = null) =>
        StaffingCheck.Decide(person, [work with { Hard = false }], work.Id, Month, rules ?? Samples.Rules, OutcomeMatrix.Default);
}
