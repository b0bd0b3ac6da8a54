using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Access;
using PsaConsole.Engine.Exceptions.Groups;
using PsaConsole.Engine.Store;
using PsaConsole.Web.Components.Pages.Exceptions;
using PsaConsole.Web.Security;

namespace PsaConsole.Web.Components.Pages.Groups;

/// <summary>Reads group actions and how they came out.</summary>
public sealed class GroupQueries(ReaderStores stores, Colleagues colleagues, TimeProvider time)
{
    public const int PageSize = 50;

    private const int Newest = 4;

    // Somebody who started one still finds how it ended.
    private static readonly TimeSpan Lingers = TimeSpan.FromMinutes(10);

    /// <summary>What is under way, waits for somebody, or has just ended, the newest first.</summary>
    public async Task<IReadOnlyList<GroupLine>> NowAsync(CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var since = time.GetUtcNow() - Lingers;
        var groups = await store.GroupActions.AsNoTracking()
            .Where(group => group.Status == GroupStatus.Running || group.Status == GroupStatus.Paused || group.EndedAt > since)
            .OrderByDescending(group => group.Id)
            .Take(Newest)
            .ToListAsync(cancellationToken);
        return await LinesAsync(store, groups, cancellationToken);
    }

    /// <summary>A page of all that there ever were, the newest first, and before which number the next one begins.</summary>
    public async Task<(IReadOnlyList<GroupLine> Lines, long? Next)> ListAsync(long? before, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var groups = await store.GroupActions.AsNoTracking().Where(group => before == null || group.Id < before).OrderByDescending(group => group.Id).Take(PageSize + 1).ToListAsync(cancellationToken);
        return (await LinesAsync(store, [.. groups.Take(PageSize)], cancellationToken), groups.Count > PageSize ? groups[PageSize - 1].Id : null);
    }

    /// <summary>The group of that number; null when there is none.</summary>
    public async Task<GroupLine?> ReadAsync(long id, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        return await store.GroupActions.AsNoTracking().SingleOrDefaultAsync(group => group.Id == id, cancellationToken) is { } found
            ? (await LinesAsync(store, [found], cancellationToken))[0]
            : null;
    }

    /// <summary>A page of members in the order in which they are taken, and where the next one begins.</summary>
    public async Task<(IReadOnlyList<GroupMemberRow> Rows, int? Next)> MembersAsync(long id, MemberResult? result, int after, CancellationToken cancellationToken)
    {
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var found = await store.GroupMembers
            .Where(member => member.GroupId == id && member.Position > after && (result == null || member.Result == result))
            .OrderBy(member => member.Position)
            .Take(PageSize + 1)
            .Join(store.ExceptionCases, member => member.CaseId, about => about.Id, (member, about) => new GroupMemberRow(member.Position, about.Id, about.Code, about.Subject, member.Result, member.Text, member.SettledAt))
            .ToListAsync(cancellationToken);
        IReadOnlyList<GroupMemberRow> rows = [.. found.OrderBy(row => row.Position).Take(PageSize)];
        return (rows, found.Count > PageSize ? rows[^1].Position : null);
    }

    private async Task<IReadOnlyList<GroupLine>> LinesAsync(EngineDbContext store, IReadOnlyList<GroupAction> groups, CancellationToken cancellationToken)
    {
        var ids = groups.Select(group => group.Id).ToList();
        var counts = await store.GroupMembers.Where(member => ids.Contains(member.GroupId)).CountByGroupAsync(cancellationToken);
        var names = await colleagues.NamesAsync(cancellationToken);
        return
        [
            .. groups.Select(group => new GroupLine(
                group,
                counts.GetValueOrDefault(group.Id, new GroupCounts(0, 0, 0, 0, 0, 0)),
                CaseWords.Person(group.StartedBy, names),
                group.Assignee is { Length: > 0 } person ? CaseWords.Person(person, names) : group.Assignee)),
        ];
    }
}
