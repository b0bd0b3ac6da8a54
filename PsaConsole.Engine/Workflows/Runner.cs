using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Connectors;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows;

/// <summary>
/// Carries a run from step to step. The intent of a step is committed before it acts and its outcome after, together with the intent of the next one, so
/// that whatever is killed whenever, the run goes on from its last verified step, and a write that may have reached its target is looked up before it
/// is sent again.
/// </summary>
public sealed class Runner(
    IDbContextFactory<EngineDbContext> stores, Committer committer, WorkflowList workflows, Compensation compensation, StepFailure failures, CaseBook cases,
    ApprovalBook approvals, Pauses pauses, MappingSets mappings, TimeProvider time, ILogger<Runner> logger)
{
    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>Does steps until the run waits, parks or ends. It is read again whenever something has arrived for the lane: a person may have decided.</summary>
    /// <exception cref="LeaseLostException">Another replica holds the lane; nothing more is done here.</exception>
    public async Task<Run> AdvanceAsync(Guid runId, LaneLease lease, CancellationToken cancellationToken)
    {
        var arrivals = lease.Arrivals;
        Intent? intent = null;
        while (true)
        {
            await using var store = await stores.CreateDbContextAsync(cancellationToken);
            // The committer detects what a step has changed, once a commit.
            store.ChangeTracker.AutoDetectChangesEnabled = false;
            var journey = await ReadAsync(store, runId, lease, cancellationToken);
            do
            {
                if (journey.Run.Status is not (RunStatus.Running or RunStatus.Compensating))
                {
                    return journey.Run;
                }

                intent = journey.Run.Status == RunStatus.Compensating
                    ? await UndoNextAsync(journey, cancellationToken)
                    : await DoNextAsync(journey, intent, cancellationToken);
            }
            while (journey.Arrivals == arrivals);
            arrivals = journey.Arrivals;
        }
    }

    private async Task<Journey> ReadAsync(EngineDbContext store, Guid runId, LaneLease lease, CancellationToken cancellationToken)
    {
        var run = await HotQueries.WithSteps(store, runId, cancellationToken);
        var isDue = run.Status is RunStatus.Waiting or RunStatus.WaitingApproval && run.ResumeAt <= time.GetUtcNow();
        // A decision that was taken while the step asked again found nobody waiting for it.
        if (isDue || (run.Status == RunStatus.WaitingApproval && !await ApprovalBook.IsWaitingAsync(store, run, cancellationToken)))
        {
            run.Resume();
        }

        var open = await HotQueries.OpenCase(store, runId, cancellationToken);
        var workflow = workflows.Of(run);
        return new Journey(store, run, workflow, lease) { HasCases = open is not null, IsUrgent = workflow.IsUrgent || open == CaseStatus.Retrying, Arrivals = lease.Arrivals };
    }

    private async Task<Intent?> UndoNextAsync(Journey journey, CancellationToken cancellationToken)
    {
        journey.Arrivals = await compensation.UndoNextAsync(journey.Store, journey.Run, journey.Workflow, journey.Lease, cancellationToken);
        return null;
    }

    /// <summary>Does the next step.</summary>
    /// <param name="intent">What the last commit said would be done next; null when that is not known here.</param>
    /// <returns>The intent that was committed with the step's outcome.</returns>
    private async Task<Intent?> DoNextAsync(Journey journey, Intent? intent, CancellationToken cancellationToken)
    {
        var next = Next(journey);
        if (next is null || intent?.Key != next.Key)
        {
            intent = await BeginAsync(journey, next, cancellationToken);
            await SaveAsync(journey, cancellationToken);
        }

        if (intent is null || next is null)
        {
            return null;
        }

        var (run, row) = (journey.Run, journey.Row(next));
        var call = new StepCall(run, row.OperationKey, intent.InDoubt, row.ExternalId);
        StepOutcome? outcome = null;
        try
        {
            CallUrgency.Is(journey.IsUrgent);
            outcome = await next.Act(call, run.State, cancellationToken);
        }
        catch (Exception problem) when (problem is not (OperationCanceledException or LeaseLostException or DbUpdateException) || IsTimeout(problem, cancellationToken))
        {
            await failures.RecordAsync(journey.Store, run, row, problem, cancellationToken);
            journey.HasCases = true;
        }

        if (outcome is not null)
        {
            await ConcludeAsync(journey, row, outcome, cancellationToken);
        }

        var following = run.Status == RunStatus.Running ? await BeginAsync(journey, Next(journey), cancellationToken) : null;
        await SaveAsync(journey, cancellationToken);
        logger.LogInformation("{Workflow} {RunId} {Step}: {Status}", run.Workflow, run.Id, row.Key, row.Status);
        return following;
    }

    /// <summary>The first step that is neither done nor left out; null when there is none.</summary>
    private static Step? Next(Journey journey)
    {
        var steps = journey.Workflow.StepsFor(journey.Run.State);
        Synchronise(journey.Run, steps);
        return steps.FirstOrDefault(step => journey.Row(step).Status is not (StepStatus.Done or StepStatus.Skipped));
    }

    /// <summary>A cancellation that nobody asked for is a time-out of a call, not an end of our work.</summary>
    private static bool IsTimeout(Exception problem, CancellationToken cancellationToken) =>
        problem is OperationCanceledException && !cancellationToken.IsCancellationRequested;

    /// <summary>
    /// Notes that the step is about to be done; or that the run is complete, or rests since the system is paused. The caller commits. A step that was begun
    /// before and has no outcome is one that a crash, a time-out or a lost answer left: its write is in doubt.
    /// </summary>
    private async Task<Intent?> BeginAsync(Journey journey, Step? next, CancellationToken cancellationToken)
    {
        if (next is null)
        {
            Complete(journey);
            return null;
        }

        var (run, row) = (journey.Run, journey.Row(next));
        if (next.SystemName is { } system && await pauses.ReasonAsync(system, cancellationToken) is { } reason)
        {
            Rest(run, row, $"{system} is paused: {reason}");
            return null;
        }

        var intent = new Intent(next.Key, InDoubt: row.Attempts > 0);
        row.Status = StepStatus.Begun;
        row.Attempts++;
        row.StartedAt ??= time.GetUtcNow();
        run.StepKey = row.Key;
        run.Attempts++;
        return intent;
    }

    private void Rest(Run run, RunStep row, string why)
    {
        row.Message = why;
        run.Message = why;
        run.StepKey = row.Key;
        run.Status = RunStatus.Waiting;
        run.ResumeAt = time.GetUtcNow() + StepFailure.CircuitRest;
    }

    private async Task ConcludeAsync(Journey journey, RunStep row, StepOutcome outcome, CancellationToken cancellationToken)
    {
        var (store, run) = (journey.Store, journey.Run);
        run.Note(null, time.GetUtcNow());
        run.State = outcome.State ?? run.State;
        row.ExternalId = outcome.ExternalId ?? row.ExternalId;
        row.Message = outcome.Message;
        row.Detail = outcome.Detail?.ToJsonString() ?? row.Detail;
        journey.Workflow.Describe(run);
        var warned = outcome.Warnings.Count == 0 ? [] : await cases.RaiseAsync(store, StepFailure.About(run, row), outcome.Warnings, cancellationToken);
        switch (outcome.Result)
        {
            case StepResult.Refused or StepResult.Waiting when row.Kind == StepKind.Check && run.HasAccepted(outcome.Findings, Today):
                Finish(run, row, StepStatus.Done);
                row.Message = string.Join(" ", outcome.Findings.Select(finding => run.AcceptanceOf(finding, Today)!).Select(accepted => $"{accepted.By} accepted: {accepted.Finding.Message} ({accepted.Reason})"));
                await cases.ResolveAsync(store, run.Id, row.Key, [.. warned.Select(item => item.Code)], cancellationToken);
                store.AuditEntries.Add(Verified(run, row));
                break;
            case StepResult.Refused:
                await failures.RefuseAsync(store, run, row, row.Kind == StepKind.Check ? NotAccepted(run, outcome) : outcome.Findings, cancellationToken);
                break;
            case StepResult.Waiting:
                // What a step needs in order to act is told again whatever was accepted.
                await failures.WaitAsync(store, run, row, row.Kind == StepKind.Do ? outcome : outcome with { Findings = NotAccepted(run, outcome) }, cancellationToken);
                break;
            case StepResult.Compensate:
                Finish(run, row, StepStatus.Done);
                run.TurnBack(outcome.Message ?? "");
                break;
            case StepResult.Ended:
                Finish(run, row, StepStatus.Done);
                run.Status = RunStatus.Ended;
                run.EndedAt = time.GetUtcNow();
                run.Message = outcome.Message;
                if (row.Kind == StepKind.Check || journey.HasCases)
                {
                    await cases.SupersedeAsync(store, run.Id, outcome.Message ?? "Nothing is left to do.", cancellationToken);
                    await approvals.VoidAllAsync(store, run.Id, outcome.Message ?? "Nothing is left to decide.", cancellationToken);
                }

                break;
            case StepResult.Done when await approvals.SettleAsync(store, run, row, outcome.Asks, cancellationToken) is { IsGranted: false } stand:
                await AwaitApprovalAsync(store, run, row, stand, cancellationToken);
                break;
            default:
                Finish(run, row, StepStatus.Done);
                if (journey.HasCases)
                {
                    await cases.ResolveAsync(store, run.Id, row.Key, [.. warned.Select(item => item.Code)], cancellationToken);
                }

                store.AuditEntries.Add(Verified(run, row));
                break;
        }

        journey.HasCases |= warned.Count > 0 || run.Status == RunStatus.Parked;
    }

    private List<Finding> NotAccepted(Run run, StepOutcome outcome) => [.. outcome.Findings.Where(finding => run.AcceptanceOf(finding, Today) is null)];

    private async Task AwaitApprovalAsync(EngineDbContext store, Run run, RunStep row, ApprovalStand stand, CancellationToken cancellationToken)
    {
        if (stand.Findings.Count > 0)
        {
            await failures.RefuseAsync(store, run, row, stand.Findings, cancellationToken);
            return;
        }

        await cases.ResolveAsync(store, run.Id, row.Key, [], cancellationToken);
        row.Status = StepStatus.WaitingApproval;
        row.Message ??= "Waits for an approval.";
        run.Message = row.Message;
        run.Status = RunStatus.WaitingApproval;
        run.ResumeAt = stand.Until;
        run.Attempts = 0;
        run.FailingSince = null;
    }

    private void Finish(Run run, RunStep row, StepStatus status)
    {
        row.Status = status;
        row.EndedAt = time.GetUtcNow();
        if (row.SystemName is not null)
        {
            row.Stamps = JsonSerializer.Serialize(mappings.StampsOf(row.SystemName), MappingSets.Json);
        }

        run.Attempts = 0;
        run.FailingSince = null;
        run.Message = null;
    }

    private void Complete(Journey journey)
    {
        var run = journey.Run;
        run.Status = RunStatus.Completed;
        run.EndedAt = time.GetUtcNow();
        run.StepKey = null;
        run.Message = null;
        journey.Store.AuditEntries.Add(new AuditEntry { At = time.GetUtcNow(), Actor = CaseBook.Engine, Action = "run.completed", Entity = $"run:{run.Id}" });
        logger.LogInformation("{Workflow} {RunId} is complete: every step is verified.", run.Workflow, run.Id);
    }

    private async Task SaveAsync(Journey journey, CancellationToken cancellationToken)
    {
        var run = journey.Run;
        run.UpdatedAt = time.GetUtcNow();
        List<FeedItem> news = [new("run", run.Id.ToString()), .. journey.Workflow.ShownWith(run.State) is { } other ? [new("run", other.ToString())] : Array.Empty<FeedItem>()];
        if (journey.Store.ChangeTracker.Entries<Approval>().Any())
        {
            news.Add(new FeedItem("approval", run.Id.ToString()));
        }

        if (journey.Store.ChangeTracker.Entries<ExceptionCase>().Any())
        {
            news.Add(new FeedItem("case", run.Id.ToString()));
        }

        journey.Arrivals = await committer.SaveAsync(journey.Store, journey.Lease, news, cancellationToken);
    }

    /// <summary>Gives every step of the definition a row, in its order; a step that the state has brought in comes in where the definition has it.</summary>
    private static void Synchronise(Run run, IReadOnlyList<Step> steps)
    {
        for (var position = 0; position < steps.Count; position++)
        {
            var step = steps[position];
            var row = run.Steps.SingleOrDefault(item => item.Key == step.Key);
            if (row is null)
            {
                row = new RunStep
                {
                    RunId = run.Id,
                    Key = step.Key,
                    Position = position,
                    Title = step.Title,
                    Kind = step.Kind,
                    SystemName = step.SystemName,
                    OperationKey = $"{run.BusinessKey}:{step.Key}",
                };
                run.Steps.Add(row);
            }

            row.Position = position;
            row.Title = step.Title;
        }
    }

    private AuditEntry Verified(Run run, RunStep row) => new()
    {
        At = time.GetUtcNow(),
        Actor = CaseBook.Engine,
        Action = row.Kind == StepKind.Verify ? "step.verified" : "step.done",
        Entity = $"run:{run.Id}",
        After = JsonSerializer.Serialize(new { step = row.Key, system = row.SystemName, externalId = row.ExternalId, operationKey = row.OperationKey }, MappingSets.Json),
    };

    /// <summary>What the last commit said would be done next.</summary>
    private sealed record Intent(string Key, bool InDoubt);

    /// <summary>A run as it was read, with the context that tracks it.</summary>
    private sealed record Journey(EngineDbContext Store, Run Run, Workflow Workflow, LaneLease Lease)
    {
        /// <summary>Whether a case of the run may be open.</summary>
        public required bool HasCases { get; set; }

        /// <summary>Whether it may use the reserve of a system's daily calls: it posts, or a person has asked for another try.</summary>
        public required bool IsUrgent { get; init; }

        /// <summary>What the lane had seen at the last commit.</summary>
        public required long Arrivals { get; set; }

        public RunStep Row(Step step) => Run.Steps.Single(row => row.Key == step.Key);
    }
}
