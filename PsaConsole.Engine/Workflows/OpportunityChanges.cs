using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows.Changes;

namespace PsaConsole.Engine.Workflows;

/// <summary>
/// What a changed opportunity means: a hand-off begins once for each win; a parked one is tried again; a deal that is lost after its hand-off is taken
/// back, unless something was posted (HND-009). What else changes after a hand-off changes its projects (<see cref="DealChanges"/>).
/// </summary>
public sealed class OpportunityChanges(ICrm crm, IErp erp, OpportunityToProject workflow, DealChanges changes, CaseBook cases, TimeProvider time) : ChangeHandler
{
    /// <summary>Reads, over a quarter of an hour, that wait for the state that was told of; then the record is taken as it is, since a part that was deleted leaves no later stamp.</summary>
    private const int MostPatience = 10;

    public override string SourceType => "opportunity";

    public override async Task<ChangeOutcome> HandleAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken)
    {
        var savedAt = item.Attempts <= MostPatience ? crm.SavedAt(item.Revision) : null;
        var deal = await crm.ReadOpportunityAsync(item.SourceId, savedAt, cancellationToken);
        if (deal is null && savedAt is not null)
        {
            throw new ConnectorException(item.SystemName, ErrorClass.Transient, $"{item.SystemName} told of opportunity {item.SourceId} and does not show it yet. It is read again.");
        }

        if (deal is null)
        {
            return new ChangeOutcome(null, "The opportunity is not there any more.");
        }

        var wasWon = await WasWonAsync(store, item, cancellationToken);
        if (!await EchoCheck.IsNewAsync(store, item, deal, time.GetUtcNow(), cancellationToken) && !item.IsAsked)
        {
            return new ChangeOutcome(null, "Nothing new: an echo of our own write, or a repeated notice.");
        }

        var last = await store.Runs
            .Where(run => run.LaneKey == item.LaneKey && run.Workflow == workflow.Name)
            .OrderByDescending(run => run.StartedAt)
            .FirstOrDefaultAsync(cancellationToken);
        return DealPolicy.IsWon(deal)
            ? await WonAsync(store, item, deal, last, wasWon, cancellationToken)
            : await NotWonAsync(store, deal, last, cancellationToken);
    }

    private async Task<ChangeOutcome> WonAsync(EngineDbContext store, InboxItem item, Opportunity deal, Run? last, bool? wasWon, CancellationToken cancellationToken)
    {
        switch (last)
        {
            case null:
                return await FirstWinAsync(store, item, deal, cancellationToken);
            case { Undoing: true } or { Status: RunStatus.Ended }:
                return Begin(store, item, deal, Cycle(last) + 1);
            case { Status: RunStatus.Parked or RunStatus.WaitingApproval }:
                last.ResumeAfresh();
                if (await IsPlannedAsync(store, last, cancellationToken))
                {
                    return await changes.TakeUpAsync(store, item, last, deal, cancellationToken);
                }

                return new ChangeOutcome(last.Id, "The deal has changed: the hand-off that waits for it tries again.");
            case { Status: RunStatus.Completed } when wasWon == false:
                await cases.RaiseAsync(store, About(last), [AgainWon(deal, last)], cancellationToken);
                return new ChangeOutcome(last.Id, "Won again while its projects stand: a person decides.");
            default:
                return await changes.TakeUpAsync(store, item, last, deal, cancellationToken);
        }
    }

    private async Task<ChangeOutcome> FirstWinAsync(EngineDbContext store, InboxItem item, Opportunity deal, CancellationToken cancellationToken)
    {
        var known = await crm.HandOffs.ReadAsync(deal.Id, cancellationToken);
        return known?.ProjectNumber is { } number
            ? new ChangeOutcome(null, $"CRM names project {number}: it was handed over before the console knew it.")
            : Begin(store, item, deal, winCycle: 1);
    }

    private async Task<ChangeOutcome> NotWonAsync(EngineDbContext store, Opportunity deal, Run? last, CancellationToken cancellationToken)
    {
        if (last is null or { Undoing: true } or { Status: RunStatus.Ended })
        {
            return new ChangeOutcome(null, $"{deal.Stage}: not won.");
        }

        foreach (var part in workflow.Read(last.State).Parts.Where(part => part.ErpProjectId is not null))
        {
            if (await erp.HasPostingsAsync(part.ErpProjectId!, cancellationToken))
            {
                await cases.RaiseAsync(store, About(last), [LostWithPostings(deal, part)], cancellationToken);
                return new ChangeOutcome(last.Id, "Not won any more, but something is posted: a person decides.");
            }
        }

        await changes.WithdrawAllAsync(store, last.LaneKey, cancellationToken);
        last.TurnBack($"{deal.Name} is {deal.Stage}: what was set up is taken back.");
        last.UpdatedAt = time.GetUtcNow();
        return new ChangeOutcome(last.Id, "Not won any more: what was set up is taken back.");
    }

    /// <summary>From then on the hand-off does not look at the deal again.</summary>
    private static Task<bool> IsPlannedAsync(EngineDbContext store, Run run, CancellationToken cancellationToken) =>
        store.RunSteps.AnyAsync(step => step.RunId == run.Id && step.Key == "approval" && step.Status == StepStatus.Done, cancellationToken);

    private ChangeOutcome Begin(EngineDbContext store, InboxItem item, Opportunity deal, int winCycle)
    {
        var now = time.GetUtcNow();
        var run = new Run
        {
            Id = Guid.CreateVersion7(),
            Workflow = workflow.Name,
            BusinessKey = $"opportunity:{item.SystemName}:{deal.Id}:win{winCycle}",
            LaneKey = item.LaneKey,
            Title = deal.Name,
            Amount = deal.Amount,
            Currency = deal.Currency,
            State = workflow.Write(new HandOff { OpportunityId = deal.Id, CrmName = item.SystemName, WinCycle = winCycle, SavedAt = deal.ModifiedAt }),
            OccurredAt = deal.ClosedAt ?? item.OccurredAt,
            StartedAt = now,
            UpdatedAt = now,
        };
        store.Runs.Add(run);
        return new ChangeOutcome(run.Id, $"Won: hand-off {winCycle} begins.");
    }

    private static async Task<bool?> WasWonAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken)
    {
        var known = await store.SystemRecords.FindAsync([item.SystemName, item.SourceType, item.SourceId], cancellationToken);
        return known is null ? null : DealPolicy.IsWon(JsonSerializer.Deserialize<Opportunity>(known.Payload, MappingSets.Json)!);
    }

    private int Cycle(Run run) => workflow.Read(run.State).WinCycle;

    private static CaseSubject About(Run run) => new(run.BusinessKey, run.Title)
    {
        RunId = run.Id,
        LegalEntities = run.LegalEntities,
        Practices = run.Practices,
        Exposure = run is { Amount: { } amount, Currency: { } currency } ? new Money(amount, currency) : null,
    };

    private static Finding AgainWon(Opportunity deal, Run last) =>
        new("PL01", "HND-006", deal.Name, $"{deal.Name} was won again, but its projects {last.ProjectNumber} stand. Link it to them, or take them back first.");

    private static Finding LostWithPostings(Opportunity deal, HandOffPart part) =>
        new("3a", "HND-009", deal.Name, $"{deal.Name} is {deal.Stage}, but ERP project {part.Number} has postings. Put the project on hold and decide, or win the deal again.");
}
