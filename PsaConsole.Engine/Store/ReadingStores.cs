using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using PsaConsole.Engine.Access;

namespace PsaConsole.Engine.Store;

/// <summary>Opens the store as far as somebody may read it.</summary>
public static class ReadingStores
{
    /// <summary>A context of which every query has what is in the reader's scope, and no more.</summary>
    public static async Task<EngineDbContext> CreateForAsync(this IDbContextFactory<EngineDbContext> stores, Actor reader, CancellationToken cancellationToken)
    {
        var whole = await stores.CreateDbContextAsync(cancellationToken);
        if (reader.Scope.IsEverything)
        {
            return whole;
        }

        await using (whole)
        {
            var options = (DbContextOptions<EngineDbContext>)whole.GetService<IDbContextOptions>();
            return reader.Scope switch
            {
                { Practices: null } => new NarrowedDbContext<ByEntity>(options, reader),
                { LegalEntities: null } => new NarrowedDbContext<ByPractice>(options, reader),
                _ => new NarrowedDbContext<ByEntityAndPractice>(options, reader),
            };
        }
    }
}
