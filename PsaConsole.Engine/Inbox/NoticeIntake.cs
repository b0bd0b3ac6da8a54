using Microsoft.EntityFrameworkCore;
using Npgsql;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Inbox;

/// <summary>
/// Takes the notices that systems post: proven, saved, and only then acknowledged. Notices that come while others are being saved are saved together.
/// A refused one leaves a line in the audit trail, without its content, and not more than a few of them a minute: who knocks may not fill the store.
/// </summary>
public sealed class NoticeIntake : IDisposable
{
    private const int Turns = 2;
    private const int MostAtOnce = 500;
    private const int MostRefusalsAMinute = 30;

    private readonly Dictionary<string, INoticeReader> readers;
    private readonly IDbContextFactory<EngineDbContext> stores;
    private readonly Intake intake;
    private readonly TimeProvider time;
    private readonly Gathering<Received, int> saves;
    private readonly Lock gate = new();
    private DateTimeOffset minute;
    private int refusals;

    public NoticeIntake(IEnumerable<INoticeReader> readers, IDbContextFactory<EngineDbContext> stores, Intake intake, TimeProvider time)
    {
        this.readers = readers.ToDictionary(reader => reader.SystemName, StringComparer.Ordinal);
        this.stores = stores;
        this.intake = intake;
        this.time = time;
        saves = new Gathering<Received, int>(Turns, MostAtOnce, SaveAsync, problem => problem is PostgresException);
    }

    /// <summary>Saves what the notice tells of.</summary>
    /// <returns>What the sender is to be answered; null when no such system sends notices.</returns>
    public async Task<NoticeReading?> ReceiveAsync(string systemName, NoticeRequest request, CancellationToken cancellationToken)
    {
        if (!readers.TryGetValue(systemName, out var reader))
        {
            await RefuseAsync("unknown", "No such system sends notices.", cancellationToken);
            return null;
        }

        var reading = reader.Read(request, time.GetUtcNow());
        if (reading.Refusal is { } why)
        {
            await RefuseAsync(systemName, why, cancellationToken);
        }
        else if (reading.Changes.Count > 0)
        {
            await saves.AskAsync(new Received(systemName, reading.Changes), cancellationToken);
        }

        return reading;
    }

    public void Dispose() => saves.Dispose();

    private async Task<IReadOnlyList<int>> SaveAsync(IReadOnlyList<Received> notices)
    {
        foreach (var system in notices.GroupBy(notice => notice.SystemName))
        {
            // No caller's token: what is saved here belongs to many.
            await intake.ReceiveAsync(system.Key, [.. system.SelectMany(notice => notice.Changes)], CancellationToken.None);
        }

        return [.. notices.Select(notice => notice.Changes.Count)];
    }

    private async Task RefuseAsync(string systemName, string why, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            (minute, refusals) = now - minute >= TimeSpan.FromMinutes(1) ? (now, 1) : (minute, refusals + 1);
            if (refusals > MostRefusalsAMinute)
            {
                return;
            }
        }

        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        store.AuditEntries.Add(new AuditEntry
        {
            At = time.GetUtcNow(),
            Actor = CaseBook.Engine,
            Action = "notice.refused",
            Entity = $"system:{systemName}",
            Reason = why,
            Allowed = false,
        });
        await store.SaveChangesAsync(cancellationToken);
    }

    private sealed record Received(string SystemName, IReadOnlyList<Change> Changes);
}
