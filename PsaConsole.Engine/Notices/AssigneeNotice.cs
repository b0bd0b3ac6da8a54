using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Notices;

/// <summary>Plans that a person is told of a case that others have given them: in the channel, and by mail at the address with which they last signed in.</summary>
public static class AssigneeNotice
{
    /// <summary>Once for a person and a case, however often it goes to and fro. In the transaction of the assignment.</summary>
    /// <param name="at">When they are told: not in the quiet hours of the team, unless somebody has just acted.</param>
    public static async Task PlanAsync(EngineDbContext store, ExceptionCase about, string person, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (about.Id > 0 && await store.TeamNotices.AnyAsync(item => item.CaseId == about.Id && item.Stage == NoticeStage.Assigned && item.Person == person, cancellationToken))
        {
            return;
        }

        var address = await store.Sessions.Where(session => session.Person == person && session.Address != null).OrderByDescending(session => session.BegunAt).Select(session => session.Address).FirstOrDefaultAsync(cancellationToken);
        store.TeamNotices.Add(new TeamNotice { Case = about, Stage = NoticeStage.Assigned, Person = person, Address = address, DueAt = at });
    }
}
