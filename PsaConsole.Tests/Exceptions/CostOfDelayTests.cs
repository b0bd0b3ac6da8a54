using PsaConsole.Engine.Exceptions;

namespace PsaConsole.Tests.Exceptions;

public sealed class CostOfDelayTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(CaseSeverity.High, null, 0)]
    [InlineData(CaseSeverity.High, 999, 0)]
    [InlineData(CaseSeverity.High, 10_000, 1)]
    [InlineData(CaseSeverity.High, 1_000_000, 3)]
    [InlineData(CaseSeverity.High, 900_000_000, 4)]
    [InlineData(CaseSeverity.Critical, null, 5)]
    [InlineData(CaseSeverity.Critical, 100_000, 7)]
    public void Money_and_what_holds_up_everything_bring_the_deadline_forward(CaseSeverity severity, int? exposure, int days) =>
        Assert.Equal(Now.AddDays(-days), CostOfDelay.PriorityAt(Now, severity, exposure));

    /// <summary>Seven cases of one morning, put in order by hand.</summary>
    [Fact]
    public void Queue_begins_with_what_costs_most_to_leave()
    {
        (string Name, CaseSeverity Severity, double DueInHours, int? Exposure)[] morning =
        [
            ("receipt missing, 40", CaseSeverity.Medium, 72, 40),
            ("project of 2.5 million not billable", CaseSeverity.High, 24, 2_500_000),
            ("credential refused", CaseSeverity.Critical, 4, null),
            ("time of 1,480 without a rate", CaseSeverity.High, 24, 1_480),
            ("milestone of 300,000 billed late", CaseSeverity.Medium, 72, 300_000),
            ("notice undeliverable", CaseSeverity.Low, 240, null),
            ("overdue since yesterday, 500", CaseSeverity.Medium, -24, 500),
        ];

        var queue = morning.OrderBy(item => CostOfDelay.PriorityAt(Now.AddHours(item.DueInHours), item.Severity, item.Exposure)).Select(item => item.Name);

        Assert.Equal(
            [
                "credential refused", // +4 h − 5 d
                "project of 2.5 million not billable", // +1 d − 3.4 d
                "overdue since yesterday, 500", // −1 d
                "milestone of 300,000 billed late", // +3 d − 2.5 d
                "time of 1,480 without a rate", // +1 d − 0.2 d
                "receipt missing, 40", // +3 d
                "notice undeliverable", // +10 d
            ],
            queue);
    }
}
