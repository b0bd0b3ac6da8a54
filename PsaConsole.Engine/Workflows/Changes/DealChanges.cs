using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies.Changes;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows.Changes;

/// <summary>
/// Takes up what changes of a deal after its hand-off (3-workflows 3h): a run for each group of fields that differ, in the deal's lane. One that has written nothing
/// yet goes by the newest data; one that has is finished first, and what is newer waits behind it.
/// </summary>
public sealed class DealChanges(ProjectChange workflow, ChangeCapture capture, OpportunityToProject handOffs, CaseBook cases, ApprovalBook approvals, TimeProvider time)
{
    /// <summary>Begins, renews or withdraws changes; the caller commits.</summary>
    public async Task<ChangeOutcome> TakeUpAsync(EngineDbContext store, InboxItem item, Run handOff, Opportunity deal, CancellationToken cancellationToken)
    {
        var state = handOffs.Read(handOff.State);
        var runs = await RunsAsync(store, item.LaneKey, cancellationToken);
        // A hand-off that has not come to its projects yet may have read the deal before it changed: whoever waits behind it will see.
        var captured = state.Parts.Count > 0 && state.Read is not null ? await capture.OfAsync(state, deal, cancellationToken) : null;
        var revision = runs.Select(run => workflow.Read(run.State).Revision).DefaultIfEmpty(0).Max() + 1;
        List<(Run Run, string Text)> taken = [];
        foreach (var group in Enum.GetValues<ChangeGroup>())
        {
            var last = runs.LastOrDefault(run => workflow.Read(run.State).Group == group);
            if (captured is null)
            {
                taken.AddRange(last is { IsLive: true } ? [] : [(Begin(store, item, handOff, deal, group, revision), "behind its hand-off")]);
                continue;
            }

            var parts = ChangeCapture.Of(group, captured);
            switch (last)
            {
                case { IsLive: true } when !HasBegun(last) && parts.Count == 0:
                    await WithdrawAsync(store, last, "The deal says again what its projects say.", cancellationToken);
                    taken.Add((last, "withdrawn"));
                    break;
                case { IsLive: true } when !HasBegun(last):
                    last.ResumeAfresh();
                    taken.Add((last, "looked at again"));
                    break;
                case not null when IsTheSame(last, parts):
                case var _ when parts.Count == 0:
                    break;
                default:
                    taken.Add((Begin(store, item, handOff, deal, group, revision), "begun"));
                    break;
            }
        }

        return taken.Count == 0
            ? new ChangeOutcome(item.IsAsked ? handOff.Id : null, "Nothing that its projects carry has changed.")
            : new ChangeOutcome(taken[^1].Run.Id, string.Join(", ", taken.Select(one => $"{ProjectChange.Word(workflow.Read(one.Run.State).Group)} fields: {one.Text}")));
    }

    /// <summary>The deal is taken back: none of its changes goes on.</summary>
    public async Task WithdrawAllAsync(EngineDbContext store, string laneKey, CancellationToken cancellationToken)
    {
        foreach (var run in (await RunsAsync(store, laneKey, cancellationToken)).Where(run => run.IsLive))
        {
            await WithdrawAsync(store, run, "The deal is taken back, and its projects with it.", cancellationToken);
        }
    }

    private static Task<List<Run>> RunsAsync(EngineDbContext store, string laneKey, CancellationToken cancellationToken) =>
        store.Runs.Include(run => run.Steps).Where(run => run.LaneKey == laneKey && run.Workflow == ProjectChange.WorkflowName).OrderBy(run => run.StartedAt).ThenBy(run => run.Id).ToListAsync(cancellationToken);

    /// <summary>Whether anything may have reached a target.</summary>
    private static bool HasBegun(Run run) => run.Undoing || run.Steps.Exists(step => step.Attempts > 0 && step.Key is not ("capture" or "impact" or "allowed" or "approval"));

    /// <summary>It is on its way already, or a person has taken just this back.</summary>
    private bool IsTheSame(Run last, IReadOnlyList<ChangedPart> parts) =>
        (last.IsLive || last.Status == RunStatus.Compensated) && workflow.Read(last.State).Changes.SequenceEqual(parts.SelectMany(part => part.Changes));

    private async Task WithdrawAsync(EngineDbContext store, Run run, string why, CancellationToken cancellationToken)
    {
        run.Status = RunStatus.Ended;
        run.Message = why;
        run.EndedAt = time.GetUtcNow();
        run.UpdatedAt = time.GetUtcNow();
        run.ResumeAt = null;
        await cases.SupersedeAsync(store, run.Id, why, cancellationToken);
        await approvals.VoidAllAsync(store, run.Id, why, cancellationToken);
    }

    private Run Begin(EngineDbContext store, InboxItem item, Run handOff, Opportunity deal, ChangeGroup group, int revision)
    {
        var now = time.GetUtcNow();
        // Before its projects have numbers the deal's own id stands for them.
        var project = handOff.ProjectNumber?.Split(", ")[0] ?? item.SourceId;
        var run = new Run
        {
            Id = Guid.CreateVersion7(),
            Workflow = workflow.Name,
            BusinessKey = $"chg:{project}:r{revision}:{ProjectChange.Word(group)}",
            LaneKey = item.LaneKey,
            Title = $"Change {revision} of {project}",
            ClientName = handOff.ClientName,
            ProjectNumber = handOff.ProjectNumber,
            LegalEntity = handOff.LegalEntity,
            Practices = handOff.Practices,
            State = workflow.Write(new ChangeJourney { OpportunityId = item.SourceId, HandOffRunId = handOff.Id, Project = project, Revision = revision, Group = group, SavedAt = deal.ModifiedAt }),
            OccurredAt = item.OccurredAt,
            StartedAt = now,
            UpdatedAt = now,
        };
        store.Runs.Add(run);
        return run;
    }
}
