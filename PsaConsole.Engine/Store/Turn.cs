using Microsoft.EntityFrameworkCore;

namespace PsaConsole.Engine.Store;

/// <summary>Work that one replica does at a time.</summary>
internal static class Turn
{
    /// <summary>Takes the turn until the context's transaction ends; false when somebody else has it.</summary>
    /// <param name="store">A context with a transaction under way that does nothing else.</param>
    public static async Task<bool> TryTakeTurnAsync(this EngineDbContext store, string name, CancellationToken cancellationToken) =>
        (await store.Database.SqlQuery<bool>($"select pg_try_advisory_xact_lock(hashtextextended({name}, 0)) as \"Value\"").ToListAsync(cancellationToken)).Single();
}
