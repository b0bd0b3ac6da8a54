using PsaConsole.Engine.Staffing;

namespace PsaConsole.Web.Components.Pages.Staffing;

/// <summary>Hours of a person in a week or on a day.</summary>
/// <param name="Away">Hours on which the person is not available; never why.</param>
/// <param name="Tentative">Tentative hours as they are booked.</param>
/// <param name="HasConflict">An open conflict touches these dates.</param>
public sealed record LoadCell(DateOnly From, DateOnly To, decimal Capacity, decimal Away, decimal Hard, decimal Tentative, bool HasConflict)
{
    public decimal Free => Math.Max(0m, Capacity - Away - Hard);
}

/// <summary>A row of the timeline.</summary>
public sealed record PersonLine(string Id, string Name, IReadOnlyList<LoadCell> Cells, int Conflicts, string? Worst);

/// <summary>A conflict of the person beside the timeline.</summary>
/// <param name="GivesWay">The booking that options are looked for.</param>
/// <param name="Because">Names and hours of the work that explains it.</param>
public sealed record ConflictView(ConflictRow Row, string? GivesWay, IReadOnlyList<string> Because);

/// <summary>The person beside the timeline.</summary>
public sealed record PersonView(string Id, string Name, DateTimeOffset FactsReadAt, DateTimeOffset? CheckedAt, IReadOnlyList<ConflictView> Conflicts, IReadOnlyList<AssignmentRow> Assignments);
