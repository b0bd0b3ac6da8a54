using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace PsaConsole.Engine.Mapping;

/// <summary>
/// The active version of every mapping set, compiled once a version. Connectors translate with it; nothing else knows a vendor's field names.
/// </summary>
public sealed class MappingSets
{
    /// <summary>How rules and canonical records are written as JSON: camel case, enums as text, dates as yyyy-MM-dd.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly ConcurrentDictionary<string, CompiledSet> active = new(StringComparer.Ordinal);

    /// <summary>Makes a version the active one of its set.</summary>
    /// <exception cref="InvalidDataException">The rules are not of the form of <see cref="MappingRule"/>.</exception>
    public void Activate(MappingSet set)
    {
        try
        {
            var rules = JsonSerializer.Deserialize<List<MappingRule>>(set.Rules, Json) ?? [];
            active[set.Name] = new CompiledSet(set.Stamp, rules, Named);
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"Mapping set {set.Name} version {set.Version} can't be read: {problem.Message}", problem);
        }
    }

    /// <summary>The version of a set that is in force here; 0 when there is none.</summary>
    public int VersionOf(string set) => active.TryGetValue(set, out var compiled) ? compiled.Stamp.Version : 0;

    /// <summary>Maps a record; gaps are named in the result.</summary>
    /// <exception cref="MappingException">A value is not of the form that its rule converts.</exception>
    public Mapped Map(string set, JsonObject source) => Named(set).Map(source);

    /// <summary>A vendor's record as a canonical one.</summary>
    /// <exception cref="MappingException">A rule that must have a value found none.</exception>
    public T Read<T>(string set, JsonObject wire) =>
        Map(set, wire).Complete().Deserialize<T>(Json) ?? throw new InvalidDataException($"Mapping set {set} made nothing of the record.");

    /// <summary>A canonical record as the vendor's fields.</summary>
    /// <exception cref="MappingException">A rule that must have a value found none.</exception>
    public JsonObject Write<T>(string set, T record) =>
        Map(set, JsonSerializer.SerializeToNode(record, Json)!.AsObject()).Complete();

    /// <summary>What a set reads, so that a connector asks for these fields and no others: a new field is a new rule only.</summary>
    public SourcePaths SourcesOf(string set) => Named(set).Sources;

    /// <summary>What a set writes.</summary>
    public IReadOnlyList<string> TargetsOf(string set) => Named(set).Targets;

    /// <summary>The field that a set reads for a target.</summary>
    /// <exception cref="InvalidOperationException">No rule of the set reads a field for it.</exception>
    public string SourceOf(string set, string target) =>
        Named(set).SourceOf(target) ?? throw new InvalidOperationException($"Mapping set {set} has no rule that reads a field for {target}. Add one.");

    /// <summary>The active versions of a system's sets: what a step that talks to the system is stamped with.</summary>
    public IReadOnlyList<MappingStamp> StampsOf(string systemName) =>
        [.. active.Values.Select(set => set.Stamp).Where(stamp => stamp.Set.StartsWith(systemName + ".", StringComparison.Ordinal)).OrderBy(stamp => stamp.Set, StringComparer.Ordinal)];

    private CompiledSet Named(string name) => active.TryGetValue(name, out var set)
        ? set
        : throw new InvalidOperationException($"There is no mapping set \"{name}\".");
}

/// <summary>Paths that a mapping set reads: plain fields, and lists with the set that maps their elements.</summary>
public sealed record SourcePaths(IReadOnlyList<string> Fields, IReadOnlyList<(string Path, string Set)> Lists);
