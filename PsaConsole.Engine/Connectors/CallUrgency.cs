namespace PsaConsole.Engine.Connectors;

/// <summary>
/// Whether what is being done now may use the reserve of a system's daily calls: postings, and what a person has asked to be tried again. It goes along with the
/// work through every connector, so that none of their roles has to pass it on.
/// </summary>
internal static class CallUrgency
{
    private static readonly AsyncLocal<bool> Current = new();

    public static bool IsUrgent => Current.Value;

    /// <summary>Holds from here on for what the calling method awaits; the caller of that method sees nothing of it.</summary>
    public static void Is(bool urgent) => Current.Value = urgent;
}
