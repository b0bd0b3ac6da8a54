using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PsaConsole.Engine.Access;

/// <summary>
/// What somebody may look at beyond their scope's records: rates (9-access 9.1, "see bill rates / cost rates"), and the values in what systems were asked and answered.
/// What may not be seen is masked, its name stays: who asks for help can say what is hidden.
/// </summary>
/// <param name="BillRates">What the client pays for an hour.</param>
/// <param name="CostRates">What an hour costs the firm.</param>
/// <param name="Payloads">The values in requests and answers, which may be about persons: those who settle cases see them, those who only read do not.</param>
public sealed partial record Sight(bool BillRates, bool CostRates, bool Payloads)
{
    /// <summary>Stands for a value that is not shown.</summary>
    public const string Mask = "•••";

    /// <summary>Values that say what went wrong, and nothing about anybody.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase) { "code", "errorCode", "o:errorCode", "status", "type", "title" };

    /// <summary>Everything, as the engine itself sees it.</summary>
    public static Sight Whole { get; } = new(true, true, true);

    /// <summary>Everything but rates: what may be searched by everybody who may search payloads.</summary>
    public static Sight WithoutRates { get; } = new(false, false, true);

    /// <summary>What a person sees anywhere: by the widest of their roles.</summary>
    public static Sight Of(Actor actor) => new(
        Reaches(actor, Right.SeeRates, Extent.All, Extent.Read, Extent.BillRates, Extent.OwnBillRates),
        Reaches(actor, Right.SeeRates, Extent.All, Extent.Read),
        Reaches(actor, Right.SettleExceptions, Extent.All));

    /// <summary>A value by its name, as it may be shown.</summary>
    public string? Show(string name, string? value) => value is not null && Hides(name) && (IsNumber(value) || Several().IsMatch(name)) ? Mask : value;

    /// <summary>The text of a request or an answer, as it may be shown: JSON keeps its names, and of anything else nothing is left where values are hidden.</summary>
    public string? Show(string? payload)
    {
        if (payload is null || this == Whole)
        {
            return payload;
        }

        if (Parsed(payload) is { } node)
        {
            return Masked(null, node)?.ToJsonString();
        }

        // Cut JSON, XML, words: a rate's name is still followed by its value.
        return Payloads
            ? RateInText().Replace(payload, match => Hides(match.Groups["name"].Value) ? match.Groups["before"].Value + Mask : match.Value)
            : string.Create(CultureInfo.InvariantCulture, $"{Mask} ({payload.Length} characters)");
    }

    private JsonNode? Masked(string? name, JsonNode? node) => node switch
    {
        JsonObject values => new JsonObject(values.Select(value => KeyValuePair.Create(value.Key, Masked(value.Key, value.Value)))),
        JsonArray items => new JsonArray([.. items.Select(item => Masked(name, item))]),
        JsonValue value when !Payloads && !(name is not null && Harmless.Contains(name)) => JsonValue.Create(Mask),
        JsonValue value when name is not null && Hides(name) && IsNumber(value.ToString()) => JsonValue.Create(Mask),
        null => null,
        _ => node.DeepClone(),
    };

    private bool Hides(string name) => CostName().IsMatch(name) ? !CostRates : !BillRates && BillName().IsMatch(name);

    private static bool IsNumber(string value) => NumberForm().IsMatch(value);

    private static bool Reaches(Actor actor, Right right, params Extent[] extents) => actor.Roles.Any(role => extents.Contains(RightsMatrix.Of(right, role)));

    private static JsonNode? Parsed(string payload)
    {
        try
        {
            return payload.AsSpan().TrimStart() is ['{' or '[', ..] ? JsonNode.Parse(payload) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // An exchange rate is no secret; a rate card and a cost centre are names.
    [GeneratedRegex("(?<!exchange.?)rate", RegexOptions.IgnoreCase)]
    private static partial Regex BillName();

    // A list of rates is words and numbers.
    [GeneratedRegex("(rates|costs)$", RegexOptions.IgnoreCase)]
    private static partial Regex Several();

    [GeneratedRegex("cost(?!.?cent)", RegexOptions.IgnoreCase)]
    private static partial Regex CostName();

    [GeneratedRegex(@"^\s*([A-Z]{3}\s*)?[-+]?[\d][\d.,' ]*(\s*[A-Z]{3}|\s*/\s*h)?\s*$")]
    private static partial Regex NumberForm();

    [GeneratedRegex("""(?<before>"?(?<name>[A-Za-z_.:]*(rate|cost)[A-Za-z_.:]*)"?\s*[:=>]\s*"?)[-+]?\d[\d.,]*""", RegexOptions.IgnoreCase)]
    private static partial Regex RateInText();
}
