using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Inbox;

/// <summary>
/// More than five changes of one kind from one system that can't be read within ten minutes pause that kind (3-workflows 3.0.3): what is received of it waits in
/// its lanes, and one case stands for all. Retry or Skip of that case lifts the pause; other kinds go on.
/// </summary>
public sealed class TypeFlood(CaseBook cases, TimeProvider time)
{
    public const string Code = "INT-904";

    /// <summary>Changes that can't be read before the kind is paused.</summary>
    public const int Most = 5;

    /// <summary>Within so long.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private const string Prefix = "type:";

    /// <summary>Business key of the case that stands for a kind of change.</summary>
    public static string KeyOf(string systemName, string sourceType) => $"{Prefix}{systemName}:{sourceType}";

    /// <summary>The kind that a case stands for; null when it is about something else.</summary>
    internal static (string SystemName, string SourceType)? KindOf(ExceptionCase about) =>
        about.RunId is null && about.Code == Code && about.BusinessKey.Split(':', 3) is ["type", var system, var type] ? (system, type) : null;

    /// <summary>Whether changes of this kind wait. Asked of the database itself: who takes an old answer for true would put a lane to sleep that has just been woken.</summary>
    public static Task<bool> IsPausedAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken) =>
        store.TypePauses.AnyAsync(pause => pause.SystemName == item.SystemName && pause.SourceType == item.SourceType, cancellationToken);

    /// <summary>Pauses the kind when this change, which can't be read, is one too many; the change then waits with the others. The caller commits.</summary>
    /// <returns>Whether the kind is paused.</returns>
    public async Task<bool> PauseAsync(EngineDbContext store, InboxItem item, string problem, CancellationToken cancellationToken)
    {
        if (await IsPausedAsync(store, item, cancellationToken))
        {
            return true;
        }

        var since = time.GetUtcNow() - Window;
        var before = await store.InboxItems.CountAsync(
            row => row.SystemName == item.SystemName && row.SourceType == item.SourceType && row.Status == InboxStatus.Poisoned && row.EndedAt > since, cancellationToken);
        if (before < Most)
        {
            return false;
        }

        store.TypePauses.Add(new TypePause { SystemName = item.SystemName, SourceType = item.SourceType, PausedAt = time.GetUtcNow() });
        store.AuditEntries.Add(new AuditEntry { At = time.GetUtcNow(), Actor = CaseBook.Engine, Action = "type.paused", Entity = $"system:{item.SystemName}", Reason = $"{item.SourceType}: {problem}" });
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{before + 1} changes of {item.SourceType} from {item.SystemName} could not be read within {Window.TotalMinutes:0} minutes; the last: {problem} No more are looked at: they wait and lose nothing. Mend the mapping or the connector, then Retry takes all of them up again.");
        var subject = new CaseSubject(KeyOf(item.SystemName, item.SourceType), $"{item.SourceType} of {item.SystemName}") { SystemName = item.SystemName };
        await cases.MergeAsync(store, Code, $"{item.SystemName}:{item.SourceType}:", $"One case stands for all {item.SourceType} of {item.SystemName}.", cancellationToken);
        await cases.RaiseAsync(store, subject, [new Finding("3.0.3", Code, subject.Subject, text)], cancellationToken);
        return true;
    }

    /// <summary>Lifts the pause and has every lane looked at in which a change of the kind waits.</summary>
    internal static async Task LiftAsync(EngineDbContext store, (string SystemName, string SourceType) kind, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await store.TypePauses.Where(pause => pause.SystemName == kind.SystemName && pause.SourceType == kind.SourceType).ExecuteDeleteAsync(cancellationToken);
        await store.Database.ExecuteSqlAsync(
            $"""
            with woken as (
                select key from lane where key in (
                    select lane_key from inbox_item where status = 'Waiting' and system_name = {kind.SystemName} and source_type = {kind.SourceType})
                order by key for update)
            update lane set ready_at = {now}, arrivals = arrivals + 1 from woken where lane.key = woken.key
            """,
            cancellationToken);
        await store.Database.ExecuteSqlAsync($"select pg_notify({ChangeFeed.Channel}, {"lane " + kind.SourceType})", cancellationToken);
    }
}
