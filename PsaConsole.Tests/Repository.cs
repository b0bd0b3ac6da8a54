namespace PsaConsole.Tests;

/// <summary>The folder that the tests were built in.</summary>
internal static class Repository
{
    /// <summary>Where PsaConsole.sln stands.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder) => folder switch
    {
        null => throw new InvalidOperationException($"No PsaConsole.sln above {AppContext.BaseDirectory}: run the tests where they were built."),
        _ when File.Exists(Path.Combine(folder.FullName, "PsaConsole.sln")) => folder.FullName,
        _ => Find(folder.Parent),
    };
}
