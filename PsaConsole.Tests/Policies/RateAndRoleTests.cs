using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Tests.Policies;

/// <summary>Rates by precedence of cards, the margin's floor, and who could fill a role.</summary>
public sealed class RateAndRoleTests
{
    private static readonly DateOnly Start = new(2026, 3, 2);

    private static readonly RequestedRole Role = new() { Role = "Consultant", Level = "L3", Location = "DE", Hours = 100m, From = Start, To = Start.AddDays(60), Skills = [new("SQL", 3, true)] };

    private static readonly Consultant Fitting = new()
    {
        EmployeeId = "1",
        Name = "One",
        Email = "one@example.com",
        Level = "L3",
        Country = "DE",
        WeeklyHours = 40m,
        HiredOn = new DateOnly(2020, 1, 1),
        Billable = true,
        Skills = [new("SQL", 3, false)],
    };

    [Theory]
    [InlineData(10, 155)]
    [InlineData(9, 150)]
    public void Narrower_card_decides_however_little_specific_its_row_is(int day, int expected)
    {
        // O9: the engagement's row names any level and ends on 9 March.
        Rate[] engagement = [new() { Role = "Consultant", Bill = 150m, Currency = "EUR", From = new DateOnly(2026, 1, 1), To = new DateOnly(2026, 3, 9) }];
        Rate[] client = [new() { Role = "Consultant", Level = "L3", Bill = 155m, Currency = "EUR", From = new DateOnly(2026, 3, 1) }];
        Rate[] entity = [new() { Role = "Consultant", Level = "L3", Location = "DE", Bill = 180m, Currency = "EUR" }];

        var (rate, _) = RatePolicy.Resolve([engagement, client, entity], Role, new DateOnly(2026, 3, day), "EUR");

        Assert.Equal(expected, rate!.Bill);
    }

    [Fact]
    public void Ambiguous_card_does_not_fall_through_to_a_wider_one()
    {
        Rate[] one = [new() { Role = "Consultant", Bill = 100m, Currency = "EUR" }];
        Rate[][] cards = [[.. one, .. one], one];
        Rate[][] empty = [[], []];

        Assert.Equal((null, "2 rates of equal weight"), RatePolicy.Resolve(cards, Role, Start, "EUR"));
        Assert.Equal((null, "no rate"), RatePolicy.Resolve(empty, Role, Start, "EUR"));
    }

    [Theory]
    [InlineData(75.00, null)]
    [InlineData(75.04, "24.9 %")]
    [InlineData(80.00, "20.0 %")]
    public void Margin_below_its_floor_is_found(double cost, string? shown) =>
        Assert.Equal(shown, RatePolicy.Alignment(Deal(100m, (decimal)cost), 25m).SingleOrDefault()?.Actual);

    [Theory]
    [InlineData(null)]
    [InlineData(0.0)]
    public void Rate_without_a_cost_is_no_proof_of_a_margin(double? cost)
    {
        var finding = Assert.Single(RatePolicy.Alignment(Deal(100m, (decimal?)cost), 25m));

        Assert.Equal(("HND-004", "Cost of Consultant L3 DE"), (finding.Code, finding.Field));
    }

    [Fact]
    public void Skills_count_by_their_weights()
    {
        // O7: weights 3/2/1; (3, 1, 0) scores 66.7 %, (2, 3, 4) is blocked by SQL.
        SkillLevel[] required = [new("SQL", 3, true, 3m), new("Azure", 2, false, 2m), new("SAP", 4, false, 1m)];

        Assert.Equal(66.7m, decimal.Round(100m * RoleCandidates.Score(required, Held(3, 1, 0)), 1, MidpointRounding.AwayFromZero));
        Assert.Equal(0m, RoleCandidates.Score(required, Held(2, 3, 4)));
        Assert.Equal(83.3m, decimal.Round(100m * RoleCandidates.Score([required[0] with { Mandatory = false }, .. required[1..]], Held(2, 3, 4)), 1, MidpointRounding.AwayFromZero));
        Assert.Equal(1m, RoleCandidates.Score([new("SQL", 0, false)], []));
    }

    [Theory]
    [InlineData("unskilled", "nobody employed then has SQL 3 (mandatory)")]
    [InlineData("leaves before the end", "nobody employed then has SQL 3 (mandatory)")]
    [InlineData("hired later", "nobody employed then has SQL 3 (mandatory)")]
    [InlineData("not billable", "nobody employed then has SQL 3 (mandatory)")]
    [InlineData("junior", "1 have the skills, none has the level or may work there")]
    [InlineData("elsewhere", "1 have the skills, none has the level or may work there")]
    [InlineData("booked", "1 fit, none is free in the week of 2026-03-02")]
    public void Role_without_candidate_says_the_least_that_is_in_the_way(string obstacle, string why)
    {
        var person = obstacle switch
        {
            "unskilled" => Fitting with { Skills = [new("SQL", 2, false)] },
            "leaves before the end" => Fitting with { LastWorkingDay = Start.AddDays(59) },
            "hired later" => Fitting with { HiredOn = Start.AddDays(1) },
            "not billable" => Fitting with { Billable = false },
            "junior" => Fitting with { Level = "L2" },
            "elsewhere" => Fitting with { Country = "GB" },
            _ => Fitting,
        };
        Commitment[] taken = obstacle == "booked" ? [new("ONE@example.com", new DateRange(Start, Start.AddDays(6)), 40m)] : [];

        var finding = Assert.Single(RoleCandidates.Missing(Deal(100m, 50m), [person], taken));

        Assert.Equal(("HND-005", why), (finding.Code, finding.Actual));
    }

    [Fact]
    public void Absences_are_asked_for_only_until_every_role_has_somebody()
    {
        List<Consultant> people = [.. Enumerable.Range(1, 10).Select(number => Fitting with { EmployeeId = $"E{number}", Email = $"{number}@example.com" })];
        string[] away = ["E1", "E2", "E3", "E4"];
        List<Commitment> taken = [];
        HashSet<string> asked = [];
        while (RoleCandidates.ToAsk(Deal(100m, 50m), people, taken, asked) is { Count: > 0 } next)
        {
            Assert.Empty(asked.Intersect(next));
            taken.AddRange(people.Where(person => next.Intersect(away).Contains(person.EmployeeId)).Select(person => new Commitment(person.Email!, new DateRange(Start, Start.AddDays(6)), 40m)));
            asked.UnionWith(next);
        }

        Assert.Equal(6, asked.Count);
        Assert.Empty(RoleCandidates.Missing(Deal(100m, 50m), people, taken));
    }

    [Fact]
    public void Somebody_with_an_hour_left_or_allowed_to_work_remotely_is_a_candidate()
    {
        Assert.Empty(RoleCandidates.Missing(Deal(100m, 50m), [Fitting], [new("one@example.com", new DateRange(Start, Start.AddDays(6)), 39m)]));
        Assert.Empty(RoleCandidates.Missing(Deal(100m, 50m), [Fitting with { Country = "GB", RemoteAllowed = true, LastWorkingDay = Start.AddDays(60) }], []));
    }

    private static SkillLevel[] Held(int sql, int azure, int sap) => [new("SQL", sql, false), new("Azure", azure, false), new("SAP", sap, false)];

    private static Opportunity Deal(decimal bill, decimal? cost) => new()
    {
        Id = "1",
        Name = "Deal",
        ClientId = "c",
        Stage = "Closed Won",
        Currency = "EUR",
        BillingType = BillingType.TimeAndMaterials,
        RateCard = "Standard",
        Roles = [Role],
        Rates = [new Rate { Role = "Consultant", Bill = bill, Cost = cost, Currency = "EUR" }],
    };
}
