using Microsoft.EntityFrameworkCore;
using PsaConsole.Engine.Exceptions;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Store;

namespace PsaConsole.Engine.Workflows.Postings;

/// <summary>
/// What a changed source record means for the books: whatever the notice was, the record is read as it is now and compared with what is posted. A run of
/// which nothing was sent is superseded; one that has sent looks at the record again when it is through.
/// </summary>
public sealed class PostingChanges<TSource>(PostingWorkflow<TSource> workflow, EngagementBook engagements, CaseBook cases, TimeProvider time) : ChangeHandler
    where TSource : class
{
    /// <summary>A revision that begins so asks for another price of what is posted; the record itself has not changed.</summary>
    internal const string Reprice = "reprice:";

    public override string SourceType => workflow.SourceType;

    public override async Task<ChangeOutcome> HandleAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken)
    {
        var source = await workflow.ReadSourceAsync(item.SourceId, cancellationToken);
        var postings = store.Postings.Where(row => row.SystemName == item.SystemName && row.SourceType == SourceType && row.SourceId == item.SourceId);
        var standing = await PostingBook.Standing(store, postings.AsNoTracking()).OrderBy(row => row.CreatedAt).FirstOrDefaultAsync(cancellationToken);
        var wanted = workflow.ApprovedValues(source);
        var reprice = item.Revision.StartsWith(Reprice, StringComparison.Ordinal);
        var prefix = $"{SourceType}:{item.SystemName}:{item.SourceId}:r";
        var runs = await store.Runs.Where(run => run.Workflow == workflow.Name && run.BusinessKey.StartsWith(prefix)).OrderByDescending(run => run.StartedAt).ToListAsync(cancellationToken);
        if (runs.FirstOrDefault(run => run.IsLive) is { } live)
        {
            if (await HasSentAsync(store, live, cancellationToken))
            {
                live.State = reprice ? workflow.Write(workflow.Read(live.State) with { RepriceNext = true }) : live.State;
                return new ChangeOutcome(live.Id, "What was sent is finished first; then the record is looked at again.");
            }

            // What asked for another price is not lost with the run that it began.
            reprice |= workflow.Read(live.State) is var state && (state.RepriceNext || state.Cycles[^1].Reprice);
            await SupersedeAsync(store, live, cancellationToken);
        }

        var step = RevisionChain.Next(new BookedState<string>(standing?.Values, null, Invoiced: false), wanted);
        if (step is ChainStep.Nothing && !(reprice && standing is not null))
        {
            return new ChangeOutcome(null, wanted is null ? "Not approved, and nothing is posted." : "Nothing new: the books say so already.");
        }

        if (standing is null && (source is null || await engagements.FindAsync(workflow.ProjectOf(source), cancellationToken) is null))
        {
            return new ChangeOutcome(null, "Its project was not set up by the console, so its postings are not the console's either.");
        }

        var revision = runs.Count == 0 ? 1 : runs.Max(run => workflow.Read(run.State).Cycles[^1].Revision) + 1;
        var begun = Begin(item, prefix, revision, standing?.EngagementNumber, reprice && step is ChainStep.Nothing);
        store.Runs.Add(begun);
        return new ChangeOutcome(begun.Id, $"Revision {revision}: {(step is ChainStep.Nothing ? "its rate has changed" : Words(step))}.");
    }

    private static Task<bool> HasSentAsync(EngineDbContext store, Run run, CancellationToken cancellationToken) =>
        store.RunSteps.AnyAsync(step => step.RunId == run.Id && step.Key.StartsWith("send:") && step.Attempts > 0, cancellationToken);

    private async Task SupersedeAsync(EngineDbContext store, Run live, CancellationToken cancellationToken)
    {
        live.Status = RunStatus.Ended;
        live.EndedAt = time.GetUtcNow();
        live.UpdatedAt = live.EndedAt.Value;
        live.ResumeAt = null;
        live.Message = "Superseded: the record changed before anything was sent.";
        await cases.SupersedeAsync(store, live.Id, live.Message, cancellationToken);
    }

    private Run Begin(InboxItem item, string prefix, int revision, string? number, bool reprice)
    {
        var now = time.GetUtcNow();
        return new Run
        {
            Id = Guid.CreateVersion7(),
            Workflow = workflow.Name,
            BusinessKey = $"{prefix}{revision}",
            LaneKey = item.LaneKey,
            Title = $"{SourceType} {item.SourceId}",
            ProjectNumber = number,
            State = workflow.Write(workflow.Begin(item.SourceId, revision, reprice)),
            OccurredAt = item.OccurredAt,
            StartedAt = now,
            UpdatedAt = now,
        };
    }

    private static string Words(ChainStep step) => step switch
    {
        ChainStep.Post => "it is posted",
        ChainStep.Reverse => "what is posted is taken back",
        ChainStep.ReverseAndPost => "what is posted is taken back and posted anew",
        _ => "it is looked at",
    };
}
