using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Exceptions.Presence;

/// <summary>Somebody who has a case open.</summary>
/// <param name="IsActing">A form is open: they are about to decide something.</param>
public sealed record Present(string Person, string Name, bool IsActing);

/// <summary>
/// Who has which case open, in every replica. Each tells the others through the change feed when somebody comes, begins to act or goes, and says every few
/// seconds who is still there: whose replica falls silent is not there any more. Nothing of it is kept.
/// </summary>
public sealed class Presences(NpgsqlDataSource database, ChangeFeed feed, TimeProvider time, ILogger<Presences> logger) : BackgroundService
{
    /// <summary>Kind of the news of who is where.</summary>
    public const string Kind = "presence";

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(50);

    private readonly ConcurrentDictionary<Guid, Told> known = new();
    private readonly ConcurrentDictionary<Guid, Stay> own = new();
    private readonly ConcurrentDictionary<Guid, (long CaseId, Action Call)> listeners = new();

    /// <summary>Somebody opens a case; they are there until the answer is disposed.</summary>
    public Stay Enter(long caseId, Actor actor)
    {
        var stay = new Stay(this, caseId, actor);
        own[stay.Key] = stay;
        Hear(stay.AsTold(false));
        _ = TellAsync(stay.AsTold(false));
        return stay;
    }

    /// <summary>Who has the case open, each person once, but this one.</summary>
    public IReadOnlyList<Present> Of(long caseId, string except) =>
    [
        .. known.Values
            .Where(told => told.Case == caseId && told.Person != except && !IsSilent(told))
            .GroupBy(told => told.Person)
            .Select(person => new Present(person.Key, person.First().Name, person.Any(told => told.Acts)))
            .OrderBy(present => present.Name, StringComparer.Ordinal),
    ];

    /// <summary>Calls when somebody comes to or goes from the case, until the answer is disposed. The call must be quick.</summary>
    public IDisposable Listen(long caseId, Action call)
    {
        var key = Guid.NewGuid();
        listeners[key] = (caseId, call);
        return new Listening(() => listeners.TryRemove(key, out _));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = feed.Subscribe(item =>
        {
            if (item.Kind == Kind && JsonSerializer.Deserialize<Told>(item.Id, MappingSets.Json) is { } told)
            {
                Hear(told);
            }
        });
        using var beat = new PeriodicTimer(Beat, time);
        while (await beat.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var stay in own.Values)
            {
                await TellAsync(stay.AsTold(false));
            }

            foreach (var silent in known.Values.Where(IsSilent))
            {
                Hear(silent with { Gone = true });
            }
        }
    }

    private void Changed(Stay stay, bool gone)
    {
        if (gone)
        {
            own.TryRemove(stay.Key, out _);
        }

        Hear(stay.AsTold(gone));
        _ = TellAsync(stay.AsTold(gone));
    }

    private bool IsSilent(Told told) => time.GetUtcNow() - told.At > Silence;

    private void Hear(Told told)
    {
        known.TryGetValue(told.Key, out var before);
        if (told.Gone)
        {
            known.TryRemove(told.Key, out _);
        }
        else
        {
            known[told.Key] = told with { At = time.GetUtcNow() };
        }

        if (told.Gone ? before is not null : before is null || before.Acts != told.Acts)
        {
            foreach (var listener in listeners.Values.Where(item => item.CaseId == told.Case))
            {
                listener.Call();
            }
        }
    }

    private async Task TellAsync(Told told)
    {
        try
        {
            await using var notify = database.CreateCommand("select pg_notify($1, $2)");
            notify.Parameters.Add(new NpgsqlParameter { Value = ChangeFeed.Channel });
            notify.Parameters.Add(new NpgsqlParameter { Value = $"{Kind} {JsonSerializer.Serialize(told, MappingSets.Json)}" });
            await notify.ExecuteNonQueryAsync();
        }
        catch (Exception problem)
        {
            // The next beat tells it again; nothing depends on it.
            logger.LogInformation(problem, "The other replicas were not told who looks at case {Case}.", told.Case);
        }
    }

    /// <summary>One open page.</summary>
    public sealed class Stay : IDisposable
    {
        private readonly Presences presences;
        private readonly long caseId;
        private readonly Actor actor;
        private bool acts;
        private bool gone;

        internal Stay(Presences presences, long caseId, Actor actor) => (this.presences, this.caseId, this.actor) = (presences, caseId, actor);

        internal Guid Key { get; } = Guid.NewGuid();

        /// <summary>A form was opened, or closed.</summary>
        public void Act(bool now)
        {
            if (acts != now && !gone)
            {
                acts = now;
                presences.Changed(this, gone: false);
            }
        }

        public void Dispose()
        {
            if (!gone)
            {
                gone = true;
                presences.Changed(this, gone: true);
            }
        }

        internal Told AsTold(bool isGone) => new(Key, caseId, actor.Id, actor.Name, acts, isGone, default);
    }

    /// <summary>What replicas tell each other.</summary>
    internal sealed record Told(Guid Key, long Case, string Person, string Name, bool Acts, bool Gone, DateTimeOffset At);

    private sealed class Listening(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
