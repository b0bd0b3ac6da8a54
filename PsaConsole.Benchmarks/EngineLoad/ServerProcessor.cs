using System.Globalization;

namespace PsaConsole.Benchmarks.EngineLoad;

/// <summary>Processor time of a PostgreSQL server: its first process, those that live, and those that have ended.</summary>
internal static class ServerProcessor
{
    private const double TicksPerSecond = 100;

    public static TimeSpan TimeOf(int postmaster)
    {
        var ticks = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            // Fields after the name in brackets: state, parent …; 11 to 14 are own user and system time, and those of children that have ended (man 5 proc).
            if (Fields(folder) is { } fields && (Path.GetFileName(folder) == postmaster.ToString(CultureInfo.InvariantCulture) || fields[1] == postmaster.ToString(CultureInfo.InvariantCulture)))
            {
                ticks += fields.Skip(11).Take(fields[1] == postmaster.ToString(CultureInfo.InvariantCulture) ? 2 : 4).Sum(text => long.Parse(text, CultureInfo.InvariantCulture));
            }
        }

        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    private static string[]? Fields(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // Ended while we looked: its time is counted with its parent's.
            return null;
        }
    }
}
