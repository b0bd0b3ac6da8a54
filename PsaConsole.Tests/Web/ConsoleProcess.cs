using System.Collections.Concurrent;
using System.Diagnostics;

namespace PsaConsole.Tests.Web;

/// <summary>The real console in a process of its own, on a port that the system chose. Everything it said is in <see cref="Output"/>.</summary>
public sealed class ConsoleProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly DateTimeOffset _begun = TimeProvider.System.GetUtcNow();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ConsoleProcess(Process process) => _process = process;

    /// <summary>Where it listens, as it said itself.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public string Output => string.Join('\n', _lines);

    /// <summary>Starts the console and waits until it is ready. Settings are environment variables, <c>SignIn__Mode</c> and the like.</summary>
    public static async Task<ConsoleProcess> StartAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var console = Launch(settings);
        var exit = console._process.WaitForExitAsync(cancellationToken);
        var first = await Task.WhenAny(console._listening.Task, exit).WaitAsync(Patience, cancellationToken);
        if (first == exit)
        {
            throw new InvalidOperationException($"The console ended with code {console._process.ExitCode} before it listened:\n{console.Output}");
        }

        console.Address = await console._listening.Task;
        await console.BecomeReadyAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        return console;
    }

    /// <summary>Runs the console to its end and returns the exit code and all that it said.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken, params string[] arguments)
    {
        await using var console = Launch(settings, arguments);
        await console._process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        return (console._process.ExitCode, console.Output);
    }

    /// <summary>A browser without a browser: keeps cookies, follows no redirect, asks for pages.</summary>
    public HttpClient NewClient()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        // Beside the results, for whoever wants to know what a console was at when a test gave up.
        if (Environment.GetEnvironmentVariable("PSACONSOLE_ARTIFACTS") is { Length: > 0 } artifacts)
        {
            var folder = Directory.CreateDirectory(Path.Combine(artifacts, "consoles"));
            await File.WriteAllLinesAsync(Path.Combine(folder.FullName, $"{_begun:HH-mm-ss}-{_process.Id}.log"), _lines);
        }

        _process.Dispose();
    }

    private async Task BecomeReadyAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        var ready = new UriBuilder(Address) { Host = "127.0.0.1", Path = "/health/ready" }.Uri;
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await again.WaitForNextTickAsync(cancellationToken))
        {
            using var answer = await client.GetAsync(ready, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }
        }
    }

    private static ConsoleProcess Launch(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "PsaConsole.Web.dll"), .. arguments])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var console = new ConsoleProcess(new Process { StartInfo = start });
        console._process.OutputDataReceived += (_, line) => console.Hear(line.Data);
        console._process.ErrorDataReceived += (_, line) => console.Hear(line.Data);
        console._process.Start();
        console._process.BeginOutputReadLine();
        console._process.BeginErrorReadLine();
        return console;
    }

    private void Hear(string? line)
    {
        const string Announcement = "Now listening on: ";
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        if (line.IndexOf(Announcement, StringComparison.Ordinal) is var at and >= 0)
        {
            // Outside of Development a line is a JSON object.
            _listening.TrySetResult(new Uri(line[(at + Announcement.Length)..].Split('"')[0].Trim()));
        }
    }
}
