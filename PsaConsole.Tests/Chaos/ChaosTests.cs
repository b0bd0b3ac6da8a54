using System.Globalization;

namespace PsaConsole.Tests.Chaos;

/// <summary>
/// Promises 1 to 3 under everything at once. Each run is drawn from a seed, which a failure tells: <c>./run chaos --seed S</c> draws the same again, and
/// <c>./run chaos --runs N</c> draws many.
/// </summary>
public sealed class ChaosTests
{
    private const int UsualSeed = 20261123;

    [Fact]
    public async Task Nothing_is_lost_and_nothing_is_done_twice_whatever_is_killed_or_cut_whenever()
    {
        var seed = Setting("PSACONSOLE_CHAOS_SEED", UsualSeed);
        for (var run = 0; run < Setting("PSACONSOLE_CHAOS_RUNS", 1); run++)
        {
            await using var database = await ChaoticDatabase.StartAsync();
            await using var firm = await ChaoticFirm.StartAsync(database, seed + run);
            await firm.SufferAsync();
            await firm.RecoverAsync();
            await firm.AssertBooksAsync();
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
