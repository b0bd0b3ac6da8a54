using PsaConsole.Engine.Model;
using PsaConsole.Web.Components.Pages.Engagements;
using PsaConsole.Web.Components.Shared;

namespace PsaConsole.Web.Components.Pages.People;

/// <summary>A person as a line of the list shows them.</summary>
/// <param name="State">How their latest run stands; null before the first.</param>
public sealed record PersonLine(string EmployeeId, string Name, string? Role, string? LegalEntity, PersonStanding Standing, (string Text, Tone Tone)? State, DateTimeOffset ChangedAt)
{
    public Guid Id { get; init; }

    /// <summary>How people call it.</summary>
    public static (string Text, Tone Tone) Words(PersonStanding standing) => standing switch
    {
        PersonStanding.Ahead => ("Starts later", Tone.Waiting),
        PersonStanding.Active => ("Employed", Tone.Good),
        PersonStanding.Leaving => ("Leaves", Tone.Waiting),
        PersonStanding.Left => ("Has left", Tone.Quiet),
        _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, "A person has no such standing."),
    };
}

/// <summary>A person across all systems: what each holds, and how far the latest change came.</summary>
public sealed record PersonView
{
    public required PersonLine Line { get; init; }
    public string? Email { get; init; }
    public required IReadOnlyList<Employment> Employments { get; init; }
    public required IReadOnlyList<PersonRecord> Records { get; init; }
    public required IReadOnlyList<TimelineStep> Steps { get; init; }
    public required IReadOnlyList<JourneyCase> Cases { get; init; }
    public Guid? RunId { get; init; }
}

/// <summary>What one system knows the person by.</summary>
public sealed record PersonRecord(string SystemName, string SystemRole, string Kind, string Id, DateTimeOffset? VerifiedAt);
