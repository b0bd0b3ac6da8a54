using PsaConsole.Engine.Exceptions.Groups;

namespace PsaConsole.Tests.Exceptions;

public sealed class RampTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(10, 100)]
    [InlineData(100, 1000)]
    [InlineData(1000, int.MaxValue)]
    public void Wave_that_proves_itself_is_followed_by_a_larger_one(int size, int larger) =>
        Assert.Equal(new NextWave(larger, null), Ramp.After(size, new GroupCounts(0, 0, Verified: size, 0, 0, 0)));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(8, 2)]
    [InlineData(89, 11)]
    public void Wave_of_which_more_than_a_tenth_fails_is_the_last(int verified, int failed) =>
        Assert.StartsWith($"{failed} of {verified + failed} failed", Ramp.After(verified + failed, new GroupCounts(0, 0, verified, failed, 0, 0)).Stop, StringComparison.Ordinal);

    [Theory]
    [InlineData(9, 1)]
    [InlineData(90, 10)]
    public void A_few_that_fail_for_reasons_of_their_own_do_not_stop_the_others(int verified, int failed) =>
        Assert.Null(Ramp.After(verified + failed, new GroupCounts(0, 0, verified, failed, 0, 0)).Stop);

    [Fact]
    public void Wave_that_proves_nothing_does_not_grow() => Assert.Equal(new NextWave(10, null), Ramp.After(10, new GroupCounts(0, 0, 0, 0, Skipped: 4, Superseded: 6)));
}
