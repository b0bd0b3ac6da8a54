namespace PsaConsole.Web.Components.Shared;

/// <summary>The engine's names as people read them.</summary>
public static class Words
{
    /// <summary>A name in words: IntegrationAdministration is "Integration administration".</summary>
    public static string Of(string name) => string.Concat(name.Select((letter, index) =>
        index > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : letter.ToString()));
}
