namespace PsaConsole.Engine.Access;

/// <summary>Whether somebody may do something; when not, the sentence that says why and who may.</summary>
public readonly record struct Permission(bool Allowed, string? Why)
{
    public static Permission Yes { get; } = new(true, null);

    /// <summary>The role that allows it, for the audit trail.</summary>
    public string? Role { get; init; }

    public static Permission No(string why) => new(false, why);
}

/// <summary>What kind of answer a refusal is, for callers that are programs.</summary>
public enum RefusedBecause
{
    /// <summary>What was asked lacks something, or makes no sense here.</summary>
    Request,

    /// <summary>The person may not.</summary>
    Right,

    /// <summary>What was decided on is not what it was any more.</summary>
    Stale,

    /// <summary>There is no such object.</summary>
    Missing,
}

/// <summary>An action was refused: nothing was changed, and the refusal is in the audit trail.</summary>
public sealed class RefusedException(string message, RefusedBecause because = RefusedBecause.Request) : Exception(message)
{
    public RefusedBecause Because { get; } = because;
}
