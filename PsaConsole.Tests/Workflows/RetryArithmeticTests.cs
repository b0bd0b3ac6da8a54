using CsCheck;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Tests.Workflows;

/// <summary>When a transient failure is tried again (3-workflows 3.0.3), whatever the attempt, the chance and the vendor say.</summary>
public sealed class RetryArithmeticTests
{
    private static readonly DateTimeOffset Failed = new(2026, 6, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Caps_are_those_of_the_rule() =>
        Assert.Equal([2, 4, 8, 16, 32, 64, 128, 256, 512, 900], Enumerable.Range(1, RetrySchedule.MaxAttempts).Select(attempt => (int)RetrySchedule.Cap(attempt).TotalSeconds));

    [Fact]
    public void Delay_lies_between_what_the_vendor_asks_for_and_the_cap() =>
        Gen.Select(Gen.Int[1, 100], Gen.Double[0, 1], Gen.Int[0, 7_200].Select(seconds => seconds == 0 ? (TimeSpan?)null : TimeSpan.FromSeconds(seconds))).Sample((attempt, jitter, asked) =>
        {
            var delay = RetrySchedule.Delay(attempt, jitter, asked);
            var longest = asked > RetrySchedule.Cap(attempt) ? asked.Value : RetrySchedule.Cap(attempt);
            return delay >= (asked ?? TimeSpan.Zero) && delay <= longest;
        });

    [Fact]
    public void Caps_never_shrink_and_end_at_a_quarter_of_an_hour() =>
        Gen.Int[1, 1_000].Sample(attempt => RetrySchedule.Cap(attempt) <= RetrySchedule.Cap(attempt + 1) && RetrySchedule.Cap(attempt) <= TimeSpan.FromMinutes(15));

    [Fact]
    public void Budget_ends_with_the_tenth_attempt_or_after_a_day_and_not_before() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 48 * 60]).Sample((attempts, minutes) =>
            RetrySchedule.IsExhausted(attempts, Failed, Failed.AddMinutes(minutes)) == (attempts >= 10 || minutes >= 24 * 60));
}
