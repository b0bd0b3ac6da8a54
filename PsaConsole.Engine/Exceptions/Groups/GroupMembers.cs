using Microsoft.EntityFrameworkCore;

namespace PsaConsole.Engine.Exceptions.Groups;

/// <summary>Counts members by their result.</summary>
public static class GroupMembers
{
    public static async Task<GroupCounts> CountAsync(this IQueryable<GroupMember> members, CancellationToken cancellationToken)
    {
        var counts = await members.GroupBy(member => member.Result).Select(part => new { part.Key, Count = part.Count() }).ToDictionaryAsync(part => part.Key, part => part.Count, cancellationToken);
        return new GroupCounts(
            counts.GetValueOrDefault(MemberResult.Waiting), counts.GetValueOrDefault(MemberResult.Asked), counts.GetValueOrDefault(MemberResult.Verified),
            counts.GetValueOrDefault(MemberResult.Failed), counts.GetValueOrDefault(MemberResult.Skipped), counts.GetValueOrDefault(MemberResult.Superseded));
    }
}
