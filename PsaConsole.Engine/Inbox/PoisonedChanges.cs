using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Inbox;

/// <summary>
/// Changes that can't be read (3-workflows 3.0.3): each is set aside with a case, so that it holds up nothing behind it, and kept until a person replays it or
/// leaves it out, or a later change of the same record is read.
/// </summary>
public sealed class PoisonedChanges(CaseBook cases, TypeFlood flood, TimeProvider time)
{
    private static readonly string[] Codes = ["INT-904", "GOV-952", "INT-999"];

    /// <summary>
    /// True when trying again by itself would end the same: the vendor's answer, a mapping or the engine is at fault. The database and a lease that is lost are
    /// not, nor is an end of our own work.
    /// </summary>
    public static bool IsCausedBy(Exception problem) => problem is not (
        OperationCanceledException or LeaseLostException or DbException or DbUpdateException or TimeoutException or IOException);

    /// <summary>
    /// Sets a change aside and raises its case; or leaves it waiting, when too many of its kind can't be read. The context must be a fresh one: what the handler had
    /// begun is not kept.
    /// </summary>
    public async Task<InboxItem> IsolateAsync(EngineDbContext store, long itemId, Exception problem, CancellationToken cancellationToken)
    {
        var item = await store.InboxItems.SingleAsync(row => row.Id == itemId, cancellationToken);
        if (problem is ConnectorException && await flood.PauseAsync(store, item, problem.Message, cancellationToken))
        {
            item.Outcome = problem.Message;
            return item;
        }

        item.Status = InboxStatus.Poisoned;
        item.Attempts++;
        item.ResumeAt = null;
        item.Outcome = problem.Message;
        item.EndedAt = time.GetUtcNow();
        var subject = $"{item.SourceType} {item.SourceId}";
        IReadOnlyList<Finding> findings = problem switch
        {
            MappingException unmapped => [.. unmapped.Gaps.Select(gap => new Finding("R45", "GOV-952", subject, gap.ToString()) { Field = gap.Field, Actual = gap.Value, Unmapped = gap.Unmapped })],
            ConnectorException => [new Finding("3.0.3", "INT-904", subject, problem.Message)],
            _ => [new Finding("3.0.3", "INT-999", subject, $"{subject} of {item.SystemName} can't be taken up: {problem.GetType().Name}, {problem.Message}")],
        };
        await cases.RaiseAsync(store, new CaseSubject(KeyOf(item), subject) { SystemName = item.SystemName }, findings, cancellationToken);
        return item;
    }

    /// <summary>A change was read: what was set aside of the same record before is superseded, since the record was read as it is now.</summary>
    public async Task SettleAsync(EngineDbContext store, InboxItem read, CancellationToken cancellationToken)
    {
        if (await cases.ResolveAsync(store, Codes, KeyOf(read), TypeFlood.KeyOf(read.SystemName, read.SourceType), time.GetUtcNow(), "The record was read.", cancellationToken) == 0)
        {
            return;
        }

        foreach (var item in await Of(store, read.SystemName, read.SourceType, read.SourceId).ToListAsync(cancellationToken))
        {
            item.Status = InboxStatus.Ended;
            item.Outcome = "Superseded: a later change of the record was read.";
        }
    }

    /// <summary>The changes that each case is about, oldest first; none for one that is about something else.</summary>
    internal static async Task<IReadOnlyDictionary<ExceptionCase, IReadOnlyList<InboxItem>>> OfAsync(EngineDbContext store, IReadOnlyList<ExceptionCase> cases, CancellationToken cancellationToken)
    {
        var ids = cases.Select(RecordOf).OfType<(string System, string Type, string Id)>().Select(record => record.Id).ToList();
        var ofRecords = ids.Count == 0 ? [] : await store.InboxItems.Where(item => item.Status == InboxStatus.Poisoned && ids.Contains(item.SourceId)).OrderBy(item => item.Id).ToListAsync(cancellationToken);
        var byRecord = ofRecords.ToLookup(item => (item.SystemName, item.SourceType, item.SourceId));
        var found = new Dictionary<ExceptionCase, IReadOnlyList<InboxItem>>();
        foreach (var about in cases)
        {
            found[about] =
                TypeFlood.KindOf(about) is { } kind ? await OfKind(store, kind.SystemName, kind.SourceType).OrderBy(item => item.Id).ToListAsync(cancellationToken)
                : RecordOf(about) is { } record ? [.. byRecord[record]]
                : [];
        }

        return found;
    }

    /// <summary>The record whose change could not be read; null when the case is about something else.</summary>
    private static (string System, string Type, string Id)? RecordOf(ExceptionCase about) =>
        about.RunId is null && Codes.Contains(about.Code) && TypeFlood.KindOf(about) is null && about.BusinessKey.Split(':', 3) is [var system, var type, var id] ? (system, type, id) : null;

    private static IQueryable<InboxItem> OfKind(EngineDbContext store, string system, string type) =>
        store.InboxItems.Where(item => item.SystemName == system && item.SourceType == type && item.Status == InboxStatus.Poisoned);

    private static IQueryable<InboxItem> Of(EngineDbContext store, string system, string type, string id) =>
        OfKind(store, system, type).Where(item => item.SourceId == id);

    private static string KeyOf(InboxItem item) => $"{item.SystemName}:{item.SourceType}:{item.SourceId}";
}
