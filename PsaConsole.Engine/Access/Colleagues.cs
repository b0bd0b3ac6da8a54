using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Access;

/// <summary>Knows by name whoever has signed in, and every program that has a key.</summary>
public sealed class Colleagues(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    // Names hardly change; somebody who signs in for the first time is known everywhere after so long.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private volatile Known _known = new(new Dictionary<string, string>(), [], DateTimeOffset.MinValue);

    /// <summary>Names by id.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(CancellationToken cancellationToken) => (await ReadAsync(cancellationToken)).Names;

    /// <summary>Ids of the people among them, whoever was here last first.</summary>
    public async Task<IReadOnlyList<string>> PeopleAsync(CancellationToken cancellationToken) => (await ReadAsync(cancellationToken)).People;

    /// <summary>Somebody signs in.</summary>
    internal static Task NoteAsync(EngineDbContext store, Actor actor, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.Database.ExecuteSqlAsync(
            $"insert into colleague (person, name, seen_at) values ({actor.Id}, {actor.Name}, {now}) on conflict (person) do update set name = excluded.name, seen_at = excluded.seen_at",
            cancellationToken);

    private async Task<Known> ReadAsync(CancellationToken cancellationToken)
    {
        var (known, now) = (_known, time.GetUtcNow());
        if (now - known.ReadAt < Fresh)
        {
            return known;
        }

        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var people = await store.Colleagues.AsNoTracking().OrderByDescending(colleague => colleague.SeenAt).ToListAsync(cancellationToken);
        var programs = await store.ApiKeys.AsNoTracking().Select(key => new { key.Id, key.Name }).ToListAsync(cancellationToken);
        var names = people.ToDictionary(colleague => colleague.Person, colleague => colleague.Name, StringComparer.Ordinal);
        foreach (var program in programs)
        {
            names[ApiKey.ActorOf(program.Id)] = program.Name;
        }

        return _known = new Known(names, people.ConvertAll(colleague => colleague.Person), now);
    }

    private sealed record Known(IReadOnlyDictionary<string, string> Names, IReadOnlyList<string> People, DateTimeOffset ReadAt);
}
