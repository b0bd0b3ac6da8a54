using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;
using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.People;

/// <summary>Reads the people whom the hub has brought to the other systems.</summary>
public sealed class PeopleQueries(ReaderStores stores, SystemCatalog systems, TimeProvider time)
{
    public const int PageSize = 50;

    /// <summary>A page of rows by name, and whether more follow.</summary>
    public async Task<(IReadOnlyList<PersonLine> Rows, bool More)> ListAsync(PersonFilter filter, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var people = store.People.AsNoTracking();
        if (filter.Standing is { } standing)
        {
            people = people.Where(person => person.Standing == standing);
        }

        if (filter.Search is { } search)
        {
            var part = SearchPattern.Containing(search);
            people = people.Where(person => EF.Functions.ILike(person.Name, part, SearchPattern.Escape) || EF.Functions.ILike(person.Email!, part, SearchPattern.Escape) || EF.Functions.ILike(person.EmployeeId, part, SearchPattern.Escape));
        }

        if (filter.After is { } after)
        {
            people = people.Where(person => person.Name.CompareTo(after.Name) > 0 || (person.Name == after.Name && person.Id.CompareTo(after.Id) > 0));
        }

        var rows = await LinesAsync(store, people.OrderBy(person => person.Name).ThenBy(person => person.Id).Take(PageSize + 1), cancellationToken);
        return ([.. rows.Take(PageSize)], rows.Count > PageSize);
    }

    /// <summary>Everything about one person; null when HR's id is not known here.</summary>
    public async Task<PersonView?> ReadAsync(string employeeId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var sight = await stores.SightAsync();
        var person = await store.People.AsNoTracking().SingleOrDefaultAsync(item => item.EmployeeId == employeeId, cancellationToken);
        if (person is null)
        {
            return null;
        }

        var line = (await LinesAsync(store, store.People.AsNoTracking().Where(item => item.Id == person.Id), cancellationToken))[0];
        var references = await store.CrossReferences.AsNoTracking().Where(item => item.CanonicalId == person.Id).OrderBy(item => item.SystemName).ThenBy(item => item.CanonicalType).ToListAsync(cancellationToken);
        var run = await store.Runs.AsNoTracking().Include(item => item.Steps).SingleOrDefaultAsync(item => item.Id == person.RunId, cancellationToken);
        return new PersonView
        {
            Line = line,
            Email = person.Email,
            Employments = JsonSerializer.Deserialize<List<Employment>>(person.Employments, MappingSets.Json) ?? [],
            Records = [.. references.Select(item => new PersonRecord(systems.Of(item.SystemName).Title, systems.Of(item.SystemName).Role, Shared.Words.Of(item.CanonicalType.Replace(':', ' ')), item.ExternalId, item.VerifiedAt))],
            Steps = run is null ? [] : RunTimeline.Of(run.Steps, run.ResumeAt, systems, sight, time.GetUtcNow()),
            Cases = run is null ? [] : await JourneyQueries.CasesAsync(store, run.Id, cancellationToken),
            RunId = run?.Id,
        };
    }

    private static async Task<IReadOnlyList<PersonLine>> LinesAsync(EngineDbContext store, IQueryable<PersonRow> people, CancellationToken cancellationToken)
    {
        var found = await people
            .Select(person => new
            {
                Person = person,
                Status = store.Runs.Where(run => run.Id == person.RunId).Select(run => (RunStatus?)run.Status).SingleOrDefault(),
            })
            .ToListAsync(cancellationToken);
        return [.. found.Select(item => new PersonLine(
            item.Person.EmployeeId, item.Person.Name, item.Person.Role, item.Person.LegalEntity, item.Person.Standing, item.Status is { } status ? Standings.Of(status) : null, item.Person.UpdatedAt) { Id = item.Person.Id })];
    }
}
