using System.Globalization;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>Whether a time entry may be posted as it is (PL40, PL46).</summary>
public static class TimePolicy
{
    private const decimal HoursOfDay = 24m;

    /// <summary>TIM-410: hours above zero, at most 24 on the day over all projects, not in the future, within the person's employment.</summary>
    /// <param name="day">Everything that the person entered on the day.</param>
    /// <param name="today">In the legal entity's zone.</param>
    public static IEnumerable<Finding> Hours(TimeEntry entry, IReadOnlyList<TimeEntry> day, Consultant? person, DateOnly today)
    {
        var total = day.Sum(other => other.Hours);
        if (entry.Hours <= 0m)
        {
            yield return Wrong(entry, "Hours", "above zero", Number(entry.Hours), $"{Number(entry.Hours)} h can't be posted");
        }
        else if (total > HoursOfDay)
        {
            yield return Wrong(entry, "Hours of the day", "at most 24", Number(total), $"{Number(total)} h were entered for one day");
        }

        if (entry.WorkDate > today)
        {
            yield return Wrong(entry, "Work date", $"until {Date(today)}", Date(entry.WorkDate), "the work lies in the future");
        }

        if (person is not null && (entry.WorkDate < (person.HiredOn ?? DateOnly.MinValue) || entry.WorkDate > (person.LastWorkingDay ?? DateOnly.MaxValue)))
        {
            yield return Wrong(entry, "Employment", $"{(person.HiredOn is { } from ? Date(from) : "open")} to {(person.LastWorkingDay is { } to ? Date(to) : "open")}", Date(entry.WorkDate), $"{person.Name} was not employed on that day");
        }
    }

    /// <summary>TIM-411: somebody else approved, who was employed then.</summary>
    public static IEnumerable<Finding> Approval(TimeEntry entry, Consultant? approver, DateOnly today) =>
        ApproverPolicy.Check(Subject(entry), entry.Person, entry.Approver, approver, "worked", today);

    /// <summary>TIM-409, a warning: the same person, project, task, day and hours were entered before under another number (PL46).</summary>
    public static IEnumerable<Finding> Twins(TimeEntry entry, IReadOnlyList<TimeEntry> day)
    {
        var position = day.Select(other => other.Id).ToList().IndexOf(entry.Id);
        var twin = day.Take(Math.Max(0, position)).FirstOrDefault(other => other.Approved && other.ProjectId == entry.ProjectId && other.TaskId == entry.TaskId && other.Hours == entry.Hours);
        if (twin is not null)
        {
            yield return new Finding("PL46", "TIM-409", Subject(entry), $"{Subject(entry)} looks like entry {twin.Id}: the same person, project, task, day and hours. If it is one too many, recall it in the PSA, which takes the posting back.") { Field = "Entry", Expected = "entered once", Actual = twin.Id };
        }
    }

    private static Finding Wrong(TimeEntry entry, string field, string expected, string actual, string why) =>
        new("PL40", "TIM-410", Subject(entry), $"{Subject(entry)} is not posted: {why}. Return it to {entry.PersonName ?? "the submitter"}.") { Field = field, Expected = expected, Actual = actual };

    private static string Subject(TimeEntry entry) => $"{Number(entry.Hours)} h of {entry.PersonName ?? entry.Person ?? "nobody"} on {Date(entry.WorkDate)}";

    private static string Number(decimal hours) => hours.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Date(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
