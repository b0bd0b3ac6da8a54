namespace PsaConsole.Sandbox.Salesforce.Soql;

/// <summary>The LIKE of a query: % stands for any characters, _ for one, \% and \_ for themselves; any letter case.</summary>
internal static class Like
{
    public static bool Matches(string text, string pattern)
    {
        var (at, place, star, starText) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            var escaped = place + 1 < pattern.Length && pattern[place] == '\\' && pattern[place + 1] is '%' or '_';
            if (!escaped && place < pattern.Length && pattern[place] == '%')
            {
                (star, starText) = (place++, at);
            }
            else if (place < pattern.Length && ((!escaped && pattern[place] == '_') || Same(text[at], pattern[escaped ? place + 1 : place])))
            {
                place += escaped ? 2 : 1;
                at++;
            }
            else if (star >= 0)
            {
                (place, at) = (star + 1, ++starText);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(place).TrimStart('%').IsEmpty;
    }

    private static bool Same(char one, char other) => char.ToUpperInvariant(one) == char.ToUpperInvariant(other);
}
