using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Connectors;

/// <summary>
/// Changes single fields of a project that stands (3-workflows 3h). Only what differs between two states is sent: whatever else people there have entered,
/// such as a project on hold or a completed milestone, stays.
/// </summary>
public interface IProjectChanges
{
    /// <summary>Name of the outside system.</summary>
    string SystemName { get; }

    /// <summary>The project with its dated amounts as the system holds them now; null when it is gone.</summary>
    Task<Engagement?> ReadAsync(string projectId, CancellationToken cancellationToken);

    /// <summary>Brings the project from one state to another. Repeatable: what is there already is not written again, and nothing is there twice.</summary>
    /// <param name="before">As <see cref="ReadAsync"/> answered it.</param>
    Task ChangeAsync(string projectId, Engagement before, Engagement after, CancellationToken cancellationToken);
}
