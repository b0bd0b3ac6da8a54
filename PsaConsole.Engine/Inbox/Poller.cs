using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Inbox;

/// <summary>
/// Asks a system what changed since its cursor and saves it in the inbox. The cursor is stored after its page, so that a crash in between reads a page
/// again, which the inbox recognises. One replica polls a system at a time.
/// </summary>
public sealed class Poller(
    IDbContextFactory<EngineDbContext> stores, IEnumerable<IChangeSource> sources, Intake intake, CaseBook cases, TimeProvider time, ILogger<Poller> logger)
{
    /// <summary>Names of the systems that can be polled.</summary>
    public IReadOnlyList<string> SystemNames { get; } = [.. sources.Select(source => source.SystemName)];

    /// <returns>How many new changes were received.</returns>
    public async Task<int> PollAsync(string systemName, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        await using var transaction = await store.Database.BeginTransactionAsync(cancellationToken);
        var turn = await store.Database
            .SqlQuery<bool>($"""select pg_try_advisory_xact_lock(hashtextextended({"poll:" + systemName}, 0)) as "Value" """)
            .SingleAsync(cancellationToken);
        if (!turn || await store.SystemPauses.AnyAsync(pause => pause.SystemName == systemName, cancellationToken))
        {
            return 0;
        }

        var received = await ReadAsync(store, sources.Single(source => source.SystemName == systemName), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return received;
    }

    private async Task<int> ReadAsync(EngineDbContext store, IChangeSource source, CancellationToken cancellationToken)
    {
        var cursor = await store.SourceCursors.FindAsync([source.SystemName], cancellationToken);
        if (cursor is null)
        {
            cursor = new SourceCursor { SystemName = source.SystemName };
            store.SourceCursors.Add(cursor);
        }

        var received = 0;
        var bulk = cursor.Cursor is null;
        try
        {
            ChangePage page;
            do
            {
                page = await source.ReadChangesAsync(cursor.Cursor, cancellationToken);
                received += await intake.ReceiveAsync(source.SystemName, page.Changes, bulk, cancellationToken);
                cursor.Cursor = page.Cursor;
                cursor.ReadAt = time.GetUtcNow();
                cursor.LastError = null;
            }
            while (page.More);
            await cases.ResolveAsync(store, ["INT-905"], Key(source), time.GetUtcNow(), "Everything of interest was read again.", cancellationToken);
        }
        catch (ConnectorException problem) when (problem.Class == ErrorClass.CursorLost)
        {
            logger.LogWarning("{System} has lost the cursor; everything of interest is read again.", source.SystemName);
            cursor.Cursor = null;
            cursor.LastError = problem.Message;
            var about = new CaseSubject(Key(source), source.SystemName) { SystemName = source.SystemName };
            await cases.RaiseAsync(store, about, [new Finding("3.0.3", "INT-905", source.SystemName, $"{problem.Message} Everything of interest is read again; nothing has to be done unless this comes back.")], cancellationToken);
        }
        catch (ConnectorException problem)
        {
            logger.LogWarning("{System} can't be polled: {Reason}", source.SystemName, problem.Message);
            cursor.LastError = problem.Message.Length <= 2000 ? problem.Message : problem.Message[..2000];
        }

        await store.SaveChangesAsync(cancellationToken);
        return received;
    }

    private static string Key(IChangeSource source) => $"system:{source.SystemName}";
}
