using PsaConsole.Engine.Model;
using PsaConsole.Engine.Staffing;

namespace PsaConsole.Tests.Staffing;

/// <summary>People and work of the worked examples.</summary>
internal static class Samples
{
    public static readonly DateOnly Monday = new(2026, 3, 9);

    public static StaffingRules Rules { get; } = new() { Today = new DateOnly(2026, 3, 1) };

    public static StaffedPerson Person { get; } = new() { Id = "A", Name = "Ada", Calendar = WorkCalendar.FullTime, LegalEntity = "DE01" };

    public static DateRange Week(DateOnly monday) => new(monday, monday.AddDays(6));

    public static Assignment Work(string id, DateOnly from, DateOnly to, SpreadMethod method, decimal value, bool hard = true) => new()
    {
        Id = id,
        PersonId = "A",
        EngagementId = "E-" + id,
        Title = "Project " + id,
        ClientId = "C-" + id,
        Dates = new DateRange(from, to),
        Method = method,
        Value = value,
        Hard = hard,
        CreatedAt = DateTimeOffset.UnixEpoch.AddDays(id[^1]),
    };

    public static decimal[] Hours(PersonPlan plan, string assignment, DateOnly from, int days) => [.. Enumerable.Range(0, days).Select(day => plan.HoursOf(assignment, from.AddDays(day)))];
}
