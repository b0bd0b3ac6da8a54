using System.Diagnostics;
using System.Globalization;

namespace PsaConsole.Benchmarks;

/// <summary>
/// The main job, whole: deals won through Salesforce's API until each is verified in Kantata, NetSuite and Salesforce and the team is told. Throughput is
/// measured by winning many deals at once, the time from won to verified by winning one after another at a pace that leaves no queue.
/// </summary>
internal static class HandOffBench
{
    private const int Rounds = 3;
    private const int Burst = 60;
    private const int Trickle = 20;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    public static async Task MeasureAsync(CancellationToken cancellationToken)
    {
        await using var firm = await FirmUnderLoad.StartAsync(cancellationToken);
        Console.WriteLine($"Hand-offs: {Burst} deals of every billing type won at once, then {Trickle} at one every {Pace.TotalMilliseconds} ms; medians of {Rounds} rounds.");
        Console.WriteLine();
        Console.WriteLine("| vendors' latency | hand-offs per second | console's processor time each | won to verified p50 | p99 | console's memory |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: |");
        await WarmUpAsync(firm, cancellationToken);
        foreach (var latency in new[] { 0, 50 })
        {
            await firm.SlowDownAsync(latency, cancellationToken);
            var rounds = new List<Round>();
            for (var round = 0; round < Rounds; round++)
            {
                rounds.Add(await RoundAsync(firm, cancellationToken));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {latency} ms | {Median(rounds, item => item.PerSecond):0.0} | {Median(rounds, item => item.ProcessorMilliseconds):0} ms | {Median(rounds, item => item.P50):0.0} s | {Median(rounds, item => item.P99):0.0} s | {rounds.Max(item => item.Megabytes)} MB |"));
        }

        Console.WriteLine();
    }

    private static async Task WarmUpAsync(FirmUnderLoad firm, CancellationToken cancellationToken)
    {
        var deals = await firm.PrepareAsync(20, cancellationToken);
        var now = TimeProvider.System.GetUtcNow();
        await firm.WinAsync(deals, cancellationToken);
        await firm.VerifiedAsync(deals.ToDictionary(deal => deal, _ => now), cancellationToken);
    }

    private static async Task<Round> RoundAsync(FirmUnderLoad firm, CancellationToken cancellationToken)
    {
        var deals = await firm.PrepareAsync(Burst + Trickle, cancellationToken);
        var processor = firm.Console.ProcessorTime;
        var clock = Stopwatch.StartNew();
        var now = TimeProvider.System.GetUtcNow();
        await firm.WinAsync([.. deals.Take(Burst)], cancellationToken);
        await firm.VerifiedAsync(deals.Take(Burst).ToDictionary(deal => deal, _ => now), cancellationToken);
        var (elapsed, used, megabytes) = (clock.Elapsed, firm.Console.ProcessorTime - processor, firm.Console.Megabytes);

        var won = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        using var pace = new PeriodicTimer(Pace);
        foreach (var deal in deals.Skip(Burst))
        {
            await firm.WinAsync([deal], cancellationToken);
            won[deal] = TimeProvider.System.GetUtcNow();
            await pace.WaitForNextTickAsync(cancellationToken);
        }

        var seconds = (await firm.VerifiedAsync(won, cancellationToken)).Order().ToList();
        return new Round(Burst / elapsed.TotalSeconds, used.TotalMilliseconds / Burst, seconds[seconds.Count / 2], seconds[(int)Math.Ceiling(seconds.Count * 0.99) - 1], megabytes);
    }

    private static double Median(List<Round> rounds, Func<Round, double> figure) => rounds.Select(figure).Order().ElementAt(rounds.Count / 2);

    private sealed record Round(double PerSecond, double ProcessorMilliseconds, double P50, double P99, long Megabytes);
}
