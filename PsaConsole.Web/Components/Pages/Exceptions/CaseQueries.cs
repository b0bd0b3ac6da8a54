using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Store;
using PsaConsole.Web.Components.Shared;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Exceptions;

/// <summary>Reads the queue: groups by cause, and pages of cases in the order in which they cost.</summary>
public sealed class CaseQueries(ReaderStores stores, Colleagues colleagues, TimeProvider time)
{
    public const int PageSize = 50;
    private const int HistoryLines = 200;
    private const int DraftLines = 5;

    /// <summary>Open cases by kind, the kind first whose first case costs most to leave.</summary>
    public async Task<IReadOnlyList<CaseGroup>> GroupsAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await GroupsAsync(store, time.GetUtcNow(), cancellationToken);
    }

    /// <inheritdoc cref="GroupsAsync(CancellationToken)"/>
    internal static async Task<IReadOnlyList<CaseGroup>> GroupsAsync(EngineDbContext store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var parts = await CaseSelection.AwakeOf(store, now)
            .GroupBy(item => new { item.Code, item.ExposureCurrency })
            .Select(part => new
            {
                part.Key.Code,
                Currency = part.Key.ExposureCurrency,
                Count = part.Count(),
                Amount = part.Sum(item => item.Exposure),
                Oldest = part.Min(item => item.RaisedAt),
                FirstDue = part.Min(item => item.DueAt),
                First = part.Min(item => item.PriorityAt),
            })
            .ToListAsync(cancellationToken);
        return [.. parts
            .GroupBy(part => part.Code)
            .Select(group => new CaseGroup(
                group.Key,
                CaseKinds.Of(group.Key).Title,
                group.Sum(part => part.Count),
                [.. group
                    .Where(part => part is { Currency: not null, Amount: > 0 })
                    .Select(part => new Money(part.Amount!.Value, part.Currency!))
                    .OrderByDescending(money => money.Amount)],
                group.Min(part => part.Oldest),
                group.Min(part => part.FirstDue),
                group.Min(part => part.First)))
            .OrderBy(group => group.First)
            .ThenByDescending(group => group.Count)];
    }

    /// <summary>A page of cases as lines of the list, and where the next one begins.</summary>
    public async Task<(IReadOnlyList<CaseRow> Rows, CasePosition? Next)> ListAsync(CaseFilter filter, string reader, CancellationToken cancellationToken)
    {
        var (rows, next) = await FindAsync(filter, reader, PageSize, cancellationToken);
        var names = await colleagues.NamesAsync(cancellationToken);
        return ([.. rows.Select(item => Row(item, names))], next);
    }

    /// <summary>The case of that number with its history, the oldest line first; null when there is none.</summary>
    public async Task<ExceptionCase?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.ExceptionCases.AsNoTracking().Include(item => item.History.OrderBy(entry => entry.Id).Take(HistoryLines)).SingleOrDefaultAsync(item => item.Id == id, cancellationToken);
    }

    /// <summary>A page of cases, and where the next one begins.</summary>
    public async Task<(IReadOnlyList<ExceptionCase> Rows, CasePosition? Next)> FindAsync(CaseFilter filter, string reader, int take, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var cases = (await ChosenAsync(filter)).Of(store, reader, time.GetUtcNow());
        if (filter.After is { } after)
        {
            cases = filter.IsSettled
                ? cases.Where(item => item.ClosedAt < after.At || (item.ClosedAt == after.At && item.Id < after.Id))
                : cases.Where(item => item.PriorityAt > after.At || (item.PriorityAt == after.At && item.Id > after.Id));
        }

        cases = filter.IsSettled
            ? cases.OrderByDescending(item => item.ClosedAt).ThenByDescending(item => item.Id)
            : cases.OrderBy(item => item.PriorityAt).ThenBy(item => item.Id);
        var found = await cases.Take(take + 1).ToListAsync(cancellationToken);
        var last = found.Count > take ? found[take - 1] : null;
        return (
            [.. found.Take(take)],
            last is null ? null : new CasePosition(filter.IsSettled ? last.ClosedAt!.Value : last.PriorityAt, last.Id));
    }

    /// <summary>What the list has, searched as far as the reader may see.</summary>
    private async Task<CaseSelection> ChosenAsync(CaseFilter filter) => filter.Selection with { Payloads = (await stores.SightAsync()).Payloads };

    /// <summary>These cases as they are now.</summary>
    public async Task<IReadOnlyList<CaseRow>> ReadAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var found = await store.ExceptionCases.AsNoTracking().Where(item => ids.Contains(item.Id)).ToListAsync(cancellationToken);
        var names = await colleagues.NamesAsync(cancellationToken);
        return [.. found.Select(item => Row(item, names))];
    }

    /// <summary>Ids of the cases that match beyond those that are shown: the news of the list.</summary>
    public async Task<IReadOnlyList<long>> NewAsync(CaseFilter filter, string reader, long newerThan, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await (await ChosenAsync(filter)).Of(store, reader, time.GetUtcNow()).Where(item => item.Id > newerThan).Select(item => item.Id).Take(PageSize).ToListAsync(cancellationToken);
    }

    /// <summary>How many cases the list has on all its pages.</summary>
    public async Task<int> MatchingAsync(CaseFilter filter, string reader, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await (await ChosenAsync(filter)).Of(store, reader, time.GetUtcNow()).CountAsync(cancellationToken);
    }

    /// <summary>Mapping rules that wait for a second person, the oldest first.</summary>
    public async Task<IReadOnlyList<MappingDraft>> DraftsAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.MappingDrafts.AsNoTracking().Where(draft => draft.Status == DraftStatus.Waiting && store.ExceptionCases.Any(item => item.Id == draft.CaseId)).OrderBy(draft => draft.Id).Take(DraftLines).ToListAsync(cancellationToken);
    }

    /// <summary>The highest case number there is: what comes later is new.</summary>
    public async Task<long> LastAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.ExceptionCases.MaxAsync(item => (long?)item.Id, cancellationToken) ?? 0;
    }

    /// <summary>How many are open, how many of them are with the reader, and how many were put off.</summary>
    public async Task<(int Open, int Mine, int Asleep)> CountAsync(string reader, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        // One look at the index that has what tells sleepers apart, instead of one for each number.
        var open = await CaseSelection.OpenOf(store).GroupBy(CaseSelection.Asleep(now)).Select(part => new { Asleep = part.Key, Count = part.Count() }).ToDictionaryAsync(part => part.Asleep, part => part.Count, cancellationToken);
        var mine = await CaseSelection.AwakeOf(store, now).CountAsync(item => item.Assignee == reader, cancellationToken);
        return (open.GetValueOrDefault(false), mine, open.GetValueOrDefault(true));
    }

    internal static CaseRow Row(ExceptionCase item, IReadOnlyDictionary<string, string> names)
    {
        var (text, tone) = Standings.Of(item.Status);
        return new CaseRow
        {
            Id = item.Id,
            Code = item.Code,
            Kind = CaseKinds.Of(item.Code).Title,
            Sentence = item.Message,
            Severity = item.Severity,
            Standing = new CaseStanding(text, tone, item.IsOpen),
            Subject = item.Subject,
            AtRisk = item is { Exposure: { } amount, ExposureCurrency: { } currency } ? new Money(amount, currency) : null,
            OwnerGroup = Words.Of(item.OwnerGroup),
            AssignedTo = item.Assignee is { } person ? CaseWords.Person(person, names) : null,
            RaisedAt = item.RaisedAt,
            DueAt = item.DueAt,
            Occurrences = item.Occurrences,
            CameBackFrom = item.CameBackFrom,
        };
    }
}
