using System.Diagnostics;

namespace PsaConsole.Benchmarks;

/// <summary>A program of ours in a process of its own, so that its processor time and memory can be told from the others'.</summary>
internal sealed class OwnProcess : IAsyncDisposable
{
    private readonly Process _process;

    private OwnProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Processor time used so far, of all cores.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory now, in MB.</summary>
    public long Megabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / (1024 * 1024);
        }
    }

    /// <summary>Starts a program beside this one and waits until it answers 200.</summary>
    /// <exception cref="InvalidOperationException">It ended, or did not answer within two minutes; with what it said.</exception>
    public static async Task<OwnProcess> StartAsync(
        string program, string ready, Uri address, IReadOnlyDictionary<string, string> settings, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var said = new List<string>();
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var own = new OwnProcess(process, address);
        using var client = new HttpClient { BaseAddress = address };
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var started = Stopwatch.StartNew();
        while (await again.WaitForNextTickAsync(cancellationToken))
        {
            if (process.HasExited || started.Elapsed > TimeSpan.FromMinutes(2))
            {
                await own.DisposeAsync();
                throw new InvalidOperationException($"{program} did not get ready:\n{string.Join('\n', said.TakeLast(20))}");
            }

            if (await AnswersAsync(client, ready, cancellationToken))
            {
                return own;
            }
        }

        throw new OperationCanceledException(cancellationToken);

        void Hear(string? line)
        {
            lock (said)
            {
                said.Add(line ?? "");
                if (said.Count > 200)
                {
                    said.RemoveRange(0, 100);
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient client, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // Nobody listens yet.
            return false;
        }
    }
}
