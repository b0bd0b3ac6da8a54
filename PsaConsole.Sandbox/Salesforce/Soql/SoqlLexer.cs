using System.Text;

namespace PsaConsole.Sandbox.Salesforce.Soql;

internal enum TokenKind
{
    Word,
    Text,
    Number,
    Symbol,
    End,
}

/// <summary>A piece of a query: a word (names, keywords, dates), quoted text, a number, or a symbol.</summary>
internal readonly record struct Token(TokenKind Kind, string Text)
{
    public bool Is(string word) => Kind is TokenKind.Word or TokenKind.Symbol && Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}

internal static class SoqlLexer
{
    public static List<Token> Read(string query)
    {
        var tokens = new List<Token>();
        var at = 0;
        while (at < query.Length)
        {
            var letter = query[at];
            if (char.IsWhiteSpace(letter))
            {
                at++;
            }
            else if (letter == '\'')
            {
                tokens.Add(Quoted(query, ref at));
            }
            else if (char.IsLetter(letter) || letter == '_')
            {
                tokens.Add(new Token(TokenKind.Word, While(query, ref at, next => char.IsLetterOrDigit(next) || next is '_' or '.' or ':')));
            }
            else if (char.IsDigit(letter) || (letter is '-' or '+' && at + 1 < query.Length && char.IsDigit(query[at + 1])))
            {
                at++;
                tokens.Add(new Token(TokenKind.Number, letter + While(query, ref at, next => char.IsLetterOrDigit(next) || next is '.' or '-' or ':' or '+')));
            }
            else
            {
                tokens.Add(Symbol(query, ref at));
            }
        }

        tokens.Add(new Token(TokenKind.End, "<EOF>"));
        return tokens;
    }

    private static string While(string query, ref int at, Func<char, bool> belongs)
    {
        var start = at;
        while (at < query.Length && belongs(query[at]))
        {
            at++;
        }

        return query[start..at];
    }

    private static Token Symbol(string query, ref int at)
    {
        string[] symbols = ["!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ","];
        foreach (var symbol in symbols)
        {
            if (query.AsSpan(at).StartsWith(symbol, StringComparison.Ordinal))
            {
                at += symbol.Length;
                return new Token(TokenKind.Symbol, symbol);
            }
        }

        throw SalesforceRefusal.Query("MALFORMED_QUERY", $"line 1:{at} no viable alternative at character '{query[at]}'");
    }

    private static Token Quoted(string query, ref int at)
    {
        var text = new StringBuilder();
        for (at++; at < query.Length && query[at] != '\''; at++)
        {
            if (query[at] != '\\' || at + 1 == query.Length)
            {
                text.Append(query[at]);
                continue;
            }

            at++;
            text.Append(query[at] switch
            {
                'n' => "\n",
                'r' => "\r",
                't' => "\t",
                'b' => "\b",
                'f' => "\f",
                // LIKE needs to tell an escaped wildcard from a plain one.
                '_' or '%' => "\\" + query[at],
                var plain and ('\'' or '"' or '\\') => plain.ToString(),
                var other => throw SalesforceRefusal.Query("MALFORMED_QUERY", $"Illegal escape sequence '\\{other}'"),
            });
        }

        if (at >= query.Length)
        {
            throw SalesforceRefusal.Query("MALFORMED_QUERY", "unterminated string literal");
        }

        at++;
        return new Token(TokenKind.Text, text.ToString());
    }
}
