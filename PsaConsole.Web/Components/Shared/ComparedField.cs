namespace PsaConsole.Web.Components.Shared;

/// <summary>One field as it should be and as the target holds it. An absent value is one that the system does not have.</summary>
public sealed record ComparedField(string Name, string? Expected, string? Actual)
{
    public bool Differs => !string.Equals(Expected, Actual, StringComparison.Ordinal);
}
