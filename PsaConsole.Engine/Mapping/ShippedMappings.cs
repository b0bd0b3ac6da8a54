
namespace PsaConsole.Engine.Mapping;

/// <summary>The mapping sets that come with the product: one JSON file each, in the folder of the connector that uses it.</summary>
public static class ShippedMappings
{
    private const string Folder = ".Mappings.";

    /// <summary>Name of the set and its rules as JSON. The file Connectors/X/Mappings/x.project.read.json holds the set x.project.read.</summary>
    public static IEnumerable<(string Name, string Rules)> All()
    {
        var assembly = typeof(ShippedMappings).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.Contains(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var file = resource[(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..];
            yield return (Path.GetFileNameWithoutExtension(file), reader.ReadToEnd());
        }
    }
}
