using System.Diagnostics;
using System.Globalization;

namespace PsaConsole.Benchmarks;

/// <summary>What a newcomer waits for: <c>./run</c> in a clean clone, from the key press until the console answers that it is ready.</summary>
internal static class StartBench
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("psaconsole-bench-").FullName;
        try
        {
            var clone = Path.Combine(folder, "clone");
            await RunAsync("git", ["clone", "--quiet", Root(), clone], cancellationToken);
            // The machine has the packages; what is timed is the rest.
            await RunAsync("dotnet", ["restore", Path.Combine(clone, "PsaConsole.sln"), "-v", "q"], cancellationToken);
            var ports = FirmUnderLoad.FreePorts(7);
            var clock = Stopwatch.StartNew();
            using var running = Process.Start(new ProcessStartInfo(Path.Combine(clone, "run"), ["--port", $"{ports}", "--sandbox-port", $"{ports + 1}"]) { RedirectStandardOutput = true })!;
            while (await running.StandardOutput.ReadLineAsync(cancellationToken) is { } line && !line.StartsWith("PsaConsole is ready", StringComparison.Ordinal))
            {
                if (clock.Elapsed > Patience)
                {
                    throw new TimeoutException($"./run was not ready after {Patience}. Its last line: {line}");
                }
            }

            var ready = clock.Elapsed;
            using var interrupt = Process.Start("kill", ["-INT", $"{running.Id}"]);
            await running.WaitForExitAsync(cancellationToken);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"./run in a clean clone, packages restored: ready after {ready.TotalSeconds:0} s, ended {(clock.Elapsed - ready).TotalSeconds:0.0} s after ctrl-C."));
            Console.WriteLine();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PsaConsole.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The measurement runs inside the repository only.");
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
