using System.Globalization;

namespace PsaConsole.Engine.Exceptions.Groups;

/// <summary>How the members of a wave came out, or of a whole group.</summary>
public sealed record GroupCounts(int Waiting, int Asked, int Verified, int Failed, int Skipped, int Superseded)
{
    /// <summary>Members that have no result yet.</summary>
    public int Unsettled => Waiting + Asked;

    public int Total => Unsettled + Verified + Failed + Skipped + Superseded;
}

/// <summary>What follows when a wave is over: another of this size, or the stop and why.</summary>
public sealed record NextWave(int Size, string? Stop);

/// <summary>
/// One, then ten, a hundred, a thousand, then the rest (ambition 3). A wave that proves nothing, since none of its cases was left to do, is followed by another
/// of its size; one whose cases fail stops the group. Pure.
/// </summary>
public static class Ramp
{
    /// <summary>The canary.</summary>
    public const int First = 1;

    /// <summary>Of a hundred cases this many may fail for reasons of their own before the cause counts as common to all.</summary>
    public const int TolerancePercent = 10;

    /// <summary>An answer that has not come for so long does not come by itself.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private static readonly int[] Sizes = [First, 10, 100, 1000];

    /// <summary>What follows on a wave of this size that came out so.</summary>
    public static NextWave After(int size, GroupCounts wave)
    {
        var asked = wave.Verified + wave.Failed;
        if (wave.Failed * 100 > asked * TolerancePercent)
        {
            return new NextWave(0, string.Create(CultureInfo.InvariantCulture, $"{wave.Failed} of {asked} failed: the cause remains. Nothing more was asked for."));
        }

        return new NextWave(asked == 0 ? size : Sizes.FirstOrDefault(larger => larger > size, int.MaxValue), null);
    }
}
