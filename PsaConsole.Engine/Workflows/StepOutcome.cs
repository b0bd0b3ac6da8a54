using System.Text.Json.Nodes;
using PsaConsole.Engine.Approvals;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Workflows;

/// <summary>How a step ended, when nothing was thrown.</summary>
public enum StepResult
{
    Done,

    /// <summary>The business says no: every finding becomes a case, and the run parks.</summary>
    Refused,

    /// <summary>Something that others are about to do is missing: the findings become cases, and the step is tried again by itself.</summary>
    Waiting,

    /// <summary>There is nothing to do for this run: it ends here.</summary>
    Ended,

    /// <summary>Everything that was done is to be taken back.</summary>
    Compensate,
}

/// <summary>The outcome of a step, its new state already written.</summary>
public sealed record StepOutcome(StepResult Result, string? State)
{
    public string? ExternalId { get; init; }
    public string? Message { get; init; }
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>How long a waiting step rests before it is tried again.</summary>
    public TimeSpan? Rest { get; init; }

    /// <summary>Cases that do not stop the run, such as a role that nobody can fill yet (HND-005).</summary>
    public IReadOnlyList<Finding> Warnings { get; init; } = [];

    /// <summary>What people must approve before the step counts as done.</summary>
    public IReadOnlyList<ApprovalAsk> Asks { get; init; } = [];

    /// <summary>What was asked, expected and found: shown on the case and the journey.</summary>
    public JsonNode? Detail { get; init; }
}

/// <summary>The outcome of a step with the state record it leaves.</summary>
public sealed record StepOutcome<TState>(StepResult Result, TState State)
    where TState : class
{
    public string? ExternalId { get; init; }
    public string? Message { get; init; }
    public IReadOnlyList<Finding> Findings { get; init; } = [];
    public TimeSpan? Rest { get; init; }
    public IReadOnlyList<Finding> Warnings { get; init; } = [];
    public IReadOnlyList<ApprovalAsk> Asks { get; init; } = [];
    public JsonNode? Detail { get; init; }

    internal StepOutcome Erased(Func<TState, string> write) => new(Result, write(State))
    {
        ExternalId = ExternalId,
        Message = Message,
        Findings = Findings,
        Rest = Rest,
        Warnings = Warnings,
        Asks = Asks,
        Detail = Detail,
    };
}
