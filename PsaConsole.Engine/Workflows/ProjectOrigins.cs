using System.Text.Json;
using PsaConsole.Engine.Mapping;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Workflows;

/// <summary>Why a value of a project is what it is (design/architecture.md, promise 4).</summary>
/// <param name="Field">As the outcome contract names it.</param>
/// <param name="Value">The value, computed anew from its source as the read-back is compared with it.</param>
/// <param name="Source">Which record of which system, and which field of it: "salesforce opportunity 006…, CurrencyIsoCode".</param>
/// <param name="Rule">What made the value of it: a mapping set with its version, a finance pack, or a rule of the hub.</param>
/// <param name="CorrectedAs">Set where a person entered it with "edit and retry", and it wins over the source: the label that the correction has there.</param>
public sealed record ProjectOrigin(string Field, string Value, string Source, string Rule, string? CorrectedAs)
{
    public bool Corrected => CorrectedAs is not null;
}

/// <summary>
/// Explains the values that PSA and ERP hold of a project: each from the deal, the client or a rule of the hub that it was written from. The explanation is computed
/// by the same functions as what was written, so that it can't say one thing where the systems hold another. Pure.
/// </summary>
public static partial class ProjectOrigins
{
    private static readonly Dictionary<string, Origin> Known = new(StringComparer.Ordinal)
    {
        ["Legal entity"] = Deal("sellingEntity", "selling entity of the deal, or the one that rules find (PL05)"),
        ["Project number"] = Hub("series of the legal entity, drawn once"),
        ["Cost centre"] = Deal("serviceLine", "finance pack of the legal entity: service line to cost centre"),
        ["Project manager"] = Deal("projectManager", null),
        ["Currency"] = Deal("currency", null),
        ["Start date"] = Deal("plannedStart", null),
        ["End date"] = Deal("plannedEnd", null),
        ["Billing rule"] = Deal("billingType", null),
        ["Contract value"] = Deal("amount", "contract lines of the legal entity, largest remainder (PL04)"),
        ["Contract number"] = Deal("contract.number", null),
        ["Tax code"] = Deal("billingType", "finance pack of the legal entity: place and registration of the client, kind of billing (PL10)"),
        ["Payment terms"] = Client("paymentTerms"),
        ["Invoice delivery"] = Client("invoiceDelivery"),
        ["Revenue recognition method"] = Deal("billingType", "mapping set hub.accounting"),
        ["Purchase order"] = Deal("purchaseOrder", null),
        ["Rate card"] = Deal("rateCard", null),
        ["Not to exceed"] = Deal("notToExceed", "contract lines of the legal entity"),
        ["Billing schedule"] = Deal("schedule", "entries of the legal entity's share, which add up to its value"),
        ["Billing frequency"] = Deal("invoiceFrequency", null),
    };

    /// <param name="sets">The versions of mapping sets with which the deal was read.</param>
    public static IReadOnlyList<ProjectOrigin> Of(HandOff state, HandOffPart part, IReadOnlyList<MappingSet> sets)
    {
        var project = OpportunityToProject.Project(state, part, state.ErpClientId, open: false);
        var rules = Rules(sets);
        return
        [
            .. from attribute in OutcomeContract.Attributes
               where attribute.Applies(project) && Known.ContainsKey(attribute.Label)
               let value = attribute.Value(project)
               where value is not null
               select Explained(attribute.Label, value, Known[attribute.Label], state, rules),
        ];
    }

    private static Dictionary<string, (MappingStamp Stamp, List<MappingRule> Rules)> Rules(IReadOnlyList<MappingSet> sets) =>
        sets.ToDictionary(set => set.Name, set => (set.Stamp, Rules: JsonSerializer.Deserialize<List<MappingRule>>(set.Rules, MappingSets.Json)!));

    private static ProjectOrigin Explained(string field, string value, Origin origin, HandOff state, Dictionary<string, (MappingStamp Stamp, List<MappingRule> Rules)> rules)
    {
        if (origin.Record is null)
        {
            return new ProjectOrigin(field, value, "The hub", origin.Rule!, null);
        }

        var id = origin.Record == "client" ? state.Deal.ClientId : state.OpportunityId;
        var set = $"{state.CrmName}.{origin.Record}.read";
        var (read, path) = rules.TryGetValue(set, out var known) ? ($"mapping set {known.Stamp.Set} version {known.Stamp.Version}", SourceOf(known.Rules, origin.Path!)) : ($"mapping set {set}", null);
        var corrected = IsCorrected(state.Corrections, origin.Path!);
        return new ProjectOrigin(
            field, value,
            corrected ? "Entered by a person with edit and retry" : $"{state.CrmName} {origin.Record} {id}, {path ?? origin.Path}",
            origin.Rule is { } rule ? $"{rule}; read with {read}" : $"as it is; read with {read}",
            corrected ? OpportunityToProject.Corrections[$"corrections.{origin.Path}"] : null);
    }

    /// <summary>The vendor's field; of a list its own, since its elements have a set for themselves.</summary>
    private static string? SourceOf(List<MappingRule> rules, string path) =>
        rules.Find(rule => rule.Target == path && rule.Source is not null)?.Source ?? rules.Find(rule => rule.Target == path.Split('.')[0] && rule.Source is not null)?.Source;

    private static bool IsCorrected(DealCorrections corrections, string path) => path switch
    {
        "projectManager" => corrections.ProjectManager is not null,
        "purchaseOrder" => corrections.PurchaseOrder is not null,
        "serviceLine" => corrections.ServiceLine is not null,
        "sellingEntity" => corrections.SellingEntity is not null,
        "invoiceFrequency" => corrections.InvoiceFrequency is not null,
        "plannedStart" => corrections.PlannedStart is not null,
        "plannedEnd" => corrections.PlannedEnd is not null,
        _ => false,
    };

    private static Origin Deal(string path, string? rule) => new("opportunity", path, rule);

    private static Origin Client(string path) => new("client", path, null);

    private static Origin Hub(string rule) => new(null, null, rule);

    /// <summary>Where a field comes from: a canonical path of a record, and what is made of it.</summary>
    private sealed record Origin(string? Record, string? Path, string? Rule);
}
