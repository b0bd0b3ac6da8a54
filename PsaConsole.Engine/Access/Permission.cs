namespace PsaConsole.Engine.Access;

/// <summary>Whether somebody may do something; when not, the sentence that says why and who may.</summary>
public readonly record struct Permission(bool Allowed, string? Why)
{
    public static Permission Yes { get; } = new(true, null);

    /// <summary>The role that allows it, for the audit trail.</summary>
    public string? Role { get; init; }

    public static Permission No(string why) => new(false, why);
}

/// <summary>An action was refused: nothing was changed, and the refusal is in the audit trail.</summary>
public sealed class RefusedException(string message) : Exception(message);
