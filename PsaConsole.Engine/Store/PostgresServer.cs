using System.Diagnostics;
using System.Globalization;

namespace PsaConsole.Engine.Store;

/// <summary>
/// The server processes of one cluster folder, found by what they are (a <c>postgres</c> whose working directory is the folder) and not by
/// <c>postmaster.pid</c> alone: after a crash the number in it may belong to a stranger, or to a zombie that nobody reaped.
/// </summary>
internal sealed record PostgresServer(int ProcessId, int Port, bool IsReady)
{
    private const string PidFile = "postmaster.pid";

    /// <summary>The live postmaster of the folder, or null. Its pid file says the port (line 4) once it listens and its state in line 8.</summary>
    public static PostgresServer? LiveIn(string cluster)
    {
        var pidFile = Path.Combine(cluster, PidFile);
        if (!File.Exists(pidFile))
        {
            return null;
        }

        var lines = File.ReadAllLines(pidFile);
        return Number(lines, 0) is int processId && ProcessesOf(cluster).Contains(processId)
            ? new PostgresServer(processId, Number(lines, 3) ?? 0, lines.Length > 7 && lines[7].Trim() == "ready")
            : null;
    }

    /// <summary>
    /// Clears what a crashed server left: waits for its orphaned backends, which end by themselves when they notice, ends those that
    /// do not within the patience, and only then removes the stale pid file, which a recycled process number would make PostgreSQL respect.
    /// </summary>
    public static async Task ClearRemainsAsync(string cluster, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!await HaveEndedAsync(cluster, patience, cancellationToken))
        {
            foreach (var orphan in ProcessesOf(cluster))
            {
                using var process = Process.GetProcessById(orphan);
                process.Kill();
            }

            await HaveEndedAsync(cluster, patience, cancellationToken);
        }

        File.Delete(Path.Combine(cluster, PidFile));
    }

    /// <summary>Waits until no server process of the folder is left; false when some are after the patience.</summary>
    public static async Task<bool> HaveEndedAsync(string cluster, TimeSpan patience, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (ProcessesOf(cluster).Count > 0)
        {
            if (waited.Elapsed > patience)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }

        return true;
    }

    private static List<int> ProcessesOf(string cluster)
    {
        var folder = Canonical(cluster);
        return [.. Directory.EnumerateDirectories("/proc")
            .Where(process => LinkTarget(process, "cwd") == folder
                && Path.GetFileName(LinkTarget(process, "exe"))?.StartsWith("postgres", StringComparison.Ordinal) == true)
            .Select(process => int.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture))];
    }

    // Null for zombies, processes that just ended, and those of other users.
    private static string? LinkTarget(string process, string link) => new FileInfo(Path.Combine(process, link)).LinkTarget;

    private static string Canonical(string path)
    {
        var current = "/";
        foreach (var part in Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(current, part);
            current = new DirectoryInfo(next).ResolveLinkTarget(returnFinalTarget: true) is { } target ? Canonical(target.FullName) : next;
        }

        return current;
    }

    private static int? Number(string[] lines, int index) =>
        lines.Length > index && int.TryParse(lines[index].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
