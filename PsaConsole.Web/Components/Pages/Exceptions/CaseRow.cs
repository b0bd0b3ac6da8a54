using PsaConsole.Engine.Model;

namespace PsaConsole.Web.Components.Pages.Exceptions;

/// <summary>A case as a line of the list shows it.</summary>
public sealed record CaseRow
{
    public required long Id { get; init; }

    /// <summary>The kind's code, HND-008.</summary>
    public required string Code { get; init; }

    /// <summary>The kind in a few words: "ERP project lacks required attributes".</summary>
    public required string Kind { get; init; }

    /// <summary>What happened, as one plain sentence about this very object.</summary>
    public required string Sentence { get; init; }

    public required string Severity { get; init; }
    public required CaseStanding Standing { get; init; }

    /// <summary>What it is about: the deal's name.</summary>
    public required string Subject { get; init; }

    public string? Client { get; init; }
    public Money? AtRisk { get; init; }
    public required string OwnerGroup { get; init; }
    public string? AssignedTo { get; init; }
    public required DateTimeOffset RaisedAt { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public int Occurrences { get; init; }

    /// <summary>The settled case that it has come back from.</summary>
    public long? CameBackFrom { get; init; }
}

/// <summary>How a case stands, in the words and the tone it is shown with.</summary>
public sealed record CaseStanding(string Text, Shared.Tone Tone, bool IsOpen);

/// <summary>Open cases with one cause.</summary>
public sealed record CaseGroup(string Code, string Kind, int Count, IReadOnlyList<Money> AtRisk, DateTimeOffset Oldest, DateTimeOffset? FirstDue, DateTimeOffset First);
