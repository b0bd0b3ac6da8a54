using System.Runtime.CompilerServices;
using System.Text.Json;
using PsaConsole.Engine.Mapping;

namespace PsaConsole.Engine.Workflows;

/// <summary>
/// A definition that reads top to bottom: the steps of a run, given its state. The list may grow with the state (a deal that splits into three
/// projects has three times their steps), but a step that was begun never changes its key.
/// </summary>
public abstract class Workflow
{
    /// <summary>Name in tables and operation keys, such as opportunity-to-project.</summary>
    public abstract string Name { get; }

    /// <summary>Its runs may use the reserve of a system's daily calls: they move money.</summary>
    public virtual bool IsUrgent => false;

    /// <summary>Within so long of the source's change 95 of 100 runs are to be verified, when no person has to decide anything (7-kpis 7.3); null where the outside world sets the pace.</summary>
    public virtual TimeSpan? Target => null;

    /// <summary>The steps for this state, in the order they are done.</summary>
    public abstract IReadOnlyList<Step> StepsFor(string state);

    /// <summary>What people see of the run, derived from its state.</summary>
    public abstract void Describe(Run run);

    /// <summary>A person turned down what the run is for: what it did is taken back, the last step first.</summary>
    public virtual void Reject(Run run, string why, DateTimeOffset at) => run.TurnBack(why);

    /// <summary>Another run whose page shows this one as well, such as the hand-off of a change; null for none.</summary>
    public virtual Guid? ShownWith(string state) => null;

    /// <summary>Names of the state's fields that "edit and retry" may change, with the label that people know them by.</summary>
    public abstract IReadOnlyDictionary<string, string> EditableFields { get; }
}

/// <summary>A workflow whose runs carry a state record of type <typeparamref name="TState"/>.</summary>
public abstract class Workflow<TState> : Workflow
    where TState : class
{
    // A step asks for the same state five times over. State records never change, so the text that they were read from or written to stands for them.
    private readonly ConditionalWeakTable<string, TState> known = [];

    public sealed override IReadOnlyList<Step> StepsFor(string state) => [.. Steps(Read(state))];

    public sealed override void Describe(Run run) => Describe(run, Read(run.State));

    protected abstract IEnumerable<Step> Steps(TState state);

    protected abstract void Describe(Run run, TState state);

    public string Write(TState state)
    {
        var written = JsonSerializer.Serialize(state, MappingSets.Json);
        known.AddOrUpdate(written, state);
        return written;
    }

    public TState Read(string state) => known.GetValue(
        state, text => JsonSerializer.Deserialize<TState>(text, MappingSets.Json) ?? throw new InvalidDataException("A run has lost its state."));

    /// <summary>A step whose action works on the state record.</summary>
    protected Step Step(
        string key, StepKind kind, string title, string? systemName, Func<StepCall, TState, CancellationToken, Task<StepOutcome<TState>>> act) =>
        new(key, kind, title, systemName, async (call, state, cancellationToken) => (await act(call, Read(state), cancellationToken)).Erased(Write));
}

/// <summary>One step of a definition.</summary>
/// <param name="Key">Suffix of the operation key, unique in the run.</param>
/// <param name="Title">A plain sentence, such as "ERP project is billable".</param>
/// <param name="SystemName">The outside system it talks to, if any.</param>
/// <param name="Act">Does it; must be safe to repeat when <see cref="StepCall.InDoubt"/> says so.</param>
public sealed record Step(string Key, StepKind Kind, string Title, string? SystemName, Func<StepCall, string, CancellationToken, Task<StepOutcome>> Act)
{
    /// <summary>Takes back what the step did; must be safe to repeat. Null when there is nothing to take back.</summary>
    public Func<string, string, CancellationToken, Task>? Undo { get; init; }

    /// <summary>For a Verify step: the key of the step that "edit and retry" does again before verifying.</summary>
    public string? Redoes { get; init; }
}

/// <summary>What a step may know about its own past.</summary>
/// <param name="OperationKey">The deterministic key that goes into the target.</param>
/// <param name="InDoubt">An earlier attempt may have reached the target: look up by key before sending.</param>
/// <param name="ExternalId">The target's id, when an earlier attempt got it.</param>
public sealed record StepCall(Run Run, string OperationKey, bool InDoubt, string? ExternalId);
