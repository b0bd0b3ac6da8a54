using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows.Changes;

/// <summary>
/// A price of a rate card that changes is a change of every deal that was handed over with it: each looks in its own lane whether it concerns one of its roles
/// (<see cref="DealChanges"/>). Deals that are not won yet read the card when they are.
/// </summary>
public sealed class RateCardChanges(ICrm crm, Intake intake) : ChangeHandler
{
    // What a deal's own notices never begin with: those carry the stamp of the deal, this the stamp of a price.
    private const string OfRates = "rates:";

    public override string SourceType => "rate-card";

    public override async Task<ChangeOutcome> HandleAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken)
    {
        if (await store.InboxItems.AnyAsync(later => later.LaneKey == item.LaneKey && later.Id > item.Id && later.Status == InboxStatus.Waiting, cancellationToken))
        {
            return new ChangeOutcome(null, "Another price of the card has changed since: its deals are looked at once.");
        }

        var deals = await crm.ReadDealsOfAsync(item.SourceId, cancellationToken);
        var known = await store.Engagements.Where(engagement => deals.Contains(engagement.OpportunityId)).Select(engagement => engagement.OpportunityId).Distinct().ToListAsync(cancellationToken);
        await intake.ReceiveAsync(item.SystemName, [.. known.Select(deal => new Change("opportunity", deal, OfRates + item.Revision, item.OccurredAt, null))], cancellationToken);
        return new ChangeOutcome(null, $"{known.Count} of the {deals.Count} won deals with this rate card were handed over: they are looked at.");
    }
}
