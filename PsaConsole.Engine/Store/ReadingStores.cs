using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;

namespace PsaConsole.Engine.Store;

/// <summary>Opens the store as far as somebody may read it.</summary>
public static class ReadingStores
{
    /// <summary>A context of which every query has what is in the reader's scope, and of cases those that their roles let them see, and no more.</summary>
    public static Task<EngineDbContext> CreateForAsync(this IDbContextFactory<EngineDbContext> stores, Actor reader, CancellationToken cancellationToken) =>
        CreateAsync(stores, reader, CaseRights.CodesSeenBy(reader), cancellationToken);

    /// <summary>A context for counting and adding up: it has every case of the reader's scope, also those of which they see no record.</summary>
    public static Task<EngineDbContext> CreateForSumsAsync(this IDbContextFactory<EngineDbContext> stores, Actor reader, CancellationToken cancellationToken) =>
        CreateAsync(stores, reader, codes: null, cancellationToken);

    /// <param name="codes">Of the cases that are not assigned to the reader those of these codes only; null for all.</param>
    private static async Task<EngineDbContext> CreateAsync(IDbContextFactory<EngineDbContext> stores, Actor reader, IReadOnlyList<string>? codes, CancellationToken cancellationToken)
    {
        var whole = await stores.CreateDbContextAsync(cancellationToken);
        if (reader.Scope.IsEverything && codes is null)
        {
            return whole;
        }

        await using (whole)
        {
            var options = (DbContextOptions<EngineDbContext>)whole.GetService<IDbContextOptions>();
            return (reader.Scope, codes) switch
            {
                ({ IsEverything: true }, _) => new NarrowedDbContext<ByCase<ByNothing>>(options, reader, codes),
                ({ Practices: null }, null) => new NarrowedDbContext<ByEntity>(options, reader, codes),
                ({ Practices: null }, _) => new NarrowedDbContext<ByCase<ByEntity>>(options, reader, codes),
                ({ LegalEntities: null }, null) => new NarrowedDbContext<ByPractice>(options, reader, codes),
                ({ LegalEntities: null }, _) => new NarrowedDbContext<ByCase<ByPractice>>(options, reader, codes),
                (_, null) => new NarrowedDbContext<ByEntityAndPractice>(options, reader, codes),
                _ => new NarrowedDbContext<ByCase<ByEntityAndPractice>>(options, reader, codes),
            };
        }
    }
}
