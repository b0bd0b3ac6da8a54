using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Audit;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows;

/// <summary>Takes back what a run did, the last step first; each step's undo may be repeated, so that a crash in between costs nothing.</summary>
public sealed class Compensation(StepFailure failures, ApprovalBook approvals, Committer committer, TimeProvider time)
{
    /// <returns>The arrivals that the lane has seen.</returns>
    public async Task<long> UndoNextAsync(EngineDbContext store, Run run, Workflow workflow, LaneLease lease, CancellationToken cancellationToken)
    {
        var steps = workflow.StepsFor(run.State).ToDictionary(step => step.Key, StringComparer.Ordinal);
        var last = run.Steps
            .Where(row => row.Status != StepStatus.Undone && row.ExternalId is not null && steps.TryGetValue(row.Key, out var step) && step.Undo is not null)
            .MaxBy(row => row.Position);
        if (last is null)
        {
            await EndAsync(store, run, cancellationToken);
        }
        else
        {
            await UndoAsync(store, run, last, steps[last.Key].Undo!, cancellationToken);
        }

        run.UpdatedAt = time.GetUtcNow();
        FeedItem[] shown = workflow.ShownWith(run.State) is { } other ? [new("run", other.ToString())] : [];
        return await committer.SaveAsync(store, lease, [new FeedItem("run", run.Id.ToString()), new FeedItem("approval", run.Id.ToString()), .. shown], cancellationToken);
    }

    private async Task UndoAsync(EngineDbContext store, Run run, RunStep row, Func<string, string, CancellationToken, Task> undo, CancellationToken cancellationToken)
    {
        run.StepKey = row.Key;
        run.Attempts++;
        try
        {
            await undo(row.ExternalId!, run.State, cancellationToken);
        }
        catch (Exception problem) when (problem is not (OperationCanceledException or LeaseLostException or DbUpdateException))
        {
            await failures.RecordAsync(store, run, row, problem, cancellationToken);
            return;
        }

        row.Status = StepStatus.Undone;
        row.EndedAt = time.GetUtcNow();
        run.Attempts = 0;
        run.FailingSince = null;
        store.AuditEntries.Add(new AuditEntry { At = time.GetUtcNow(), Actor = CaseBook.Engine, Action = "step.undone", Entity = $"run:{run.Id}", Reason = row.Title });
    }

    private async Task EndAsync(EngineDbContext store, Run run, CancellationToken cancellationToken)
    {
        run.Status = RunStatus.Compensated;
        run.EndedAt = time.GetUtcNow();
        run.StepKey = null;
        store.AuditEntries.Add(new AuditEntry { At = time.GetUtcNow(), Actor = CaseBook.Engine, Action = "run.compensated", Entity = $"run:{run.Id}", Reason = run.Message });
        await approvals.VoidAllAsync(store, run.Id, "What it was about has been taken back.", cancellationToken);
        var open = await store.ExceptionCases
            .Where(item => item.RunId == run.Id && (item.Status == CaseStatus.Open || item.Status == CaseStatus.Retrying))
            .ToListAsync(cancellationToken);
        foreach (var item in open)
        {
            item.Status = CaseStatus.Resolved;
            item.ClosedAt = time.GetUtcNow();
            item.Version++;
            item.History.Add(CaseBook.Entry(time.GetUtcNow(), CaseBook.Engine, "resolved", "What the case was about has been taken back."));
        }
    }
}
