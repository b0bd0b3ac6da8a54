namespace PsaConsole.Engine.Staffing;

/// <summary>The data files that are shipped with the checks.</summary>
internal static class StaffingData
{
    private const string Folder = "PsaConsole.Engine.Staffing.Data.";

    public static IEnumerable<string> Names(string prefix) => typeof(StaffingData).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder + prefix, StringComparison.Ordinal)).Select(name => name[Folder.Length..]).Order(StringComparer.Ordinal);

    public static string Text(string name)
    {
        using var stream = typeof(StaffingData).Assembly.GetManifestResourceStream(Folder + name) ?? throw new InvalidOperationException($"The build has lost {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
