using System.Security.Cryptography;
using System.Text;

namespace PsaConsole.Engine.Connectors.NetSuite;

/// <summary>Our keys as NetSuite's external ids, which hold letters, digits, _ and - only (a pipe breaks the address). Two keys never share an external id.</summary>
internal static class ExternalKey
{
    private const int Longest = 80;

    // A key that is fit as it is has no double hyphen, and a made one always does: neither can be the other.
    private const string Mark = "--";

    public static string Of(string key)
    {
        if (key.Length is > 0 and <= Longest && key.All(IsFit) && !key.Contains(Mark, StringComparison.Ordinal))
        {
            return key;
        }

        var readable = new string([.. key.Take(Longest).Select(character => IsFit(character) ? character : '-')]);
        return readable + Mark + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 12));
    }

    private static bool IsFit(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '-';
}
