using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Engine.Store;

/// <summary>Gives new audit entries the legal entities and practices of the run, case or approval that they tell of, which is changed in the same context.</summary>
internal static class AuditPlaces
{
    public static void Fill(EngineDbContext store)
    {
        foreach (var entry in store.ChangeTracker.Entries<AuditEntry>().Where(item => item.State == EntityState.Added).Select(item => item.Entity).Where(entry => entry.LegalEntities.Length == 0))
        {
            if (entry.Entity.Split(':') is [var kind, var id])
            {
                (entry.LegalEntities, entry.Practices) = kind switch
                {
                    "run" when Guid.TryParse(id, out var run) && Find<Run>(store, item => item.Id == run) is { } found => (found.LegalEntities, found.Practices),
                    "case" when Number(id) is { } number && Find<ExceptionCase>(store, item => item.Id == number) is { } found => (found.LegalEntities, found.Practices),
                    "approval" when Number(id) is { } number && Find<Approval>(store, item => item.Id == number) is { } found => ([found.LegalEntity], found.Practice is { } practice ? [practice] : []),
                    _ => (entry.LegalEntities, entry.Practices),
                };
            }
        }
    }

    private static T? Find<T>(EngineDbContext store, Func<T, bool> matches)
        where T : class => store.Set<T>().Local.FirstOrDefault(matches);

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
