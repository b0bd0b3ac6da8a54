using Microsoft.EntityFrameworkCore;

namespace PsaConsole.Engine.Exceptions.Groups;

/// <summary>Counts members by their result.</summary>
public static class GroupMembers
{
    public static async Task<GroupCounts> CountAsync(this IQueryable<GroupMember> members, CancellationToken cancellationToken)
    {
        var counts = await members.GroupBy(member => member.Result).Select(part => new { part.Key, Count = part.Count() }).ToDictionaryAsync(part => part.Key, part => part.Count, cancellationToken);
        return Of(counts);
    }

    /// <summary>Counts the members of several groups in one look; a group without members is not among them.</summary>
    public static async Task<IReadOnlyDictionary<long, GroupCounts>> CountByGroupAsync(this IQueryable<GroupMember> members, CancellationToken cancellationToken)
    {
        var counts = await members.GroupBy(member => new { member.GroupId, member.Result }).Select(part => new { part.Key.GroupId, part.Key.Result, Count = part.Count() }).ToListAsync(cancellationToken);
        return counts.GroupBy(part => part.GroupId).ToDictionary(group => group.Key, group => Of(group.ToDictionary(part => part.Result, part => part.Count)));
    }

    private static GroupCounts Of(Dictionary<MemberResult, int> counts) => new(
        counts.GetValueOrDefault(MemberResult.Waiting), counts.GetValueOrDefault(MemberResult.Asked), counts.GetValueOrDefault(MemberResult.Verified),
        counts.GetValueOrDefault(MemberResult.Failed), counts.GetValueOrDefault(MemberResult.Skipped), counts.GetValueOrDefault(MemberResult.Superseded));
}
