using System.Runtime.Versioning;
using PsaConsole.Benchmarks;

[assembly: SupportedOSPlatform("linux")]

// ./run bench [NAME…]: the measurements, all of them or those that are named. Each prints its own table.
(string Name, Func<CancellationToken, Task> MeasureAsync)[] measurements =
[
    ("start", StartBench.MeasureAsync),
    ("hand-off", HandOffBench.MeasureAsync),
    ("staffing", StaffingBench.MeasureAsync),
    ("queue", QueueBench.MeasureAsync),
    ("circuits", CircuitBench.MeasureAsync),
];

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

if (args.Except(measurements.Select(item => item.Name)).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"There is no measurement {unknown}. Known: {string.Join(", ", measurements.Select(item => item.Name))}.");
    return 2;
}

foreach (var (_, measureAsync) in measurements.Where(item => args.Length == 0 || args.Contains(item.Name)))
{
    await measureAsync(stop.Token);
}

return 0;
