using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Finance;

/// <summary>
/// The packs of all legal entities: those that come with the product, and over them those of the folder Engine:PacksFolder, with the unions and the forms of tax registrations that they refer to. Read and checked once, when the
/// engine starts; adding a legal entity is one file.
/// </summary>
public sealed class EntityPacks
{
    private const string Shipped = ".Finance.Packs.";
    private const string RegionsFile = "regions.json";
    private const string RegistrationsFile = "registrations.json";

    private static readonly JsonSerializerOptions Strict = new(MappingSets.Json) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private readonly Dictionary<string, EntityPack> packs = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">A pack can't be read, contradicts itself, or fails one of its examples; the message names the file.</exception>
    public EntityPacks(IOptions<EngineOptions> options)
        : this(ShippedFiles().Concat(FilesOf(options.Value.PacksFolder)))
    {
    }

    /// <param name="files">Name and JSON text of each; a later pack of the same legal entity takes the place of an earlier one.</param>
    internal EntityPacks(IEnumerable<(string Name, string Text)> files)
    {
        var all = files.ToList();
        Regions = all.Where(file => file.Name == RegionsFile)
            .SelectMany(file => Read<Dictionary<string, string[]>>(file.Name, file.Text))
            .GroupBy(region => region.Key, StringComparer.Ordinal)
            .ToDictionary(region => region.Key, region => (IReadOnlySet<string>)region.Last().Value.ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        Registrations = Forms(all.Where(file => file.Name == RegistrationsFile));
        foreach (var (name, text) in all.Where(file => file.Name is not (RegionsFile or RegistrationsFile)))
        {
            var pack = Read<EntityPack>(name, text);
            var problems = PackCheck.Problems(pack, Regions).ToList();
            packs[pack.LegalEntity] = problems.Count == 0 ? pack : throw new InvalidDataException($"Pack {name} is not used: {string.Join(" ", problems)}");
        }
    }

    /// <summary>Unions by name with their member countries.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Regions { get; }

    /// <summary>The forms of tax registrations by country.</summary>
    public TaxRegistrations Registrations { get; }

    public IReadOnlyCollection<EntityPack> All => packs.Values;

    /// <summary>The pack of a legal entity; null when there is none.</summary>
    public EntityPack? Find(string legalEntity) => packs.GetValueOrDefault(legalEntity);

    /// <exception cref="MappingException">The legal entity has no pack: raised as GOV-952.</exception>
    public EntityPack Of(string legalEntity) => Find(legalEntity) ?? throw new MappingException([new MappingGap("finance packs", "pack", "legalEntity", legalEntity)]);

    /// <exception cref="MappingException">The entity's pack has no cost centre for the service line.</exception>
    public string CostCenter(string legalEntity, string? serviceLine) => serviceLine is not null && Of(legalEntity).CostCenters.TryGetValue(serviceLine, out var center)
        ? center
        : throw new MappingException([new MappingGap($"finance pack {legalEntity}", "costCenters", "serviceLine", serviceLine)]);

    /// <summary>The tax code of a client's bills from the entity, or the finding that says why there is none.</summary>
    public (string? TaxCode, Finding? Finding) TaxCode(BillingType billing, string legalEntity, Client client, DateOnly date) => Find(legalEntity) is { } pack
        ? TaxPolicy.Determine(pack, Regions, billing, client.Country, client.TaxRegistration is not null, date, client.LegalName)
        : (null, new Finding("PL10", "BIL-605", client.LegalName, $"Legal entity {legalEntity} has no finance pack, so its tax codes are not known. Add one.") { Field = "Tax code", Expected = "a tax code" });

    /// <summary>The packs that come with the product.</summary>
    public static IEnumerable<(string Name, string Text)> ShippedFiles()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.Contains(Shipped, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[(resource.IndexOf(Shipped, StringComparison.Ordinal) + Shipped.Length)..], reader.ReadToEnd());
        }
    }

    private static IEnumerable<(string Name, string Text)> FilesOf(string? folder) => folder is null
        ? []
        : Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllText(file)));

    private static TaxRegistrations Forms(IEnumerable<(string Name, string Text)> files)
    {
        try
        {
            return new TaxRegistrations(files.SelectMany(file => Read<Dictionary<string, string>>(file.Name, file.Text)));
        }
        catch (ArgumentException problem)
        {
            throw new InvalidDataException($"{RegistrationsFile} is not used: {problem.Message}", problem);
        }
    }

    private static T Read<T>(string name, string text)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Strict) ?? throw new InvalidDataException($"Pack {name} is empty.");
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"Pack {name} can't be read: {problem.Message}", problem);
        }
    }
}
