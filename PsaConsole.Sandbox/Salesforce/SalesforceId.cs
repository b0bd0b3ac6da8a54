namespace PsaConsole.Sandbox.Salesforce;

/// <summary>Record ids: three characters for the object, twelve for the record, three to make them safe in any letter case.</summary>
internal static class SalesforceId
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string CheckDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    private const int ShortLength = 15;

    /// <summary>The 18-character id of the n-th record of an object.</summary>
    public static string New(string prefix, long sequence)
    {
        Span<char> id = stackalloc char[ShortLength];
        id.Fill('0');
        prefix.CopyTo(id);
        for (var place = ShortLength - 1; sequence > 0; place--)
        {
            id[place] = Digits[(int)(sequence % Digits.Length)];
            sequence /= Digits.Length;
        }

        return string.Concat(id, Check(id));
    }

    /// <summary>The 18-character form of a 15- or 18-character id; null when the text is no id.</summary>
    public static string? Normalise(string id) => id.Length switch
    {
        ShortLength when IsPlain(id) => id + Check(id),
        ShortLength + 3 when IsPlain(id) => id,
        _ => null,
    };

    private static bool IsPlain(string id) => id.All(char.IsAsciiLetterOrDigit);

    /// <summary>One character for each five: which of them are capitals, as bits.</summary>
    private static string Check(ReadOnlySpan<char> id)
    {
        Span<char> check = stackalloc char[3];
        for (var chunk = 0; chunk < 3; chunk++)
        {
            var bits = 0;
            for (var place = 0; place < 5; place++)
            {
                bits |= char.IsAsciiLetterUpper(id[chunk * 5 + place]) ? 1 << place : 0;
            }

            check[chunk] = CheckDigits[bits];
        }

        return check.ToString();
    }
}
