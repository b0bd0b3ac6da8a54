using System.Text;
using PsaConsole.Engine.Finance;
using PsaConsole.Engine.Model;

namespace PsaConsole.Engine.Policies;

/// <summary>A client that a system holds already, with what PL02 compares.</summary>
public sealed record ClientCandidate(string Id, string Name, string? TaxRegistration, string? Domain, string? Country);

/// <summary>
/// PL02: which of a system's clients is this one? Tax registration, then domain and country, then the very name, then a name at least 0.92 alike in the same country. The
/// first key that hits decides; more than one hit on it stops everything.
/// </summary>
public static class ClientMatching
{
    /// <summary>Likeness of names from which two clients of one country are taken for the same.</summary>
    public const double Alike = 0.92;

    /// <summary>One client twice.</summary>
    public const string Duplicate = "MST-102";

    private static readonly HashSet<string> LegalForms = new(StringComparer.Ordinal)
    {
        "inc", "llc", "ltd", "limited", "plc", "gmbh", "ag", "se", "kg", "sa", "sas", "sarl", "bv", "nv", "co", "corp", "corporation", "company", "kk", "oy", "ab", "as", "spa", "srl", "the",
    };

    /// <returns>The match, or the finding that says that there are several, or neither.</returns>
    public static (ClientCandidate? Match, Finding? Finding) Match(Client client, IReadOnlyList<ClientCandidate> candidates)
    {
        Func<ClientCandidate, bool>[] keys =
        [
            candidate => SameNumber(candidate.TaxRegistration, client.TaxRegistration) && Same(candidate.Country ?? client.Country, client.Country),
            candidate => client.Domain is not null && Same(candidate.Domain, client.Domain) && Same(candidate.Country, client.Country),
            candidate => Same(candidate.Country, client.Country) && Same(candidate.Name, client.LegalName),
            candidate => Same(candidate.Country, client.Country) && Likeness(candidate.Name, client.LegalName) >= Alike,
        ];
        foreach (var key in keys)
        {
            var hits = candidates.Where(key).DistinctBy(candidate => candidate.Id).ToList();
            if (hits.Count == 1)
            {
                return (hits[0], null);
            }

            if (hits.Count > 1)
            {
                var names = string.Join(", ", hits.Select(hit => $"{hit.Name} ({hit.Id})"));
                return (null, new Finding("PL02", "HND-001", client.LegalName, $"{client.LegalName} may be any of {hits.Count} clients: {names}. Merge them, or correct the tax number of the right one.")
                {
                    Field = "Client",
                    Expected = "one client",
                    Actual = names,
                });
            }
        }

        return (null, null);
    }

    /// <summary>
    /// Two accounts of the CRM come to one client. By the same tax number they are one: the work goes on with it, and somebody merges them (MST-102). By anything
    /// else it is not clear, and stops (HND-001).
    /// </summary>
    /// <param name="known">Name and tax number of the client that the other account is.</param>
    public static Finding Twins(Client client, string accountId, string known, string? knownRegistration, string otherAccountId)
    {
        var accounts = $"{otherAccountId}, {accountId}";
        return client.TaxRegistration is { } number && SameNumber(knownRegistration, number)
            ? new Finding("PL02", Duplicate, client.LegalName, $"The CRM has {known} twice: accounts {otherAccountId} and {accountId} have the tax registration {number}. Its project belongs to the client that is known already. Merge the accounts, or correct the number of the wrong one.") { Field = "Account", Expected = otherAccountId, Actual = accounts }
            : new Finding("PL02", "HND-001", client.LegalName, $"{client.LegalName} (account {accountId}) looks like {known}, which is account {otherAccountId} in the CRM. Merge the accounts, or give both their tax registration; then retry.") { Field = "Client", Expected = "one account", Actual = accounts };
    }

    /// <summary>Jaro-Winkler likeness of two names from 0 to 1, without case, punctuation and legal forms.</summary>
    public static double Likeness(string left, string right) => JaroWinkler(Bare(left), Bare(right));

    /// <summary>Whether both have a tax number and it is one.</summary>
    public static bool SameNumber(string? left, string? right) => left is not null && right is not null && TaxRegistrations.Plain(left) == TaxRegistrations.Plain(right);

    private static bool Same(string? left, string? right) => left is not null && string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string Bare(string name)
    {
        var text = new StringBuilder();
        foreach (var character in name.ToLowerInvariant())
        {
            text.Append(char.IsLetterOrDigit(character) ? character : ' ');
        }

        var words = text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var telling = words.Where(word => !LegalForms.Contains(word)).ToArray();
        return string.Join(' ', telling.Length > 0 ? telling : words);
    }

    private static double JaroWinkler(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return 0;
        }

        var reach = Math.Max(0, (Math.Max(left.Length, right.Length) / 2) - 1);
        var taken = new bool[right.Length];
        var matched = new List<char>();
        for (var i = 0; i < left.Length; i++)
        {
            for (var j = Math.Max(0, i - reach); j <= Math.Min(right.Length - 1, i + reach); j++)
            {
                if (!taken[j] && left[i] == right[j])
                {
                    taken[j] = true;
                    matched.Add(left[i]);
                    break;
                }
            }
        }

        if (matched.Count == 0)
        {
            return 0;
        }

        var others = right.Where((_, index) => taken[index]).ToList();
        var swaps = matched.Where((character, index) => character != others[index]).Count() / 2d;
        double count = matched.Count;
        var jaro = ((count / left.Length) + (count / right.Length) + ((count - swaps) / count)) / 3;
        var prefix = left.Zip(right).Take(4).TakeWhile(pair => pair.First == pair.Second).Count();
        return jaro + (prefix * 0.1 * (1 - jaro));
    }
}
