using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PsaConsole.Engine.Access;

namespace PsaConsole.Engine.Exceptions;

/// <summary>The words of the call behind a case: method and path, the vendor's code, and the answer. Rates are left out, since not all who search see them.</summary>
public static partial class CasePayload
{
    public const int Longest = 4000;

    private static readonly string[] Parts = ["call", "status", "vendorCode", "answer"];

    /// <param name="stepDetail">What a step noted, as JSON; null when it noted nothing.</param>
    /// <returns>Null when no call failed.</returns>
    public static string? Of(string? stepDetail)
    {
        if (stepDetail is null || JsonNode.Parse(stepDetail) is not JsonObject detail)
        {
            return null;
        }

        var text = string.Join('\n', Parts.Select(part => detail[part]?.ToString()).OfType<string>().Select(part => Sight.WithoutRates.Show(part)));
        // A path is one word to PostgreSQL, and people look for the number at its end.
        text = Between().Replace(text, " ").Trim();
        return text.Length == 0 ? null : text.Length <= Longest ? text : text[..Longest];
    }

    /// <summary>The words of a text: what is looked for is cut as what is searched.</summary>
    internal static IEnumerable<string> Words(string text) => Between().Split(text).Where(word => word.Length > 0);

    [GeneratedRegex(@"[^\p{L}\p{N}\-_.@]+")]
    private static partial Regex Between();
}
