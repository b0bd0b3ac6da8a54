using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Staffing;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows.Changes;

/// <summary>Asks for a new check of the people who are booked on projects whose dates have moved, each in the person's own lane.</summary>
public sealed class ChangedBookings(IDbContextFactory<EngineDbContext> stores, StaffingDesk desk)
{
    /// <returns>How many bookings there are.</returns>
    public async Task<int> AskAsync(ChangeJourney change, string why, CancellationToken cancellationToken)
    {
        var projects = change.Parts.Select(part => part.PsaProjectId).ToList();
        await using var store = await stores.CreateDbContextAsync(cancellationToken);
        var bookings = await store.Assignments.AsNoTracking()
            .Where(row => projects.Contains(row.EngagementId) && row.State != AssignmentState.Released)
            .Select(row => new { row.PersonId, row.ExternalId })
            .ToListAsync(cancellationToken);
        foreach (var booking in bookings)
        {
            await desk.AskAsync(booking.PersonId, booking.ExternalId, why.Length <= 120 ? why : why[..120], cancellationToken);
        }

        return bookings.Count;
    }
}
