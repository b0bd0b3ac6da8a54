using System.Globalization;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Tests.Policies;

/// <summary>Which value of a parameter holds for an item: the narrowest one that is valid on its business date.</summary>
public sealed class PolicyParametersTests
{
    private static readonly DateRange Always = new(DateOnly.MinValue, null);

    private static readonly PolicySetting[] Settings =
    [
        new(PolicyParameters.MaximumWeeklyHours, PolicyScope.Global, null, 48m, Always),
        new(PolicyParameters.MaximumWeeklyHours, PolicyScope.Region, "EU", 45m, Always),
        new(PolicyParameters.MaximumWeeklyHours, PolicyScope.LegalEntity, "DE01", 42m, new DateRange(new DateOnly(2026, 4, 1), null)),
    ];

    [Theory]
    [InlineData("EU", "DE01", "2026-03-31", 45)]
    [InlineData("EU", "DE01", "2026-04-01", 42)]
    [InlineData("US", "US01", "2026-04-01", 48)]
    public void Narrowest_setting_of_the_business_date_holds(string region, string entity, string date, int expected)
    {
        // 2.6: global 48, EU 45, DE01 42 from 2026-04-01.
        var (value, finding) = PolicyParameters.Resolve(Settings, PolicyParameters.MaximumWeeklyHours, new PolicyPlace { Region = region, LegalEntity = entity }, Day(date));

        Assert.Null(finding);
        Assert.Equal(expected, value);
    }

    [Fact]
    public void Engagement_beats_client_and_client_beats_legal_entity()
    {
        PolicySetting[] settings =
        [
            .. Settings,
            new(PolicyParameters.MaximumWeeklyHours, PolicyScope.Client, "acme", 40m, Always),
            new(PolicyParameters.MaximumWeeklyHours, PolicyScope.Engagement, "DE01-0001", 38m, Always),
        ];
        var place = new PolicyPlace { Region = "EU", LegalEntity = "DE01", Client = "acme" };

        Assert.Equal(40m, PolicyParameters.Resolve(settings, PolicyParameters.MaximumWeeklyHours, place, Day("2026-05-01")).Value);
        Assert.Equal(38m, PolicyParameters.Resolve(settings, PolicyParameters.MaximumWeeklyHours, place with { Engagement = "DE01-0001" }, Day("2026-05-01")).Value);
    }

    [Fact]
    public void Shipped_default_holds_where_nothing_is_set() =>
        Assert.Equal(250_000m, PolicyParameters.Resolve(Settings, PolicyParameters.ApprovalThreshold, new PolicyPlace { LegalEntity = "DE01" }, Day("2026-03-01")).Value);

    [Fact]
    public void Two_values_of_one_scope_and_date_are_a_finding()
    {
        var (value, finding) = PolicyParameters.Resolve([.. Settings, Settings[1] with { Value = 44m }], PolicyParameters.MaximumWeeklyHours, new PolicyPlace { Region = "EU" }, Day("2026-03-01"));

        Assert.Null(value);
        Assert.Equal("GOV-952", finding!.Code);
        Assert.Contains("2 values for EU on 2026-03-01: 45, 44", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameter_that_does_not_exist_is_refused() =>
        Assert.Throws<ArgumentException>(() => PolicyParameters.Resolve(Settings, "PL99.none", new PolicyPlace(), Day("2026-03-01")));

    private static DateOnly Day(string date) => DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
