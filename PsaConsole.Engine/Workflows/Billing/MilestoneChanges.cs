using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows.Postings;

namespace PsaConsole.Engine.Workflows.Billing;

/// <summary>
/// What a changed milestone means for billing: one that is delivered, or whose day has come, is billed once; one that is not delivered any more is held back,
/// and is a case when it is invoiced already.
/// </summary>
public sealed class MilestoneChanges(IMilestoneBook milestones, MilestoneToInvoice workflow, EngagementBook engagements, CaseBook cases, TimeProvider time) : ChangeHandler
{
    public override string SourceType => "milestone";

    public override async Task<ChangeOutcome> HandleAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken)
    {
        var milestone = await milestones.ReadAsync(item.SourceId, cancellationToken);
        var prefix = $"milestone:{item.SystemName}:{item.SourceId}:r";
        var runs = await store.Runs.Where(run => run.Workflow == workflow.Name && run.BusinessKey.StartsWith(prefix)).OrderByDescending(run => run.StartedAt).ToListAsync(cancellationToken);
        var current = runs.FirstOrDefault(run => run.IsLive || run.Status == RunStatus.Completed);

        // On the day itself it is the run that knows the entity's zone.
        var isAchieved = milestone is not null && milestone.AchievedOn(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime.AddDays(1))) is not null;
        if (!isAchieved)
        {
            return current is null ? new ChangeOutcome(null, "Not delivered yet.") : await HoldBackAsync(store, current, cancellationToken);
        }

        if (current is not null)
        {
            return new ChangeOutcome(current.Id, "It is billed already, or on its way there.");
        }

        if (await engagements.FindAsync(milestone!.ProjectId, cancellationToken) is null)
        {
            return new ChangeOutcome(null, "Its project was not set up by the console, so its billing is not the console's either.");
        }

        var begun = Begin(item, milestone, prefix, runs.Count + 1);
        store.Runs.Add(begun);
        return new ChangeOutcome(begun.Id, "Delivered: it is billed.");
    }

    private async Task<ChangeOutcome> HoldBackAsync(EngineDbContext store, Run run, CancellationToken cancellationToken)
    {
        var state = workflow.Read(run.State);
        if (run.Status != RunStatus.Completed && await workflow.InvoicedAsync(state, cancellationToken) is null)
        {
            run.TurnBack("The milestone is not delivered any more: it may not be invoiced.");
            return new ChangeOutcome(run.Id, run.Message!);
        }

        var finding = new Finding("PL60", "BIL-604", run.Title, $"{run.Title} is on an invoice, and its delivery was taken back in the PSA. Ask for a credit note, or restore the delivery.")
        {
            Field = "Delivered",
            Expected = "yes",
            Actual = "no",
            Exposure = run is { Amount: { } amount, Currency: { } currency } ? new Money(amount, currency) : null,
        };
        await cases.RaiseAsync(store, new CaseSubject(run.BusinessKey, run.Title) { SystemName = milestones.SystemName, LegalEntities = run.LegalEntities, Practices = run.Practices }, [finding], cancellationToken);
        return new ChangeOutcome(run.Id, finding.Message);
    }

    private Run Begin(InboxItem item, Milestone milestone, string prefix, int revision)
    {
        var now = time.GetUtcNow();
        return new Run
        {
            Id = Guid.CreateVersion7(),
            Workflow = workflow.Name,
            BusinessKey = $"{prefix}{revision}",
            LaneKey = item.LaneKey,
            Title = milestone.Name,
            Amount = milestone.Amount,
            Currency = milestone.Currency,
            State = workflow.Write(new BillingJourney { MilestoneId = milestone.Id, Revision = revision }),
            OccurredAt = item.OccurredAt,
            StartedAt = now,
            UpdatedAt = now,
        };
    }
}
