namespace PsaConsole.Engine.Workflows;

/// <summary>Every workflow by its name.</summary>
public sealed class WorkflowList(IEnumerable<Workflow> workflows)
{
    private readonly Dictionary<string, Workflow> byName = workflows.ToDictionary(workflow => workflow.Name, StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">The run belongs to a workflow that this version of the product does not have.</exception>
    public Workflow Of(Run run) => byName.TryGetValue(run.Workflow, out var workflow)
        ? workflow
        : throw new InvalidOperationException($"Run {run.Id} belongs to the workflow {run.Workflow}, which this version does not have.");
}
