using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Staffing;
using PsaConsole.Engine.Store;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Staffing;

/// <summary>Reads the timeline from what the last checks kept: three statements for a page of people, the hours laid out in memory.</summary>
public sealed class StaffingQueries(ReaderStores stores, TimeProvider time)
{
    public const int PageSize = 40;

    public DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <param name="masked">Names are left out, for those who may see hours only.</param>
    public async Task<(IReadOnlyList<PersonLine> Lines, string? Next)> ListAsync(StaffingFilter filter, bool masked, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var first = filter.First(Today);
        var people = await Page(store, filter, first).ToListAsync(cancellationToken);
        var next = people.Count > PageSize ? $"{people[PageSize - 1].Name}|{people[PageSize - 1].EmployeeId}" : null;
        people = [.. people.Take(PageSize)];
        var ids = people.Select(person => person.EmployeeId).ToList();
        var assignments = (await store.Assignments.AsNoTracking().Where(row => ids.Contains(row.PersonId) && row.State != AssignmentState.Released && row.To >= first).ToListAsync(cancellationToken)).ToLookup(row => row.PersonId);
        var conflicts = (await store.StaffingConflicts.AsNoTracking().Where(row => ids.Contains(row.PersonId) && row.GoneAt == null && row.Code != "").ToListAsync(cancellationToken)).ToLookup(row => row.PersonId);
        return ([.. people.Select(person => Line(person, filter, first, [.. assignments[person.EmployeeId]], [.. conflicts[person.EmployeeId]], masked))], next);
    }

    /// <summary>How many people are booked, and how many have conflicts.</summary>
    public async Task<(int Booked, int InConflict)> CountAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return (await store.StaffedPeople.CountAsync(cancellationToken), await store.StaffingConflicts.Where(row => row.GoneAt == null && row.Code != "").Select(row => row.PersonId).Distinct().CountAsync(cancellationToken));
    }

    public async Task<PersonView?> ReadAsync(string id, bool masked, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        if (await store.StaffedPeople.AsNoTracking().SingleOrDefaultAsync(row => row.EmployeeId == id, cancellationToken) is not { } person)
        {
            return null;
        }

        var today = Today;
        var assignments = await store.Assignments.AsNoTracking().Where(row => row.PersonId == id && row.State != AssignmentState.Released && row.To >= today).OrderBy(row => row.From).ThenBy(row => row.ExternalId).ToListAsync(cancellationToken);
        var conflicts = await store.StaffingConflicts.AsNoTracking().Where(row => row.PersonId == id && row.GoneAt == null).OrderBy(row => row.From).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        if (masked)
        {
            conflicts.ForEach(conflict => conflict.Message = conflict.Message.Replace(person.Name, person.EmployeeId, StringComparison.Ordinal));
        }

        return new PersonView(person.EmployeeId, masked ? person.EmployeeId : person.Name, person.ReadAt, person.CheckedAt, [.. conflicts.Select(row => View(row, assignments))], assignments);
    }

    private static IQueryable<StaffedPersonRow> Page(EngineDbContext store, StaffingFilter filter, DateOnly first)
    {
        var people = store.StaffedPeople.AsNoTracking();
        people = filter.State == StaffingFilter.Conflicts
            ? people.Where(person => store.StaffingConflicts.Any(row => row.PersonId == person.EmployeeId && row.GoneAt == null && row.Code != ""))
            : people.Where(person => store.Assignments.Any(row => row.PersonId == person.EmployeeId && row.To >= first));
        if (filter.Search is { } text)
        {
            var pattern = SearchPattern.Containing(text);
            people = people.Where(person => EF.Functions.ILike(person.Name, pattern, SearchPattern.Escape));
        }

        if (filter.After?.Split('|', 2) is [var name, var id])
        {
            people = people.Where(person => EF.Functions.GreaterThan(ValueTuple.Create(person.Name, person.EmployeeId), ValueTuple.Create(name, id)));
        }

        return people.OrderBy(person => person.Name).ThenBy(person => person.EmployeeId).Take(PageSize + 1);
    }

    private static PersonLine Line(StaffedPersonRow row, StaffingFilter filter, DateOnly first, List<AssignmentRow> assignments, List<ConflictRow> conflicts, bool masked)
    {
        var person = JsonSerializer.Deserialize<StaffedPerson>(row.Facts, StaffingJson.Options)!;
        var last = first.AddDays((filter.Columns * filter.DaysPerColumn) - 1);
        var plan = Planning.Of(person, assignments.Select(item => JsonSerializer.Deserialize<Assignment>(item.Facts, StaffingJson.Options)!), new DateRange(first, last));
        var cells = Enumerable.Range(0, filter.Columns).Select(column => Cell(plan, first.AddDays(column * filter.DaysPerColumn), filter.DaysPerColumn, conflicts)).ToList();
        var worst = conflicts.Count == 0 ? null : conflicts.Max(conflict => conflict.Severity).ToString();
        return new PersonLine(row.EmployeeId, masked ? row.EmployeeId : row.Name, cells, conflicts.Count, worst);
    }

    private static LoadCell Cell(PersonPlan plan, DateOnly from, int days, List<ConflictRow> conflicts)
    {
        var to = from.AddDays(days - 1);
        var figures = Enumerable.Range(0, days).Select(day => plan.On(from.AddDays(day))).ToList();
        return new LoadCell(
            from, to, figures.Sum(day => day.Capacity), figures.Sum(day => day.Leave), figures.Sum(day => day.Hard), figures.Sum(day => day.TentativeRaw),
            conflicts.Exists(conflict => conflict.From <= to && conflict.To >= from));
    }

    private static ConflictView View(ConflictRow row, List<AssignmentRow> assignments)
    {
        var conflict = JsonSerializer.Deserialize<Conflict>(row.Detail, StaffingJson.Options)!;
        var because = assignments.Where(item => row.Because.Contains(item.ExternalId)).ToList();

        // What is not confirmed gives way first, then what was booked last.
        var givesWay = assignments.Where(item => conflict.Involved.Contains(item.ExternalId)).OrderBy(item => item.Hard).ThenByDescending(item => item.ExternalId.Length).ThenByDescending(item => item.ExternalId, StringComparer.Ordinal).FirstOrDefault();
        return new ConflictView(row, givesWay?.ExternalId, [.. because.Select(item => string.Create(CultureInfo.CurrentCulture, $"{item.Title}, {item.Hours:0.##} h from {item.From:d MMM} to {item.To:d MMM yyyy}"))]);
    }
}
