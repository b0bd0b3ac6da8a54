using PsaConsole.Engine.Access;

namespace PsaConsole.Web.Components.Shared;

/// <summary>One field as it should be and as the target holds it. An absent value is one that the system does not have.</summary>
public sealed record ComparedField(string Name, string? Expected, string? Actual)
{
    /// <summary>As a reader may see it; what is masked on both sides still says whether it differs.</summary>
    public static ComparedField Of(string name, string? expected, string? actual, Sight sight) => sight.Show(name, expected) is var wanted && sight.Show(name, actual) is var found && wanted == found && expected != actual
        ? new(name, wanted, $"{found}, another")
        : new(name, wanted, found);

    public bool Differs => !string.Equals(Expected, Actual, StringComparison.Ordinal);
}
