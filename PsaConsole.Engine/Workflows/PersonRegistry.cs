using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows;

/// <summary>The people that the hub knows: one id for good through transfers and rehires, their employments, and their ids in each system.</summary>
public sealed class PersonRegistry(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    /// <summary>Our id, the employments and the corrected account of HR's person; a new person has a new id and nothing else.</summary>
    public async Task<(Guid Id, IReadOnlyList<Employment> Employments, string? Account)> FindAsync(string employeeId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.People.AsNoTracking().SingleOrDefaultAsync(person => person.EmployeeId == employeeId, cancellationToken) is { } known
            ? (known.Id, Read(known.Employments), known.Account)
            : (Guid.CreateVersion7(), [], null);
    }

    /// <summary>Keeps the person as the run has them now.</summary>
    public async Task SaveAsync(PersonJourney journey, Guid runId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var person = journey.Person;
        var row = await store.People.SingleOrDefaultAsync(item => item.EmployeeId == journey.EmployeeId, cancellationToken)
            ?? store.People.Add(new PersonRow { Id = journey.PersonId!.Value, EmployeeId = journey.EmployeeId, Name = person.Name, Employments = "[]", CreatedAt = time.GetUtcNow() }).Entity;
        row.Name = person.Name;
        row.Email = person.Email;
        row.Account = journey.Account;
        row.LegalEntity = person.LegalEntity;
        row.Country = person.Country;
        row.Role = journey.Role;
        row.Standing = PersonPolicy.StandingOn(journey.Today, person);
        row.Employments = JsonSerializer.Serialize(journey.Employments, MappingSets.Json);
        row.RunId = runId;
        row.UpdatedAt = time.GetUtcNow();
        await store.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The system's id of the person, which was found or given just now.</summary>
    /// <param name="kind">person, or the employment that the system keeps a record of.</param>
    public async Task LinkAsync(Guid personId, string kind, string systemName, string externalId, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        if (await store.CrossReferences.FindAsync([kind, personId, systemName], cancellationToken) is { } known)
        {
            known.ExternalId = externalId;
            known.VerifiedAt = time.GetUtcNow();
        }
        else
        {
            store.CrossReferences.Add(new CrossReference { CanonicalType = kind, CanonicalId = personId, SystemName = systemName, ExternalId = externalId, FirstSeenAt = time.GetUtcNow(), VerifiedAt = time.GetUtcNow() });
        }

        await store.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The system's id of the person; null when none is known.</summary>
    public async Task<string?> IdInAsync(Guid personId, string kind, string systemName, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return (await store.CrossReferences.FindAsync([kind, personId, systemName], cancellationToken))?.ExternalId;
    }

    private static List<Employment> Read(string json) => JsonSerializer.Deserialize<List<Employment>>(json, MappingSets.Json) ?? [];
}
