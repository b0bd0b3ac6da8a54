using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows;

/// <summary>
/// Carries a run from step to step. The intent of a step is committed before it acts and its outcome after, so that whatever is killed
/// whenever, the run goes on from its last verified step, and a write that may have reached its target is looked up before it is sent again.
/// </summary>
public sealed class Runner(
    IDbContextFactory<EngineDbContext> stores, WorkflowList workflows, Compensation compensation, StepFailure failures, CaseBook cases, MappingSets mappings,
    TimeProvider time, ILogger<Runner> logger)
{
    /// <summary>Does steps until the run waits, parks or ends.</summary>
    /// <exception cref="LeaseLostException">Another replica holds the lane; nothing more is done here.</exception>
    public async Task<Run> AdvanceAsync(Guid runId, LaneLease lease, CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var store = await stores.CreateDbContextAsync(cancellationToken);
            var run = await store.Runs.Include(item => item.Steps).SingleAsync(item => item.Id == runId, cancellationToken);
            if (run.Status == RunStatus.Waiting && run.ResumeAt <= time.GetUtcNow())
            {
                run.Resume();
            }

            if (run.Status is not (RunStatus.Running or RunStatus.Compensating))
            {
                return run;
            }

            if (run.Status == RunStatus.Compensating)
            {
                await compensation.UndoNextAsync(store, run, workflows.Of(run), lease, cancellationToken);
            }
            else
            {
                await DoNextAsync(store, run, lease, cancellationToken);
            }
        }
    }

    private async Task DoNextAsync(EngineDbContext store, Run run, LaneLease lease, CancellationToken cancellationToken)
    {
        var workflow = workflows.Of(run);
        var steps = workflow.StepsFor(run.State);
        Synchronise(run, steps);
        var next = steps.FirstOrDefault(step => run.Steps.Single(row => row.Key == step.Key).Status is not (StepStatus.Done or StepStatus.Skipped));
        if (next is null)
        {
            await CompleteAsync(store, run, lease, cancellationToken);
            return;
        }

        var row = run.Steps.Single(item => item.Key == next.Key);
        if (next.SystemName is { } system && await store.SystemPauses.FindAsync([system], cancellationToken) is { } pause)
        {
            await RestAsync(store, run, row, pause, lease, cancellationToken);
            return;
        }

        // A step that was begun before and has no outcome is one that a crash, a time-out or a lost answer left: its write is in doubt.
        var call = new StepCall(run, row.OperationKey, InDoubt: row.Attempts > 0, row.ExternalId);
        await BeginAsync(store, run, row, lease, cancellationToken);
        try
        {
            var outcome = await next.Act(call, run.State, cancellationToken);
            await ConcludeAsync(store, run, row, workflow, outcome, lease, cancellationToken);
        }
        catch (Exception problem) when (problem is not (OperationCanceledException or LeaseLostException or DbUpdateException) || IsTimeout(problem, cancellationToken))
        {
            await failures.RecordAsync(store, run, row, problem, cancellationToken);
            await SaveAsync(store, run, lease, cancellationToken);
        }
    }

    private Task RestAsync(EngineDbContext store, Run run, RunStep row, SystemPause pause, LaneLease lease, CancellationToken cancellationToken)
    {
        row.Message = $"{pause.SystemName} is paused: {pause.Reason}";
        run.Message = row.Message;
        run.StepKey = row.Key;
        run.Status = RunStatus.Waiting;
        run.ResumeAt = time.GetUtcNow() + StepFailure.CircuitRest;
        return SaveAsync(store, run, lease, cancellationToken);
    }

    /// <summary>A cancellation that nobody asked for is a time-out of a call, not an end of our work.</summary>
    private static bool IsTimeout(Exception problem, CancellationToken cancellationToken) =>
        problem is OperationCanceledException && !cancellationToken.IsCancellationRequested;

    private async Task BeginAsync(EngineDbContext store, Run run, RunStep row, LaneLease lease, CancellationToken cancellationToken)
    {
        row.Status = StepStatus.Begun;
        row.Attempts++;
        row.StartedAt ??= time.GetUtcNow();
        run.StepKey = row.Key;
        run.Attempts++;
        await SaveAsync(store, run, lease, cancellationToken);
    }

    private async Task ConcludeAsync(
        EngineDbContext store, Run run, RunStep row, Workflow workflow, StepOutcome outcome, LaneLease lease, CancellationToken cancellationToken)
    {
        run.State = outcome.State ?? run.State;
        row.ExternalId = outcome.ExternalId ?? row.ExternalId;
        row.Message = outcome.Message;
        row.Detail = outcome.Detail?.ToJsonString() ?? row.Detail;
        workflow.Describe(run);
        var warned = outcome.Warnings.Count == 0 ? [] : await cases.RaiseAsync(store, StepFailure.About(run, row), outcome.Warnings, cancellationToken);
        switch (outcome.Result)
        {
            case StepResult.Refused:
                await failures.RefuseAsync(store, run, row, outcome.Findings, cancellationToken);
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
                break;
            default:
                Finish(run, row, StepStatus.Done);
                await cases.ResolveAsync(store, run.Id, row.Key, [.. warned.Select(item => item.Code)], cancellationToken);
                store.AuditEntries.Add(Verified(run, row));
                break;
        }

        await SaveAsync(store, run, lease, cancellationToken);
        logger.LogInformation("{Workflow} {RunId} {Step}: {Result}", run.Workflow, run.Id, row.Key, outcome.Result);
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

    private async Task CompleteAsync(EngineDbContext store, Run run, LaneLease lease, CancellationToken cancellationToken)
    {
        run.Status = RunStatus.Completed;
        run.EndedAt = time.GetUtcNow();
        run.StepKey = null;
        run.Message = null;
        store.AuditEntries.Add(new AuditEntry { At = time.GetUtcNow(), Actor = CaseBook.Engine, Action = "run.completed", Entity = $"run:{run.Id}" });
        await SaveAsync(store, run, lease, cancellationToken);
        logger.LogInformation("{Workflow} {RunId} is completed: every step is verified.", run.Workflow, run.Id);
    }

    private Task SaveAsync(EngineDbContext store, Run run, LaneLease lease, CancellationToken cancellationToken)
    {
        run.UpdatedAt = time.GetUtcNow();
        List<FeedItem> news = [new("run", run.Id.ToString())];
        if (store.ChangeTracker.Entries<ExceptionCase>().Any())
        {
            news.Add(new FeedItem("case", run.Id.ToString()));
        }

        return LaneCommit.SaveAsync(store, lease, run.UpdatedAt, news, cancellationToken);
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
}
