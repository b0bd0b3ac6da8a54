namespace PsaConsole.Engine.Exceptions;

/// <summary>What somebody asks to be done to a case.</summary>
/// <param name="Text">Why; for a comment the comment.</param>
public sealed record CaseRequest(CaseAction Action, string? Text)
{
    /// <summary>Whom it is given to; empty gives it back to its team.</summary>
    public string? Assignee { get; init; }

    /// <summary>How long it is put off; null wakes it.</summary>
    public Snooze? Snooze { get; init; }

    /// <summary>The last day on which what it found is let pass.</summary>
    public DateOnly? Until { get; init; }
}
