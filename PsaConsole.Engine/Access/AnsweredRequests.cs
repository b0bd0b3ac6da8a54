using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Access;

/// <summary>
/// Does what a program asks for once, however often it asks: the first request under a key is carried out, the others get its answer. A request that a crash cut
/// off may be carried out again; what it does is safe against that by itself (versions of cases, the inbox's unique revisions).
/// </summary>
public sealed class AnsweredRequests(IDbContextFactory<EngineDbContext> stores, TimeProvider time)
{
    public const int LongestKey = 100;

    /// <summary>For so long an answer is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>After so long without an answer a request counts as cut off.</summary>
    public static readonly TimeSpan CutOff = TimeSpan.FromMinutes(1);

    /// <summary>Takes up a request.</summary>
    /// <returns>Null when the caller is the first and carries it out; else the answer that was given.</returns>
    /// <exception cref="RefusedException">The key was used for something else, or the same request is being worked on right now.</exception>
    public async Task<AnsweredRequest?> BeginAsync(string actor, string key, string fingerprint, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var begun = await store.Database.ExecuteSqlAsync(
            $"""
            insert into answered_request (actor, key, fingerprint, begun_at) values ({actor}, {key}, {fingerprint}, {now})
            on conflict (actor, key) do update set begun_at = excluded.begun_at, fingerprint = excluded.fingerprint, status = null, body = null, location = null
            where answered_request.begun_at < {now - Kept}
               or (answered_request.status is null and answered_request.fingerprint = excluded.fingerprint and answered_request.begun_at < {now - CutOff})
            """,
            cancellationToken);
        if (begun == 1)
        {
            return null;
        }

        var known = await store.AnsweredRequests.AsNoTracking().SingleAsync(request => request.Actor == actor && request.Key == key, cancellationToken);
        return known switch
        {
            _ when known.Fingerprint != fingerprint => throw new RefusedException($"The Idempotency-Key {key} was used for another request. Choose a new one for each thing that you ask for."),
            { Status: null } => throw new RefusedException($"The request under the Idempotency-Key {key} is being worked on. Ask again in a moment.", RefusedBecause.Stale),
            _ => known,
        };
    }

    /// <summary>Keeps the answer.</summary>
    public async Task AnswerAsync(string actor, string key, int status, string? contentType, string? location, string? body, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await store.AnsweredRequests.Where(request => request.Actor == actor && request.Key == key).ExecuteUpdateAsync(
            set => set.SetProperty(request => request.Status, status)
                .SetProperty(request => request.ContentType, contentType)
                .SetProperty(request => request.Location, location)
                .SetProperty(request => request.Body, body),
            cancellationToken);
    }

    /// <summary>Lets a request go of which nothing came: it may be asked again at once.</summary>
    public async Task ForgetAsync(string actor, string key, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await store.AnsweredRequests.Where(request => request.Actor == actor && request.Key == key).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Removes answers that are not kept any longer.</summary>
    public async Task TidyAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - Kept;
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await store.AnsweredRequests.Where(request => request.BegunAt < before).ExecuteDeleteAsync(cancellationToken);
    }
}
