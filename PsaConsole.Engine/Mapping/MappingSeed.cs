using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Mapping;

/// <summary>
/// Stores the shipped mapping sets where they are new, and activates the newest version of every set. A shipped set that changed becomes a new version
/// unless somebody has made a version of their own: what an administrator wrote is never replaced by an upgrade.
/// </summary>
public sealed class MappingSeed(IDbContextFactory<EngineDbContext> stores, MappingSets sets, TimeProvider time)
{
    private const string Shipped = "shipped";

    public async Task ActivateAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        await store.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('mapping seed', 0))", cancellationToken);
        var newest = (await store.MappingSets.AsNoTracking().ToListAsync(cancellationToken))
            .GroupBy(set => set.Name)
            .ToDictionary(group => group.Key, group => group.MaxBy(set => set.Version)!);
        foreach (var (name, rules) in ShippedMappings.All())
        {
            var known = newest.GetValueOrDefault(name);
            if (known is null || (known.Author == Shipped && !SameJson(known.Rules, rules)))
            {
                var set = new MappingSet { Name = name, Version = (known?.Version ?? 0) + 1, Rules = rules, Author = Shipped, CreatedAt = time.GetUtcNow() };
                store.MappingSets.Add(set);
                newest[name] = set;
            }
        }

        await store.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var set in newest.Values)
        {
            sets.Activate(set);
        }
    }

    /// <summary>PostgreSQL stores jsonb in its own order of keys: the texts differ where the content is equal.</summary>
    private static bool SameJson(string left, string right) =>
        System.Text.Json.Nodes.JsonNode.DeepEquals(System.Text.Json.Nodes.JsonNode.Parse(left), System.Text.Json.Nodes.JsonNode.Parse(right));
}
