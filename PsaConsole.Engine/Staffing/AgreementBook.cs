using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace PsaConsole.Engine.Staffing;

/// <summary>What an administrator sets for the staffing checks; section "Staffing" of the configuration.</summary>
public sealed class StaffingOptions
{
    public const string Section = "Staffing";

    /// <summary>File with the organisation's intercompany agreements, in the form of the shipped one, instead of those; null for the shipped ones.</summary>
    public string? AgreementsFile { get; init; }

    /// <summary>File with lines of the outcome matrix that take the place of shipped ones; null for none.</summary>
    public string? OutcomesFile { get; init; }

    /// <summary>Folder with packs of labour rules that take the place of shipped ones of the same code; null for none.</summary>
    public string? LabourPacksFolder { get; init; }
}

/// <summary>Agreements, labour packs and outcome matrix as they are set; read and checked once, when the engine starts.</summary>
public sealed class AgreementBook
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <exception cref="InvalidDataException">A file can't be read, or a pack misses its own examples.</exception>
    public AgreementBook(IOptions<StaffingOptions> options)
    {
        Agreements = Read(options.Value.AgreementsFile is { } file ? File.ReadAllText(file) : StaffingData.Text("agreements.json"));
        Matrix = options.Value.OutcomesFile is { } outcomes ? OutcomeMatrix.Default.With(File.ReadAllText(outcomes)) : OutcomeMatrix.Default;
        var own = options.Value.LabourPacksFolder is { } folder ? Directory.EnumerateFiles(folder, "*.json").Select(path => LabourPacks.Parse(File.ReadAllText(path))).ToList() : [];
        LabourRules = [.. own, .. LabourPacks.Shipped.Where(pack => own.TrueForAll(item => item.Code != pack.Code))];
    }

    public IReadOnlyList<IntercompanyAgreement> Agreements { get; }

    public OutcomeMatrix Matrix { get; }

    public IReadOnlyList<LabourPack> LabourRules { get; }

    private static List<IntercompanyAgreement> Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<List<IntercompanyAgreement>>(json, Json) ?? [];
        }
        catch (JsonException unreadable)
        {
            throw new InvalidDataException($"The intercompany agreements can't be read: {unreadable.Message}", unreadable);
        }
    }
}
