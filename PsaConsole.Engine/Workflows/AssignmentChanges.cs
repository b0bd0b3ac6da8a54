using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Staffing;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows;

/// <summary>A booking changed: it is checked in the lane of its person, unless the change is the echo of our own confirmation.</summary>
public sealed class AssignmentChanges(IBookings bookings, StaffingDesk desk) : ChangeHandler
{
    public override string SourceType => "assignment";

    public override async Task<ChangeOutcome> HandleAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken)
    {
        var booking = await bookings.ReadAsync(item.SourceId, cancellationToken);
        var known = await store.Assignments.AsNoTracking().SingleOrDefaultAsync(row => row.SystemName == item.SystemName && row.ExternalId == item.SourceId, cancellationToken);
        if (booking is null)
        {
            return known is null ? new ChangeOutcome(null, "The booking is gone, and was never known.") : await AskAsync(known.PersonId, item, cancellationToken);
        }

        if (known?.Verified == StaffingDesk.Fingerprint(booking))
        {
            return new ChangeOutcome(null, "Nothing new: as it was checked last.");
        }

        if (await desk.PersonOfAsync(booking.Address, cancellationToken) is not { } person)
        {
            return new ChangeOutcome(null, $"HR knows nobody with the address {booking.Address}: the booking is not checked.");
        }

        if (known is not null && known.PersonId != person)
        {
            await AskAsync(known.PersonId, item, cancellationToken);
        }

        return await AskAsync(person, item, cancellationToken);
    }

    private async Task<ChangeOutcome> AskAsync(string person, InboxItem item, CancellationToken cancellationToken)
    {
        await desk.AskAsync(person, item.SourceId, $"{item.Revision}:{person}", cancellationToken);
        return new ChangeOutcome(null, "It is checked among all the work of its person.");
    }
}

/// <summary>The check of one assignment, in its person's lane.</summary>
public sealed class AssignmentChecks(AssignmentConfirmation workflow, TimeProvider time) : ChangeHandler
{
    public override string SourceType => StaffingDesk.AssignmentCheck;

    public override async Task<ChangeOutcome> HandleAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken)
    {
        var key = $"assignment:{item.SystemName}:{item.SourceId}:{item.Revision}";
        if (await store.Runs.Where(run => run.Workflow == workflow.Name && run.BusinessKey == key).Select(run => (Guid?)run.Id).FirstOrDefaultAsync(cancellationToken) is { } begun)
        {
            return new ChangeOutcome(begun, "It is checked already.");
        }

        var now = time.GetUtcNow();
        var run = new Run
        {
            Id = Guid.CreateVersion7(),
            Workflow = workflow.Name,
            BusinessKey = key,
            LaneKey = item.LaneKey,
            Title = $"Booking {item.SourceId}",
            State = workflow.Write(new AssignmentJourney { PersonId = item.LaneKey["person:".Length..], BookingId = item.SourceId, Why = item.Revision }),
            OccurredAt = item.OccurredAt,
            StartedAt = now,
            UpdatedAt = now,
        };
        store.Runs.Add(run);
        return new ChangeOutcome(run.Id, "It is checked among all the work of its person.");
    }
}
