using System.Text.RegularExpressions;
using PsaConsole.Engine.Model;
using PsaConsole.Engine.Policies;

namespace PsaConsole.Engine.Finance;

/// <summary>
/// The form of a client's tax registration by its country, as data beside the packs: reverse charge needs a valid number (8-localisation 8.4), and one that can't be
/// any is none. Whether the authority knows it is not asked.
/// </summary>
public sealed class TaxRegistrations
{
    private readonly Dictionary<string, Regex> forms;

    /// <param name="patterns">Country (ISO-3166 alpha-2) and regular expression of a whole number in capitals, without blanks, dots, dashes and strokes.</param>
    /// <exception cref="ArgumentException">An expression can't be read.</exception>
    public TaxRegistrations(IEnumerable<KeyValuePair<string, string>> patterns) =>
        forms = patterns.GroupBy(form => form.Key, StringComparer.Ordinal).ToDictionary(form => form.Key, form => new Regex($"^({form.Last().Value})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant), StringComparer.Ordinal);

    /// <summary>MST-103 when the number can't be one of the client's country; null when it can, when there is none, and for a country of which no form is known.</summary>
    public Finding? Check(Client client) =>
        client is { TaxRegistration: { } number, Country: { } country } && forms.TryGetValue(country, out var form) && !form.IsMatch(Plain(number))
            ? new Finding("PL10", "MST-103", client.LegalName, $"{number} can't be a tax registration of {country}, and the tax on {client.LegalName}'s bills depends on it. Correct it at the client in the CRM; the check then goes on by itself.")
            {
                Field = "Tax registration",
                Expected = $"a number of the form {form.ToString()[2..^2]}",
                Actual = number,
            }
            : null;

    /// <summary>The number without what people write between its parts: two spellings are one number.</summary>
    public static string Plain(string number) => string.Concat(number.Where(letter => letter is not (' ' or '.' or '-' or '/'))).ToUpperInvariant();
}
