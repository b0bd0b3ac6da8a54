using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies.Changes;

/// <summary>How one billing schedule differs from another: entries are the same when their names are, and each stands for one.</summary>
public static class ScheduleChange
{
    /// <summary>Entries that are in both, as they were and as they are to be, in the old order.</summary>
    public static IReadOnlyList<(ScheduleEntry Before, ScheduleEntry After)> Kept(IReadOnlyList<ScheduleEntry> before, IReadOnlyList<ScheduleEntry> after)
    {
        var open = after.ToList();
        List<(ScheduleEntry, ScheduleEntry)> kept = [];
        foreach (var entry in before)
        {
            if (open.Find(other => other.Name == entry.Name) is { } same)
            {
                open.Remove(same);
                kept.Add((entry, same));
            }
        }

        return kept;
    }

    /// <summary>Whether an entry of both schedules moves to another day.</summary>
    public static bool MovesDates(IReadOnlyList<ScheduleEntry> before, IReadOnlyList<ScheduleEntry> after) =>
        Kept(before, after).Any(pair => pair.Before.DueOn != pair.After.DueOn);

    /// <summary>Whether an amount changes, or an entry comes or goes.</summary>
    public static bool ChangesAmounts(IReadOnlyList<ScheduleEntry> before, IReadOnlyList<ScheduleEntry> after)
    {
        var kept = Kept(before, after);
        return kept.Count != before.Count || kept.Count != after.Count || kept.Any(pair => pair.Before.Amount != pair.After.Amount);
    }

    /// <summary>The entries with the other schedule's dates, and nothing else of it.</summary>
    public static IReadOnlyList<ScheduleEntry> WithDates(IReadOnlyList<ScheduleEntry> entries, IReadOnlyList<ScheduleEntry> dated)
    {
        var kept = Kept(entries, dated);
        return [.. entries.Select(entry => kept.FirstOrDefault(pair => ReferenceEquals(pair.Before, entry)).After is { } same ? entry with { DueOn = same.DueOn } : entry)];
    }

    /// <summary>The schedule in words: name, day and amount of each entry.</summary>
    public static string Words(IReadOnlyList<ScheduleEntry> entries, string currency) =>
        string.Join("; ", entries.Select(entry => $"{entry.Name} {EngagementFields.Date(entry.DueOn) ?? "open"} {new Money(entry.Amount, currency)}"));
}
