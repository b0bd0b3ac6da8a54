namespace PsaConsole.Engine.Store;

/// <summary>What a person typed, as a pattern of SQL's ILIKE: their % and _ mean themselves.</summary>
public static class SearchPattern
{
    /// <summary>Escapes in a pattern; ILike has none unless it is named.</summary>
    public const string Escape = @"\";

    public static string Containing(string text) => $"%{Exactly(text)}%";

    /// <summary>All of it and nothing else, in whatever case.</summary>
    public static string Exactly(string text) => text
        .Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("%", @"\%", StringComparison.Ordinal)
        .Replace("_", @"\_", StringComparison.Ordinal);
}
