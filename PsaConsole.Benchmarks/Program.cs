using System.Runtime.Versioning;
using PsaConsole.Benchmarks;
using PsaConsole.Benchmarks.EngineLoad;

[assembly: SupportedOSPlatform("linux")]

// A process that a measurement has started: a part of what it measures.
if (args is [LoadPart.Verb, var part])
{
    await LoadPart.RunAsync(part);
    return 0;
}

var (load, names) = LoadOptions.Of(args);

// ./run bench [NAME…]: the measurements, all of them or those that are named. Each prints its own table.
(string Name, Func<CancellationToken, Task> MeasureAsync)[] measurements =
[
    ("start", StartBench.MeasureAsync),
    ("hand-off", HandOffBench.MeasureAsync),
    ("staffing", StaffingBench.MeasureAsync),
    ("queue", QueueBench.MeasureAsync),
    ("circuits", CircuitBench.MeasureAsync),
    ("engine", token => EngineBench.MeasureAsync(load, token)),
];

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

if (names.Except(measurements.Select(item => item.Name)).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"There is no measurement {unknown}. Known: {string.Join(", ", measurements.Select(item => item.Name))}. Options: {LoadOptions.Usage}.");
    return 2;
}

foreach (var (_, measureAsync) in measurements.Where(item => names.Length == 0 || names.Contains(item.Name)))
{
    await measureAsync(stop.Token);
}

return 0;
