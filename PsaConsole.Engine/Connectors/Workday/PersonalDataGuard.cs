using System.Text.Json.Nodes;
using PsaConsole.Engine.Mapping;

namespace PsaConsole.Engine.Connectors.Workday;

/// <summary>
/// Lets through what the mapping sets read, and nothing else: the allow-list of 9-access 9.5. Whatever else was sent is dropped here, before it is kept
/// anywhere; where that was something that must never be taken along, people are told that the report or the rights show too much.
/// </summary>
internal sealed class PersonalDataGuard(MappingSets mappings, DroppedFields dropped)
{
    /// <summary>Parts of names, in small letters and without separators, of what is never taken along. Any other unknown field is dropped in silence.</summary>
    private static readonly string[] Forbidden =
    [
        "reason", "comment", "leavetype", "timeofftype", "absencetype", "sick", "illness", "medical", "health", "disab", "matern", "patern", "parental", "pregnan", "nationalid", "socialsecurity", "passport", "birth", "gender",
        "marital", "religio", "ethnic", "race", "citizen", "nationality", "union", "salary", "compensation", "basepay", "payrate", "bonus", "wage", "bank", "iban", "account", "home", "address", "phone", "dependent", "emergency",
    ];

    /// <summary>A copy of the row with the fields that these sets read.</summary>
    /// <param name="resource">What the row is of, for people.</param>
    public JsonObject Pass(string resource, JsonObject row, params string[] sets)
    {
        var allowed = sets.SelectMany(set => mappings.SourcesOf(set).Fields.Concat(mappings.SourcesOf(set).Lists.Select(list => list.Path))).Select(path => path.Split('.')[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, value) in row.Where(pair => !allowed.Contains(pair.Key)))
        {
            if (value is not null && value.ToString().Length > 0)
            {
                Drop(resource, name);
            }
        }

        return new JsonObject(row.Where(pair => allowed.Contains(pair.Key)).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
    }

    /// <summary>Tells of a field that was sent, when it is one that must never be taken along.</summary>
    public void Drop(string resource, string name)
    {
        var plain = new string([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
        if (Forbidden.Any(part => plain.Contains(part, StringComparison.Ordinal)))
        {
            dropped.Add(new DroppedField(WorkdayHttp.System, resource, name));
        }
    }
}
