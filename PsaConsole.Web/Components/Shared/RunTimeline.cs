using PsaConsole.Engine.Access;
using PsaConsole.Engine.Workflows;

namespace PsaConsole.Web.Components.Shared;

/// <summary>Turns the steps of a run into lines of its timeline.</summary>
public static class RunTimeline
{
    public static IReadOnlyList<TimelineStep> Of(IEnumerable<RunStep> steps, DateTimeOffset? resumeAt, SystemCatalog systems, Sight sight, DateTimeOffset now) =>
        [.. steps.OrderBy(step => step.Position).Select(step => Line(step, resumeAt, systems, sight, now))];

    private static TimelineStep Line(RunStep step, DateTimeOffset? resumeAt, SystemCatalog systems, Sight sight, DateTimeOffset now)
    {
        var (state, tone) = Standings.Of(step.Status);
        var system = step.SystemName is { } name ? systems.Of(name) : null;
        return new TimelineStep
        {
            Title = step.Title,
            State = step.Kind is StepKind.Verify && step.Status is StepStatus.Done ? "Verified" : state,
            Tone = tone,
            Detail = DetailOf(step, resumeAt, now),
            SystemName = system?.Title,
            SystemRole = system?.Role,
            At = step.EndedAt ?? step.StartedAt,
            Took = step is { StartedAt: { } from, EndedAt: { } to } ? to - from : null,
            Attempts = step.Attempts,
            Fields = step.Status is StepStatus.Pending ? [] : StepDetail.Read(step.Detail, sight).Compared,
        };
    }

    private static string? DetailOf(RunStep step, DateTimeOffset? resumeAt, DateTimeOffset now) => step.Status switch
    {
        StepStatus.Retrying when resumeAt is { } at => $"{step.Message} Next attempt {Elapsed.Words(now - at)}.",
        StepStatus.Undone => "Taken back",
        StepStatus.Done when step.Message is null && step is { Kind: StepKind.Do, ExternalId: { } id } => $"Record {id}",
        _ => step.Message,
    };
}
