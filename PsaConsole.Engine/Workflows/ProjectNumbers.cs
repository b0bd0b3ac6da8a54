using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows;

/// <summary>Draws project numbers, one series a legal entity. A run that asks again gets the numbers that it has.</summary>
public sealed class ProjectNumbers(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    /// <param name="parts">Legal entity, name and value of each project, in the order of the parts.</param>
    /// <returns>The projects as the hub knows them, in the same order.</returns>
    public async Task<IReadOnlyList<EngagementRow>> DrawAsync(
        Run run, Opportunity deal, string clientName, IReadOnlyList<(string LegalEntity, string Name, decimal Value)> parts, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var known = await store.Engagements.Where(row => row.RunId == run.Id).ToListAsync(cancellationToken);
        var drawn = new EngagementRow[parts.Count];
        // In one order for everybody: two deals that draw from the same two series the other way round would wait for each other.
        foreach (var (index, (entity, name, value)) in parts.Index().OrderBy(part => part.Item.LegalEntity, StringComparer.Ordinal))
        {
            var row = known.Find(item => item.LegalEntity == entity);
            if (row is null)
            {
                row = New(run, deal, clientName, entity, name, value, await NextAsync(store, entity, cancellationToken));
                store.Engagements.Add(row);
            }

            row.ContractValue = value;
            row.Practice = deal.ServiceLine;
            drawn[index] = row;
        }

        await store.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return drawn;
    }

    private static async Task<int> NextAsync(EngineDbContext store, string entity, CancellationToken cancellationToken) =>
        (await store.Database
            .SqlQuery<int>($"""
                insert into number_series (legal_entity, next) values ({entity}, 2)
                on conflict (legal_entity) do update set next = number_series.next + 1
                returning next - 1 as "Value"
                """)
            .ToListAsync(cancellationToken)).Single();

    private EngagementRow New(Run run, Opportunity deal, string clientName, string entity, string name, decimal value, int number) => new()
    {
        Id = Guid.CreateVersion7(),
        Number = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{entity}-{number:00000}"),
        Name = name,
        RunId = run.Id,
        OpportunityId = deal.Id,
        LegalEntity = entity,
        ClientName = clientName,
        ContractValue = value,
        Currency = deal.Currency,
        BillingType = deal.BillingType!.Value,
        CreatedAt = time.GetUtcNow(),
    };
}
