using PsaConsole.Engine.Inbox;
using PsaConsole.Engine.Store;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Benchmarks.EngineLoad;

/// <summary>What a run of the load carries: how often the vendor has answered it.</summary>
internal sealed record LoadState(string Id, int Answers);

/// <summary>The work item of design/performance.md as a workflow: three calls, what came of each persisted, an audit entry for each, done.</summary>
internal sealed class LoadWorkflow(VendorCalls vendor) : Workflow<LoadState>
{
    public const string SystemName = "load";

    public override string Name => "load";

    public override IReadOnlyDictionary<string, string> EditableFields { get; } = new Dictionary<string, string>();

    protected override IEnumerable<Step> Steps(LoadState state) =>
    [
        Step("order", StepKind.Do, "The vendor has the order", SystemName, AskAsync),
        Step("line", StepKind.Do, "The vendor has its line", SystemName, AskAsync),
        Step("read-back", StepKind.Verify, "The order is as it was wanted", SystemName, AskAsync),
    ];

    protected override void Describe(Run run, LoadState state) => run.ProjectNumber = state.Id;

    private async Task<StepOutcome<LoadState>> AskAsync(StepCall call, LoadState state, CancellationToken cancellationToken)
    {
        await vendor.AskAsync(cancellationToken);
        return new StepOutcome<LoadState>(StepResult.Done, state with { Answers = state.Answers + 1 }) { ExternalId = state.Id };
    }
}

/// <summary>Begins a run for each event.</summary>
internal sealed class LoadChanges(LoadWorkflow workflow, TimeProvider time) : ChangeHandler
{
    public override string SourceType => LoadWorkflow.SystemName;

    public override Task<ChangeOutcome> HandleAsync(EngineDbContext store, InboxItem item, CancellationToken cancellationToken)
    {
        var run = new Run
        {
            Id = Guid.CreateVersion7(),
            Workflow = workflow.Name,
            BusinessKey = $"load:{item.SourceId}",
            LaneKey = item.LaneKey,
            Title = item.SourceId,
            State = workflow.Write(new LoadState(item.SourceId, 0)),
            OccurredAt = item.OccurredAt,
            StartedAt = time.GetUtcNow(),
        };
        store.Runs.Add(run);
        return Task.FromResult(new ChangeOutcome(run.Id, "A run took it up."));
    }
}
